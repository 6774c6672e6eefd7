/** What one ingest is asked for, as JSON in the worker's first argument. */
export interface IngestTask {
  readonly sender: 'log-indexer' | 'client' | 'by-hand';
  /** The engine, such as `http://127.0.0.1:9201`. */
  readonly url: string;
  /** Files with base64 texts of payloads: the first `warmUps` of them are not measured. */
  readonly payloads: readonly string[];
  readonly warmUps: number;
  /** Size at which a body is sent. */
  readonly bodyBytes: number;
  /** Requests at once. log-indexer always has two. */
  readonly connections: number;
  /** Level 1; only log-indexer. */
  readonly gzip: boolean;
  /** Payloads per invocation; only log-indexer. */
  readonly batch: number;
  /** log-indexer's task root. */
  readonly root: string;
  /** Process of the engine, to read its CPU time. */
  readonly enginePid?: number;
}

/** What became of the documents of some payloads. */
export interface Sent {
  created: number;
  /** Anything else: refused, returned, there before. */
  other: number;
}

/** Sends payloads and resolves when the last answer is there. */
export type Sender = (payloads: readonly string[]) => Promise<Sent>;

/** What the worker answers, as JSON on stdout. */
export interface IngestResult extends Sent {
  readonly wallMs: number;
  /** CPU time of the sending process. */
  readonly cpuMs: number;
  /** CPU time of the engine meanwhile; 0 where it cannot be read. */
  readonly engineCpuMs: number;
  /** Largest resident set of the sending process, in MB. */
  readonly maxRssMb: number;
}
