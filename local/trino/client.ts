// Trino's HTTP protocol: a statement is posted, pages of its answer are followed. https://trino.io/docs/current/develop/client-protocol.html
import { setTimeout as delay } from 'node:timers/promises';
import { CATALOG } from './trino-process.ts';

/** A value as Trino's JSON has it: arrays and rows are nested, times and decimals are text. */
export type TrinoValue = string | number | boolean | null | readonly TrinoValue[] | { readonly [name: string]: TrinoValue };

/** An answer. */
export interface TrinoResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly TrinoValue[])[];
  /** Bytes that were read from files, as they lie there: what Athena would count. */
  readonly bytesRead: number;
  readonly elapsedMs: number;
}

/** A statement that Trino refused or that failed. */
export class TrinoError extends Error {
  /** Its name for the kind of error, such as `COLUMN_NOT_FOUND`; Athena shows the same. */
  readonly code: string;
  /** Place in the statement, from 1. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(code: string, message: string, place: { readonly line?: number | undefined; readonly column?: number | undefined } = {}) {
    super(`${code}: ${message}`);
    this.name = 'TrinoError';
    this.code = code;
    this.line = place.line;
    this.column = place.column;
  }
}

/** A statement and how it is run. */
export interface Statement {
  readonly sql: string;
  /** SQL literals for the `?` of the statement, in their order, as Athena's ExecutionParameters. */
  readonly parameters?: readonly string[] | undefined;
  readonly database: string;
  /** Ends the statement in Trino, too. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((state: string, share: number) => void) | undefined;
}

interface Page {
  readonly nextUri?: string;
  readonly columns?: readonly { readonly name: string; readonly type: string }[];
  readonly data?: readonly (readonly TrinoValue[])[];
  readonly stats?: {
    readonly state: string;
    readonly progressPercentage?: number;
    readonly physicalInputBytes?: number;
    readonly elapsedTimeMillis?: number;
  };
  readonly error?: {
    readonly message: string;
    readonly errorName: string;
    readonly errorLocation?: { readonly lineNumber: number; readonly columnNumber: number };
  };
}

const PATIENCE_MS = 600_000;
/** Tries of one request that is answered by 502, 503 or 504, which the protocol asks a client to repeat. */
const BUSY_TRIES = 50;

/** Runs a statement as Athena would take it: a trailing `;` is fine, `?` get their values. Throws TrinoError. */
export async function runStatement(url: string, statement: Statement): Promise<TrinoResult> {
  const { parameters = [], database, signal, onProgress } = statement;
  const sql = statement.sql.trim().replace(/;\s*$/, '');
  const text = parameters.length === 0 ? sql : `EXECUTE IMMEDIATE '${sql.replaceAll("'", "''")}' USING ${parameters.join(', ')}`;
  const headers = {
    'X-Trino-User': 'eks-telemetry',
    'X-Trino-Source': 'eks-telemetry',
    'X-Trino-Catalog': CATALOG,
    'X-Trino-Schema': database,
    'X-Trino-Time-Zone': 'UTC',
  };
  let page = await request(`${url}/v1/statement`, { method: 'POST', body: text, headers });
  const rows: (readonly TrinoValue[])[] = [];
  let columns: TrinoResult['columns'] = [];
  for (;;) {
    if (page.error) {
      const { message, errorName, errorLocation } = page.error;
      throw new TrinoError(errorName, message, { line: errorLocation?.lineNumber, column: errorLocation?.columnNumber });
    }
    if (page.columns) columns = page.columns;
    if (page.data) rows.push(...page.data);
    if (page.stats) onProgress?.(page.stats.state, (page.stats.progressPercentage ?? 0) / 100);
    if (page.nextUri === undefined) break;
    if (signal?.aborted) {
      await fetch(page.nextUri, { method: 'DELETE', headers });
      throw new TrinoError('USER_CANCELED', 'the query was stopped');
    }
    page = await request(page.nextUri, { method: 'GET', headers });
  }
  return { columns, rows, bytesRead: page.stats?.physicalInputBytes ?? 0, elapsedMs: page.stats?.elapsedTimeMillis ?? 0 };
}

async function request(url: string, init: RequestInit): Promise<Page> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.ok) return (await response.json()) as Page;
    if (response.status < 502 || response.status > 504 || attempt >= BUSY_TRIES)
      throw new Error(`Trino answered HTTP ${response.status}: ${(await response.text()).slice(0, 500)}`);
    await delay(50);
  }
}
