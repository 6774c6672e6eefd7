/** Asks the child for one invocation. */
export interface InvokeMessage {
  readonly type: 'invoke';
  /** The event as JSON text: it is parsed in the child, as in Lambda. */
  readonly event: string;
  readonly requestId: string;
  readonly functionArn: string;
  /** The run's time, milliseconds since the epoch: the function's clock. */
  readonly nowMs: number;
  /** Milliseconds of machine time until the function's timeout. */
  readonly timeoutMs: number;
}

/** An error as Lambda hands it back. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What the child says. */
export type ChildMessage =
  | { readonly type: 'ready'; readonly initCpuMs: number }
  | { readonly type: 'init-failed'; readonly error: FunctionError }
  | { readonly type: 'log'; readonly text: string }
  | { readonly type: 'done'; readonly result?: string; readonly error?: FunctionError; readonly maxRssKb: number };
