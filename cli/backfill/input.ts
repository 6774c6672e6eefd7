import { statSync } from 'node:fs';
import { partitionKeys } from '../../lambdas/core/firehose/partition.ts';
import { CONTROL_PLANE_KINDS } from '../../lambdas/core/rules/rules.ts';
import type { Config } from '../../lib/config/load.ts';
import { archiveBucketName } from '../../lib/config/names.ts';
import type { Io } from '../io.ts';
import { volumeOf } from './aws-logs.ts';
import type { CallerCredentials } from './credentials.ts';
import type { Work } from './estimate.ts';
import { type FileStore, localFiles } from './file-store.ts';
import { type Options, UsageError } from './options.ts';
import { RECORD_MS } from './record-batches.ts';
import { isOfRange, limitsOf } from './run-files.ts';
import { s3Files } from './s3-files.ts';
import type { Subject } from './subject.ts';
import type { TimeRange } from './time-range.ts';
import { type WalkLimits, walkFiles } from './walk.ts';

/** Where a source is read from. */
export type Input =
  | { readonly kind: 'log-group'; readonly logGroup: string }
  | { readonly kind: 'files'; readonly store: FileStore; readonly prefix: string; readonly isLocal: boolean };

/** The word for the config's own archive. */
export const ARCHIVE = 'archive';

/** What finding the input needs. */
export interface InputContext {
  readonly config: Config;
  readonly subject: Subject;
  readonly credentials: CallerCredentials;
  readonly env: Io['env'];
}

/** Finds out where a source is read from. Nothing is read yet. */
export async function inputOf(options: Options, { config, subject, credentials, env }: InputContext): Promise<Input> {
  const input = options.input === ARCHIVE ? `s3://${archiveBucketName(config)}/` : options.input;
  const bucketOf = subject.kind === 'files' ? subject.log.bucket : '';
  if (input?.startsWith('s3://')) {
    const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(input) ?? [];
    if (bucket === '') throw new UsageError(`--input takes s3://bucket/prefix or a folder, got "${input}"`);
    const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    return { kind: 'files', store: await s3Files(bucket, config.region, credentials, env), prefix: folder, isLocal: false };
  }
  if (input !== undefined) {
    if (statSync(input, { throwIfNoEntry: false })?.isDirectory() !== true) throw new UsageError(`--input: no folder ${input}`);
    return { kind: 'files', store: localFiles(input, bucketOf), prefix: '', isLocal: true };
  }
  if (options.range === undefined) throw new UsageError('say which time: --from (and --to), or --input for all of a folder or prefix');
  if (subject.kind === 'files')
    return {
      kind: 'files',
      store: await s3Files(bucketOf, config.region, credentials, env),
      prefix: subject.source.prefix,
      isLocal: false,
    };
  const logGroup = options.logGroup ?? subject.source.logGroup;
  if (logGroup.endsWith('*')) throw new UsageError(`${options.source} is all log groups of ${logGroup}: name one with --log-group`);
  return { kind: 'log-group', logGroup };
}

/** Folders of the archive that can hold events of the source, and those of the range. */
export function archiveLimits(subject: Extract<Subject, { kind: 'events' }>, range: TimeRange): WalkLimits {
  const { rule } = subject;
  const kinds = rule.kind === 'controlPlane' ? [...CONTROL_PLANE_KINDS, rule.kind] : [rule.kind];
  const { cluster } = partitionKeys('', rule.cluster, 0);
  return { range, slackMs: RECORD_MS, partitions: { kind: new Set(kinds), cluster: new Set([cluster]) } };
}

/** Counts what there is to read: of files by listing them, of a log group by CloudWatch's own metrics. */
export async function workOf(input: Input, subject: Subject, range: TimeRange, region: string): Promise<Work> {
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
    if (subject.kind === 'files' && !isOfRange(file, range, subject.source)) continue;
    files++;
    bytes += file.bytes;
  }
  return { input: `${input.store.title}/${input.prefix}`, bytes, events: undefined, isPacked: true, files, lists: counts.lists };
}
