import { readJsonLine } from '../../../cli/backfill/event-lines.ts';
import { RecordBatches } from '../../../cli/backfill/record-batches.ts';
import { archiveLine } from '../../../lambdas/core/firehose/archive-lines.ts';
import { archiveKind } from '../../../lambdas/core/firehose/partition.ts';
import type { SourceBatch } from '../../../lambdas/core/index/types.ts';
import { type CompiledSource, compileRules } from '../../../lambdas/core/rules/compile.ts';
import { APPLICATION, CONTROL_PLANE, documents, NOW, RULES, record, run, sampleLines } from '../../lambdas/core/index/transform-support.ts';

const ACCOUNT = '111122223333';
const rules = compileRules(RULES);

/** What the archive's reader and the record batches make of the events, archived as the deployed transform does it. */
function throughArchive(batch: SourceBatch): SourceBatch[] {
  const { logGroup, logStream, owner } = batch;
  const source = rules.sourceOf(logGroup) as CompiledSource;
  const { name, cluster } = source.rule;
  const kind = archiveKind(source.rule, logStream);
  const origin = { account: owner, region: 'us-east-1', cluster, kind, source: name, logGroup, logStream };
  const events = batch.events.map((event, line) => {
    const read = readJsonLine(archiveLine(event, origin, '').trimEnd(), { name, logGroup, account: ACCOUNT });
    if (typeof read !== 'object') throw new Error(`line ${line} is ${read}`);
    return { ...read, at: { key: 'k', line } };
  });
  return [...new RecordBatches(source, { fromMs: 0, toMs: NOW }).add({ events }, true).batches];
}

test.each<[string, string, string, readonly string[]]>([
  ['audit events', CONTROL_PLANE, 'kube-apiserver-audit-1', sampleLines('control-plane', 'kube-apiserver-audit').slice(0, 200)],
  ['lines of the API server', CONTROL_PLANE, 'kube-apiserver-1', sampleLines('control-plane', 'kube-apiserver.').slice(0, 200)],
  [
    'records of containers',
    APPLICATION,
    'node',
    ['a "quoted" line', '\tat x.Y.z(Y.java:1)', 'ünïcödé \u0000 \\', ''].map((text) => record(text)),
  ],
])(
  '%s come out of the archive as the documents of live delivery: same index, same _id, same text',
  (_what, logGroup, logStream, messages) => {
    const events = messages.map((message, at) => ({ id: String(at).padStart(56, '0'), timestamp: NOW - 600_000 + at, message }));
    const batch = { owner: ACCOUNT, logGroup, logStream, events };
    const live = documents(run(batch));

    const again = throughArchive(batch).flatMap((each) => documents(run(each)));

    expect(live.length).toBeGreaterThan(0);
    expect(again).toEqual(live);
  },
);
