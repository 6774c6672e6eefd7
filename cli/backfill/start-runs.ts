import { createHash } from 'node:crypto';
import { openFileParts } from '../../lambdas/clients/file-opener.ts';
import { createEnrichment } from '../../lambdas/clients/line-enrichment.ts';
import { compileAccessLogRules } from '../../lambdas/core/access-logs/file-rules.ts';
import { transformBatch } from '../../lambdas/core/index/transform.ts';
import { compileRules } from '../../lambdas/core/rules/compile.ts';
import { allocateUncleared, writeUtf8 } from '../../lambdas/events/utf8.ts';
import type { Config } from '../../lib/config/load.ts';
import { connectFilter } from './aws-logs.ts';
import { FileReader } from './file-reader.ts';
import { archiveLimits, type Input } from './input.ts';
import { logGroupReader } from './log-group-reader.ts';
import { UsageError } from './options.ts';
import type { Checkpoint, EventReader } from './positions.ts';
import { RECORD_MS } from './record-batches.ts';
import type { RunEnd, RunPorts } from './run.ts';
import { runEvents } from './run-events.ts';
import { runFiles } from './run-files.ts';
import { rulesWithin, type Subject } from './subject.ts';
import type { TimeRange } from './time-range.ts';

/** What a run of either kind starts from. */
export interface Start {
  readonly input: Input;
  readonly range: TimeRange;
  readonly config: Config;
  readonly checkpoint: Checkpoint | undefined;
  readonly ports: RunPorts;
  /** Tells of a file that cannot be read. */
  readonly tell: (key: string, reason: string, detail: string) => void;
  readonly nowMs: number;
  /** Whether events without CloudWatch's ids are taken. */
  readonly allowDoubles: boolean;
}

const text = {
  write: writeUtf8,
  readLatin1: (bytes: Uint8Array, from: number, to: number): string => Buffer.prototype.latin1Slice.call(bytes, from, to),
  readUtf8: (bytes: Uint8Array, from: number, to: number): string => Buffer.prototype.utf8Slice.call(bytes, from, to),
};
const sha256 = (value: string): string => createHash('sha256').update(value).digest('hex');

/** Reads events through the transform of log-indexer. */
export async function startEvents(subject: Extract<Subject, { kind: 'events' }>, start: Start): Promise<RunEnd> {
  const { input, range, nowMs, ports, checkpoint } = start;
  const logGroup = input.kind === 'log-group' ? input.logGroup : subject.source.logGroup;
  // A source whose groups are a prefix is read one group at a time.
  const rule = { ...subject.rule, logGroups: [logGroup] };
  const rules = compileRules(rulesWithin({ ...subject.rules, sources: [rule] }, range, nowMs));
  const source = rules.sourceOf(logGroup);
  if (source === undefined) throw new Error(`no source owns ${logGroup}`);
  const transformPorts = { nowMs, hash: sha256, write: writeUtf8, allocate: allocateUncleared };
  return runEvents(
    {
      ...{ source, range, checkpoint },
      reader: await readerOf(subject, logGroup, start),
      transform: (batch) => transformBatch(batch, rules, transformPorts),
    },
    ports,
  );
}

async function readerOf(subject: Extract<Subject, { kind: 'events' }>, logGroup: string, start: Start): Promise<EventReader> {
  const { input, range, config, nowMs, tell, allowDoubles } = start;
  const { account, region } = config;
  if (input.kind === 'log-group') {
    // Records that lie across an end of the range are read whole, and belong to it by their first line.
    const wide = { fromMs: Math.max(0, range.fromMs - RECORD_MS), toMs: Math.min(range.toMs + RECORD_MS, nowMs) };
    return logGroupReader(logGroup, account, wide, await connectFilter(region));
  }
  const foundExport = (): void => {
    // Records of the collector carry what makes their ids; lines of the control plane do not.
    if (allowDoubles || subject.rule.kind === 'application') return;
    throw new UsageError(
      `these are files of an export task, which hold no event ids: what live delivery has indexed of them would be there twice. Read the log group itself or the archive, or say --allow-doubles where nothing of them is indexed`,
    );
  };
  const wanted = { name: subject.rule.name, logGroup, account };
  return new FileReader(input.store, input.prefix, archiveLimits(subject, range), wanted, { hash: sha256, tell, foundExport });
}

/** Reads access log files through the delivery of alb-indexer. */
export async function startFiles(subject: Extract<Subject, { kind: 'files' }>, start: Start): Promise<RunEnd> {
  const { input, range, config, nowMs, ports, tell, checkpoint } = start;
  if (input.kind !== 'files') throw new Error('access logs are files');
  const { store, prefix } = input;
  const enrich = await createEnrichment(config.loadBalancers.geoIpFile, [subject.source]);
  return runFiles(
    {
      ...{ store, prefix, range, source: subject.source, text, nowMs, tell, checkpoint },
      rules: compileAccessLogRules(rulesWithin(subject.rules, range, nowMs)),
      enrichment: enrich(subject.source),
      open: (key) => openFileParts(() => store.open(key), key),
    },
    ports,
  );
}
