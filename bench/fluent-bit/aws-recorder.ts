import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { gunzipSync } from 'node:zlib';

/** An event that an agent sent to CloudWatch Logs. */
export interface SentEvent {
  readonly group: string;
  readonly stream: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
  /** Number of the call that brought it. */
  readonly call: number;
}

/** A call of an AWS API, as it came in. */
export interface ApiCall {
  /** `X-Amz-Target` without its version, such as `PutLogEvents`; the path where there is none. */
  readonly action: string;
  readonly path: string;
  readonly body: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

/** An answer that a test gives in place of the usual one. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * As much of CloudWatch Logs, Kinesis and Firehose as an agent calls, over TLS on the loopback address: streams are refused until their group is there, events are
 * kept in their order. The certificate is made for the run: Kinesis' plugin verifies it whatever it is told.
 */
export class AwsRecorder {
  readonly events: SentEvent[] = [];
  readonly calls: ApiCall[] = [];
  readonly groups = new Map<string, number | undefined>();
  /** Answers instead of the service where it gives one: to throttle, to fail. */
  answer: ((call: ApiCall) => Answer | undefined) | undefined;
  /** Takes each event; by default they are kept in `events`. */
  take: (event: SentEvent) => void = (event) => {
    this.events.push(event);
  };
  /** Whether calls are kept in `calls`; a long run would fill the memory. */
  keepsCalls = true;
  readonly certificate: string;
  readonly key: string;
  #server: Server | undefined;
  #port = 0;
  #puts = 0;
  readonly #streams = new Set<string>();
  readonly #sockets = new Set<Duplex>();

  constructor(folder: string) {
    this.certificate = join(folder, 'certificate.pem');
    this.key = join(folder, 'key.pem');
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=127.0.0.1',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
      ].concat(['-keyout', this.key, '-out', this.certificate]),
      { stdio: 'ignore' },
    );
  }

  /** Listens on a port, by default any; resolves to it. */
  async start(port = 0): Promise<number> {
    const server = createServer({ key: readFileSync(this.key), cert: readFileSync(this.certificate) }, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const raw = Buffer.concat(parts);
        const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
        const target = request.headers['x-amz-target'];
        const path = request.url ?? '/';
        const action = typeof target === 'string' ? target.slice(target.indexOf('.') + 1) : path;
        const call: ApiCall = { action, path, body, headers: request.headers };
        if (this.keepsCalls) this.calls.push(call);
        const { status, body: text } = this.answer?.(call) ?? this.#answer(call);
        // Without an id of the request the plugin takes a 200 for a failure.
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': `r-${this.calls.length}` });
        response.end(text);
      });
    });
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    return this.#port;
  }

  /** Where it listens, or listened last. */
  get port(): number {
    return this.#port;
  }

  /** Stops listening and breaks what is open. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      // Also those in the middle of a handshake, which the server does not count as connections yet.
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #answer({ action, body, path }: ApiCall): Answer {
    const request = JSON.parse(body.startsWith('{') && action !== path ? body : '{}') as {
      readonly logGroupName?: string;
      readonly logStreamName?: string;
      readonly retentionInDays?: number;
      readonly logEvents?: readonly { readonly timestamp: number; readonly message: string }[];
      readonly Records?: readonly unknown[];
    };
    const group = request.logGroupName ?? '';
    const stream = request.logStreamName ?? '';
    const missing = refusal('ResourceNotFoundException', 'The specified log group does not exist.');
    switch (action) {
      case 'CreateLogGroup':
        if (this.groups.has(group)) return refusal('ResourceAlreadyExistsException', 'The specified log group already exists');
        this.groups.set(group, undefined);
        return OK;
      case 'PutRetentionPolicy':
        if (!this.groups.has(group)) return missing;
        this.groups.set(group, request.retentionInDays);
        return OK;
      case 'CreateLogStream':
        if (!this.groups.has(group)) return missing;
        if (this.#streams.has(`${group}\n${stream}`))
          return refusal('ResourceAlreadyExistsException', 'The specified log stream already exists');
        this.#streams.add(`${group}\n${stream}`);
        return OK;
      case 'PutLogEvents':
        if (!this.#streams.has(`${group}\n${stream}`)) return missing;
        this.#puts++;
        for (const { timestamp, message } of request.logEvents ?? []) this.take({ group, stream, timestamp, message, call: this.#puts });
        return OK;
      case 'PutRecords':
        return { status: 200, body: JSON.stringify({ FailedRecordCount: 0, Records: records(request.Records, 'SequenceNumber') }) };
      case 'PutRecordBatch':
        return { status: 200, body: JSON.stringify({ FailedPutCount: 0, RequestResponses: records(request.Records, 'RecordId') }) };
      default:
        return OK;
    }
  }
}

const OK: Answer = { status: 200, body: '{}' };

function records(sent: readonly unknown[] = [], name: string): object[] {
  return sent.map((_, index) => ({ [name]: String(index), ...(name === 'SequenceNumber' ? { ShardId: 'shardId-000000000000' } : {}) }));
}

function refusal(type: string, message: string): Answer {
  return { status: 400, body: JSON.stringify({ __type: type, message }) };
}
