import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openFileParts } from '../../lambdas/clients/file-opener.ts';
import { createEnrichment } from '../../lambdas/clients/line-enrichment.ts';
import { compileAccessLogRules } from '../../lambdas/core/access-logs/file-rules.ts';
import { INDEXED } from '../../lambdas/core/delivery/outcome.ts';
import { transformBatch } from '../../lambdas/core/index/transform.ts';
import { compileRules } from '../../lambdas/core/rules/compile.ts';
import { allocateUncleared, writeUtf8 } from '../../lambdas/events/utf8.ts';
import type { Config } from '../../lib/config/load.ts';
import { endpointOf } from '../dead-letters/places.ts';
import type { Io } from '../io.ts';
import { connectFilter, volumeOf } from './aws-logs.ts';
import { type CallerCredentials, callerCredentials, NO_CREDENTIALS } from './credentials.ts';
import type { Work } from './estimate.ts';
import { FileReader } from './file-reader.ts';
import { type FileStore, localFiles } from './file-store.ts';
import { logGroupReader } from './log-group-reader.ts';
import { ALL_TIMES, type Options, UsageError } from './options.ts';
import type { EventReader } from './positions.ts';
import { RECORD_MS } from './record-batches.ts';
import type { RunEnd, RunPorts } from './run.ts';
import { runEvents } from './run-events.ts';
import { isOfRange, limitsOf, runFiles } from './run-files.ts';
import { s3Files } from './s3-files.ts';
import { createSend, type Send } from './sender.ts';
import type { BackfillState, Identity } from './state.ts';
import { rulesWithin, type Subject } from './subject.ts';
import type { TimeRange } from './time-range.ts';
import { type WalkLimits, walkFiles } from './walk.ts';

/** A backfill that is ready to be estimated and run. */
export interface Prepared {
  readonly identity: Identity;
  readonly isLocal: boolean;
  readonly work: () => Promise<Work>;
  readonly send: Send;
  readonly credentials: CallerCredentials;
  readonly run: (
    state: BackfillState | undefined,
    ports: RunPorts,
    tell: (key: string, reason: string, detail: string) => void,
  ) => Promise<RunEnd>;
}

/** Where a source is read from. */
type Input =
  | { readonly kind: 'log-group'; readonly logGroup: string }
  | { readonly kind: 'files'; readonly store: FileStore; readonly prefix: string; readonly isLocal: boolean };

const text = {
  write: writeUtf8,
  readLatin1: (bytes: Uint8Array, from: number, to: number): string => Buffer.prototype.latin1Slice.call(bytes, from, to),
  readUtf8: (bytes: Uint8Array, from: number, to: number): string => Buffer.prototype.utf8Slice.call(bytes, from, to),
};
const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

/** Finds out where everything is. Nothing is read and nothing is sent yet. */
export async function prepare(options: Options, config: Config, subject: Subject, io: Io): Promise<Prepared> {
  const endpoint =
    options.dryRun && options.endpoint === undefined
      ? 'none'
      : await endpointOf(options.endpoint === undefined ? {} : { endpoint: options.endpoint }, config, io);
  const isSigned = endpoint.startsWith('https:');
  const needsAws = isSigned || options.input === undefined || options.input.startsWith('s3://');
  const credentials = needsAws ? await callerCredentials(config.region) : NO_CREDENTIALS;
  const input = await inputOf(options, config, subject, credentials, io);
  const range = options.range ?? ALL_TIMES;
  const title = input.kind === 'log-group' ? input.logGroup : `${input.store.title}/${input.prefix}`;
  const { bulk } = config.delivery;
  const searchCredentials = isSigned ? credentials : NO_CREDENTIALS;
  const send: Send = options.dryRun
    ? async (batches) => batches.map(({ documents }) => documents.map(() => INDEXED))
    : createSend(
        { endpoint, region: config.region, bulk, overwrite: options.overwrite, rate: options.rate },
        { credentials: searchCredentials, now: io.now, sleep },
      );
  return {
    identity: {
      ...{ source: options.source, input: title, range, endpoint, overwrite: options.overwrite },
      request: {
        isMoving: options.isMoving,
        ...(options.input === undefined ? {} : { input: options.input }),
        ...(options.logGroup === undefined ? {} : { logGroup: options.logGroup }),
      },
    },
    isLocal: input.kind === 'files' && input.isLocal,
    send,
    credentials: searchCredentials,
    work: () => workOf(input, subject, range, config.region),
    run: (state, ports, tell) =>
      subject.kind === 'events'
        ? startEvents(input, subject, range, config, state, ports, tell, io)
        : startFiles(input, subject, range, config, state, ports, tell, io),
  };
}

async function sleep(ms: number): Promise<void> {
  await pause(ms);
}

async function inputOf(options: Options, config: Config, subject: Subject, credentials: CallerCredentials, io: Io): Promise<Input> {
  const { input } = options;
  const bucketOf = subject.kind === 'files' ? subject.log.bucket : '';
  if (input?.startsWith('s3://')) {
    const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(input) ?? [];
    if (bucket === '') throw new UsageError(`--input takes s3://bucket/prefix or a folder, got "${input}"`);
    const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    return { kind: 'files', store: await s3Files(bucket, config.region, credentials, io.env), prefix: folder, isLocal: false };
  }
  if (input !== undefined) {
    if (statSync(input, { throwIfNoEntry: false })?.isDirectory() !== true) throw new UsageError(`--input: no folder ${input}`);
    return { kind: 'files', store: localFiles(resolve(input), bucketOf), prefix: '', isLocal: true };
  }
  if (options.range === undefined) throw new UsageError('say which time: --from (and --to), or --input for all of a folder or prefix');
  if (subject.kind === 'files')
    return {
      kind: 'files',
      store: await s3Files(bucketOf, config.region, credentials, io.env),
      prefix: subject.source.prefix,
      isLocal: false,
    };
  const logGroup = options.logGroup ?? subject.source.logGroup;
  if (logGroup.endsWith('*')) throw new UsageError(`${options.source} is all log groups of ${logGroup}: name one with --log-group`);
  return { kind: 'log-group', logGroup };
}

/** Folders of the archive that can hold events of the source, and those of the range. */
function archiveLimits(subject: Extract<Subject, { kind: 'events' }>, range: TimeRange): WalkLimits {
  const { rule } = subject;
  const kinds = rule.kind === 'controlPlane' ? Object.keys(rule.controlPlaneFamilies ?? {}) : [rule.kind];
  return { range, slackMs: RECORD_MS, partitions: { kind: new Set(kinds), cluster: new Set([rule.cluster]) } };
}

async function workOf(input: Input, subject: Subject, range: TimeRange, region: string): Promise<Work> {
  if (input.kind === 'log-group') {
    const volume = await volumeOf(region, input.logGroup, range);
    return {
      input: `log group ${input.logGroup}`,
      bytes: volume?.bytes,
      events: volume?.events,
      isPacked: false,
      files: undefined,
      lists: 0,
    };
  }
  const counts = { lists: 0 };
  let files = 0;
  let bytes = 0;
  const limits = subject.kind === 'files' ? limitsOf(range) : archiveLimits(subject, range);
  for await (const file of walkFiles(input.store, input.prefix, limits, counts)) {
    if (subject.kind === 'files' && !isOfRange(file, range)) continue;
    files++;
    bytes += file.bytes;
  }
  return { input: `${input.store.title}/${input.prefix}`, bytes, events: undefined, isPacked: true, files, lists: counts.lists };
}

async function startEvents(
  input: Input,
  subject: Extract<Subject, { kind: 'events' }>,
  range: TimeRange,
  config: Config,
  state: BackfillState | undefined,
  ports: RunPorts,
  tell: (key: string, reason: string, detail: string) => void,
  io: Io,
): Promise<RunEnd> {
  const logGroup = input.kind === 'log-group' ? input.logGroup : subject.source.logGroup;
  const nowMs = io.now();
  // A source whose groups are a prefix is read one group at a time.
  const rule = { ...subject.rule, logGroups: [logGroup] };
  const rules = compileRules(rulesWithin({ ...subject.rules, sources: [rule] }, range, nowMs));
  const source = rules.sourceOf(logGroup);
  if (source === undefined) throw new Error(`no source owns ${logGroup}`);
  // Records that lie across an end of the range are read whole, and belong to it by their first line.
  const wide = { fromMs: range.fromMs - RECORD_MS, toMs: range.toMs + RECORD_MS };
  const reader: EventReader =
    input.kind === 'log-group'
      ? logGroupReader(
          logGroup,
          config.account,
          { fromMs: Math.max(0, wide.fromMs), toMs: Math.min(wide.toMs, nowMs) },
          await connectFilter(config.region),
        )
      : new FileReader(
          input.store,
          input.prefix,
          archiveLimits(subject, range),
          { name: subject.rule.name, logGroup, account: config.account },
          { hash: sha256, tell },
        );
  const transformPorts = { nowMs, hash: sha256, write: writeUtf8, allocate: allocateUncleared };
  return runEvents(
    { reader, source, range, transform: (batch) => transformBatch(batch, rules, transformPorts), checkpoint: state?.checkpoint },
    ports,
  );
}

async function startFiles(
  input: Input,
  subject: Extract<Subject, { kind: 'files' }>,
  range: TimeRange,
  config: Config,
  state: BackfillState | undefined,
  ports: RunPorts,
  tell: (key: string, reason: string, detail: string) => void,
  io: Io,
): Promise<RunEnd> {
  if (input.kind !== 'files') throw new Error('access logs are files');
  const { store, prefix } = input;
  const nowMs = io.now();
  const enrich = await createEnrichment(config.loadBalancers.geoIpFile, [subject.source]);
  return runFiles(
    {
      ...{ store, prefix, range, source: subject.source, text, nowMs, tell, checkpoint: state?.checkpoint },
      rules: compileAccessLogRules(rulesWithin(subject.rules, range, nowMs)),
      enrichment: enrich(subject.source),
      open: (key) => openFileParts(() => store.open(key), key),
    },
    ports,
  );
}

/** File of a backfill's state: the same for the same backfill. */
export function stateFile(folder: string, identity: Identity): string {
  return join(folder, `${identity.source}-${sha256(JSON.stringify(identity)).slice(0, 12)}.json`);
}
