import { createHash, createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ArchiveSets } from '../core/firehose/archive-sets.ts';
import { type InvocationReport, type RecordIn, transformRecords } from '../core/firehose/invocation.ts';
import { mark, openMark } from '../core/firehose/mark.ts';
import { plainBatch, plainLogGroup } from '../core/firehose/plain-batch.ts';
import {
  archiveMode,
  type MakeMark,
  type OpenedRecord,
  type PlanBatch,
  planRecord,
  type StreamRules,
  searchMode,
} from '../core/firehose/plan-record.ts';
import { MAX_BODY_BYTES } from '../core/firehose/record-plan.ts';
import type { Allocate, WriteUtf8 } from '../core/index/body-writer.ts';
import { transformBatch } from '../core/index/transform.ts';
import { type CompiledRules, compileRules } from '../core/rules/compile.ts';
import type { Rules } from '../core/rules/rules.ts';
import { sourceNameOf } from '../core/rules/source-of.ts';
import { credentialsFromEnvironment } from './aws-signature.ts';
import { createDeadLetterStore } from './dead-letter-store.ts';
import { createPutRecords } from './put-record-batch.ts';
import { createSecretStore } from './secret-store.ts';
import { createHttpClient } from './signed-http.ts';
import type { TransformSettings } from './transform-settings.ts';

/** What the entry brings: envelopes and rules are not a client's matter. */
export interface TransformerParts {
  readonly rules: Rules;
  readonly streams: StreamRules;
  readonly open: (data: Uint8Array, isOfLines: (logGroup: string, logStream: string) => boolean) => OpenedRecord;
  readonly write: WriteUtf8;
  readonly allocate: Allocate;
}

/** One invocation as the transformer sees it. */
export interface TransformInvocation {
  readonly stream: string;
  readonly nowMs: number;
  /** Time that Lambda leaves, in ms. */
  readonly remainingMs: () => number;
}

/** Answers the records of one invocation. */
export type Transformer = (records: readonly RecordIn[], invocation: TransformInvocation) => Promise<InvocationReport>;

type Environment = { readonly [name: string]: string | undefined };

/** Kept for the answer, in ms: encoding six megabytes takes a tenth of it. */
const RESERVE_MS = 3_000;
/** Less than this is not worth opening another record for, in ms. */
const MIN_WORK_MS = 5_000;
/** Longer documents are put again as gzip; a record under 5 KB is billed as 5 KB anyway, and most of them are. */
const GZIP_FROM_BYTES = 64 * 1024;
const KEY_PURPOSE = 'eks-telemetry/firehose-transform/mark/1';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const readLatin1 = (bytes: Uint8Array, start: number, end: number): string => Buffer.prototype.latin1Slice.call(bytes, start, end);
const readUtf8 = (bytes: Uint8Array, start: number, end: number): string => Buffer.prototype.utf8Slice.call(bytes, start, end);
const sleep = async (ms: number): Promise<void> => {
  await pause(ms);
};

/** Wires the steps together. Made once per cold start: rules, connections and the key of marks live in it. */
export function createTransformer(
  settings: TransformSettings,
  { rules, streams, open, write, allocate }: TransformerParts,
  env: Environment,
): Transformer {
  // The archive parses nothing: there the rules are compiled for records that agents put into the stream themselves, when the first one comes.
  let made: CompiledRules | undefined;
  const compiled = (): CompiledRules => {
    made ??= compileRules(rules);
    return made;
  };
  if (settings.mode === 'search') compiled();
  const plainGroup = plainLogGroup(rules);
  const sets = new ArchiveSets({ ...rules, byApplication: streams.byApplication }, { write, allocate, hash: sha256, readLatin1, readUtf8 });
  const now = (): number => Date.now();
  const credentials = () => credentialsFromEnvironment(env);
  const { region, s3Endpoint, firehoseEndpoint } = settings;
  const s3 = createHttpClient({ service: 's3', region, credentials, now });
  const firehose = createHttpClient({ service: 'firehose', region, credentials, now });
  const clock = { remainingMs: (): number => 60_000 };
  const secrets = createSecretStore({ env, now, random: Math.random, sleep, remainingMs: () => clock.remainingMs() });
  const place = { bucket: settings.deadLetterBucket, region, ...(s3Endpoint === undefined ? {} : { endpoint: s3Endpoint }) };
  const target = { region, ...(firehoseEndpoint === undefined ? {} : { endpoint: firehoseEndpoint }) };

  return async (records, { stream, nowMs, remainingMs }) => {
    clock.remainingMs = remainingMs;
    const key = createHmac('sha256', await secrets(settings.markSecretArn))
      .update(KEY_PURPOSE)
      .digest();
    const markPorts = markPortsOf(key);
    const makeMark: MakeMark = (header, body) => {
      const isGzip = body.length >= GZIP_FROM_BYTES;
      return mark(header, isGzip ? gzipSync(body, { level: 1 }) : body, isGzip, markPorts);
    };
    const planBatch: PlanBatch =
      settings.mode === 'archive'
        ? archiveMode(sets, nowMs, makeMark)
        : searchMode({
            function: settings.functionName,
            account: settings.account,
            region,
            nowMs,
            families: streams.families,
            sourceOf: (logGroup) => sourceNameOf(rules, logGroup),
            transform: (batch) => transformBatch(batch, compiled(), { nowMs, hash: sha256, write, allocate }),
            mark: makeMark,
          });
    const ports = {
      open: (data: Uint8Array) => open(data, (logGroup, logStream) => compiled().isOfLines(logGroup, logStream)),
      openPlain: (data: Uint8Array, arrivedMs: number) =>
        plainGroup === undefined
          ? undefined
          : plainBatch(readUtf8(data, 0, data.length), plainGroup, compiled(), { arrivedMs, hash: sha256 }),
      openMark: (data: Uint8Array, name: string) => openMark(data, name, markPorts),
      unpack,
      planBatch,
    };
    return transformRecords(
      records,
      {
        plan: (record, hasRoom) => planRecord(record, stream, ports, hasRoom),
        reingest: createPutRecords(target, {
          http: firehose,
          sleep,
          random: Math.random,
          remainingMs,
          reserveMs: RESERVE_MS,
          onRefused: (what) => console.error(JSON.stringify({ level: 'error', message: what })),
        }),
        keep: createDeadLetterStore(place, { http: s3, sleep, remainingMs }),
        hash: sha256,
        hasTime: () => remainingMs() - RESERVE_MS > MIN_WORK_MS,
      },
      { function: settings.functionName, stream },
    );
  };
}

function markPortsOf(key: Uint8Array) {
  return {
    mac: (bytes: Uint8Array) => createHmac('sha256', key).update(bytes).digest(),
    encode: (text: string) => Buffer.from(text, 'utf8'),
    decode: (bytes: Uint8Array) => readUtf8(bytes, 0, bytes.length),
  };
}

function unpack(body: Uint8Array): Uint8Array | undefined {
  try {
    return gunzipSync(body, { maxOutputLength: MAX_BODY_BYTES });
  } catch {
    return undefined;
  }
}
