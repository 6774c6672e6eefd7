import { createHash } from 'node:crypto';
import { deliverFile } from '../../lambdas/core/access-logs/deliver-file.ts';
import { isNoLog, kindOfName, readFileName } from '../../lambdas/core/access-logs/file-name.ts';
import type { CompiledAccessLogRules } from '../../lambdas/core/access-logs/file-rules.ts';
import type { FilePorts, OpenedFile, ReadEnd } from '../../lambdas/core/access-logs/file-task.ts';
import type { FileTransformPorts } from '../../lambdas/core/access-logs/file-transform.ts';
import { MetricGroups } from '../../lambdas/core/access-logs/metric-groups.ts';
import type { AccessLogSource } from '../../lambdas/core/access-logs/rules.ts';
import type { DeadLetter } from '../../lambdas/core/delivery/dead-letter.ts';
import type { Outcome } from '../../lambdas/core/delivery/outcome.ts';
import { addTally } from '../../lambdas/core/delivery/settle.ts';
import type { BulkBatch } from '../../lambdas/core/index/types.ts';
import type { LineEnrichment } from '../../lambdas/core/parse/access-fields.ts';
import type { FileStore, ListedFile } from './file-store.ts';
import type { Checkpoint } from './positions.ts';
import type { RunEnd, RunPorts } from './run.ts';
import { isWithin, type TimeRange } from './time-range.ts';
import { newTotals, type Totals } from './totals.ts';
import { type WalkLimits, walkFiles } from './walk.ts';

/** Files are where their time says, but for those at midnight. */
export const FILE_SLACK_MS = 3_600_000;

/** What is read and how it is delivered. */
export interface FileRun {
  readonly store: FileStore;
  readonly prefix: string;
  readonly range: TimeRange;
  readonly source: AccessLogSource;
  readonly rules: CompiledAccessLogRules;
  readonly enrichment: LineEnrichment;
  readonly text: FileTransformPorts;
  readonly open: (key: string) => Promise<OpenedFile | Exclude<ReadEnd, { kind: 'end' }>>;
  readonly nowMs: number;
  readonly checkpoint: Checkpoint | undefined;
  /** Tells of a file that could not be read to its end. */
  readonly tell: (key: string, reason: string, detail: string) => void;
}

/** Whether a file is one of the source's and of the range. One folder may hold files of every kind; a name that tells none is taken. */
export function isOfRange({ key, changedMs, bytes }: ListedFile, range: TimeRange, { kind }: Pick<AccessLogSource, 'kind'>): boolean {
  if ((kindOfName(key) ?? kind) !== kind) return false;
  return bytes > 0 && !isNoLog(key) && isWithin(range, readFileName(key).timeMs ?? changedMs);
}

/** What a walk over the source's files leaves out. */
export function limitsOf(range: TimeRange, after?: string): WalkLimits {
  return { range, slackMs: FILE_SLACK_MS, ...(after === undefined ? {} : { after }) };
}

/** Delivers file after file; whoever is stopped in one of them sends it again, and its lines that are there are duplicates. */
export async function runFiles(run: FileRun, ports: RunPorts): Promise<RunEnd> {
  const { store, prefix, range, checkpoint } = run;
  for await (const file of walkFiles(store, prefix, limitsOf(range, checkpoint?.next.key))) {
    if (!isOfRange(file, range, run.source)) continue;
    const totals = newTotals();
    const returned = await deliver(file, run, ports, totals);
    if (Object.keys(returned).length > 0) return { kind: 'stopped', returned };
    totals.files = 1;
    totals.bytes = file.bytes;
    await ports.done(totals, { next: { key: file.key, line: 0 } });
    if (ports.signal.aborted) return { kind: 'interrupted' };
  }
  await ports.done(newTotals(), undefined);
  return { kind: 'done' };
}

async function deliver(file: ListedFile, run: FileRun, ports: RunPorts, totals: Totals): Promise<{ readonly [reason: string]: number }> {
  const { source, store, nowMs } = run;
  let ofFiles = 0;
  const filePorts: FilePorts = {
    open: () => run.open(file.key),
    send: async (batches) => {
      const outcomes = await ports.send(batches);
      for (const [batch, row] of outcomes.entries()) note(row, batches[batch] as BulkBatch, totals, ports);
      return outcomes;
    },
    keep: async (_key, letters) => {
      for (const letter of letters) ofFiles += refuse(letter, totals, run, ports);
    },
    putLines: async () => undefined,
    goOn: async () => undefined,
    text: run.text,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    hasTime: () => true,
    tell: () => undefined,
  };
  const rules = { ...run.rules, sourceOf: () => source };
  const report = await deliverFile({ bucket: store.bucket, key: file.key, offset: 0, eventMs: file.changedMs }, rules, filePorts, {
    function: 'backfill',
    nowMs,
    enrichment: () => run.enrichment,
    groups: new MetricGroups(run.text.readLatin1),
  });
  const { counts } = report;
  totals.read += counts.received - ofFiles;
  totals.indexed += counts.indexed;
  totals.duplicate += counts.duplicate - totals.overwritten;
  totals.unparsed += report.failed;
  addTally(totals.excluded, counts.excluded);
  return report.returned;
}

function note(outcomes: readonly Outcome[], { documents }: BulkBatch, totals: Totals, { overwrite }: RunPorts): void {
  for (const [position, { kind, reason }] of outcomes.entries()) {
    if (overwrite && kind === 'duplicate' && reason === 'extended') totals.overwritten++;
    if (reason === 'index-read-only') addTally(totals.readOnly, { [documents[position]?.index ?? '']: 1 });
  }
}

/** Takes a dead letter: of a line, or (1) of the file itself. The line's text stays in the file, so nothing is kept of it here. */
function refuse({ index, documentId, reason, detail, logStream }: DeadLetter, totals: Totals, { tell }: FileRun, ports: RunPorts): 0 | 1 {
  if (index === undefined) {
    addTally(totals.unreadable, { [reason]: 1 });
    tell(logStream, reason, detail ?? '');
    return 1;
  }
  addTally(totals.refused, { [reason]: 1 });
  ports.refused({ reason, index, ...(documentId === undefined ? {} : { id: documentId }) });
  return 0;
}
