import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planSearchEngine, startSearchEngine } from '../../local/search-engine/search-engine.ts';
import { bundleFunction } from '../bundles.ts';
import { emptyEngine, prepareEngine } from '../ingest/engine.ts';
import { finishedPayload } from '../ingest/finished.ts';
import { runIngest } from '../ingest/run-ingest.ts';
import type { IngestResult, IngestTask } from '../ingest/sender.ts';
import { makePayload } from '../payloads.ts';
import { median, type Part, type PartContext, type Row, rounded } from './part.ts';

const PAYLOAD_BYTES = 256 * 1024;
/** Of these the sender's process is warm, and its connections are open. */
const WARM_UPS = 2;
const MIB = 1 << 20;
/** As many payloads of 256 KB gzip as an invocation gets from a stream in a busy hour; Lambda's event holds 6 MB. */
const BATCH = 10;

/** What is ingested: text of some 45 and 40 MB per run. */
const MEASURED = { audit: 12, 'container-json': 8 } as const;
type Kind = keyof typeof MEASURED;

interface Contender {
  readonly kind: Kind;
  readonly title: string;
  readonly how: Pick<IngestTask, 'sender' | 'bodyBytes' | 'connections' | 'gzip'>;
}

const ours = (mib: number, gzip = false): Contender['how'] => ({ sender: 'log-indexer', bodyBytes: mib * MIB, connections: 2, gzip });
const helper = (connections: number): Contender['how'] => ({ sender: 'client', bodyBytes: 5 * MIB, connections, gzip: false });
const BY_HAND: Contender['how'] = { sender: 'by-hand', bodyBytes: 5 * MIB, connections: 2, gzip: false };

const CONTENDERS: readonly Contender[] = [
  { kind: 'audit', title: 'log-indexer, 1 MiB bodies', how: ours(1) },
  { kind: 'audit', title: 'log-indexer, 5 MiB bodies', how: ours(5) },
  { kind: 'audit', title: 'log-indexer, 10 MiB bodies', how: ours(10) },
  { kind: 'audit', title: 'log-indexer, 1 MiB bodies, gzip level 1', how: ours(1, true) },
  { kind: 'audit', title: 'log-indexer, 5 MiB bodies, gzip level 1', how: ours(5, true) },
  { kind: 'audit', title: 'client helper, 5 MiB, 2 connections', how: helper(2) },
  { kind: 'audit', title: 'client helper, 5 MiB, 5 connections (its default)', how: helper(5) },
  { kind: 'audit', title: 'JSON.stringify and fetch, 5 MiB, 2 connections', how: BY_HAND },
  { kind: 'container-json', title: 'log-indexer, 5 MiB bodies', how: ours(5) },
  { kind: 'container-json', title: 'client helper, 5 MiB, 2 connections', how: helper(2) },
  { kind: 'container-json', title: 'JSON.stringify and fetch, 5 MiB, 2 connections', how: BY_HAND },
];

/** At most that many rounds: a round takes half a minute. */
const MAX_ROUNDS = 3;

/** Bulk ingest into a real OpenSearch: the bundled log-indexer against the client's bulk helper and a hand-written bulk, on one engine. */
export const measureIngest: Part = async (context) => {
  const { OPENSEARCH_URL: _given, ...env } = process.env;
  const plan = await planSearchEngine(env);
  if (plan.kind === 'none') return { skipped: plan.reason };
  const engine = await startSearchEngine({ env, heapMb: 1024, onProgress: context.tell });
  try {
    await prepareEngine(engine.url);
    const task = { url: engine.url, root: bundleFunction('log-indexer', context.folder).root, warmUps: WARM_UPS };
    const pid = engine.pid();
    const rows = await compare(context, pid === undefined ? task : { ...task, enginePid: pid });
    return { title: `Ingest into OpenSearch ${engine.version} on the same machine (1 node, 1 shard, no replica, our mappings)`, rows };
  } finally {
    await engine.stop();
  }
};

type CommonTask = Pick<IngestTask, 'url' | 'root' | 'warmUps' | 'enginePid'>;

async function compare(context: PartContext, common: CommonTask): Promise<Row[]> {
  const payloads = { audit: makePayloads('audit', context), 'container-json': makePayloads('container-json', context) };
  const run = async ({ kind, how }: Contender): Promise<IngestResult> => {
    await emptyEngine(common.url);
    const { raw, finished } = payloads[kind];
    return runIngest({ ...common, ...how, batch: BATCH, payloads: how.sender === 'log-indexer' ? raw : finished });
  };
  // The engine's JIT needs some minutes of CPU; the first rounds of a cold one would be noise.
  context.tell('ingest: warming the engine up');
  for (const contender of CONTENDERS.slice(-3)) await run(contender);
  const results = CONTENDERS.map((): IngestResult[] => []);
  const rounds = Math.min(context.repetitions, MAX_ROUNDS);
  for (let round = 1; round <= rounds; round++) {
    for (const [at, contender] of CONTENDERS.entries()) {
      context.tell(`ingest: ${contender.kind}, ${contender.title}, ${round} of ${rounds}`);
      results[at]?.push(await run(contender));
    }
  }
  return CONTENDERS.map(({ kind, title }, at) => rowOf(kind, title, results[at] ?? [], payloads[kind].measuredBytes));
}

function rowOf(kind: Kind, title: string, results: readonly IngestResult[], bytes: number): Row {
  const middle = (value: (result: IngestResult) => number): number => median(results.map(value));
  return {
    payload: kind,
    sender: title,
    'documents/s': rounded(middle(({ created, wallMs }) => created / (wallMs / 1000))),
    'MB/s of text': rounded(
      middle(({ wallMs }) => bytes / 1000 / wallMs),
      1,
    ),
    'sender CPU ms/MB': rounded(
      middle(({ cpuMs }) => cpuMs / (bytes / 1e6)),
      1,
    ),
    'engine CPU ms/MB': rounded(
      middle(({ engineCpuMs }) => engineCpuMs / (bytes / 1e6)),
      1,
    ),
    'not created': middle(({ other }) => other),
  };
}

interface Payloads {
  /** Files for log-indexer, and those for the ordinary senders. */
  readonly raw: readonly string[];
  readonly finished: readonly string[];
  /** Text of the measured ones. */
  readonly measuredBytes: number;
}

function makePayloads(kind: Kind, { folder, tell }: PartContext): Payloads {
  tell(`ingest: making ${kind} payloads`);
  const raw: string[] = [];
  const finished: string[] = [];
  let measuredBytes = 0;
  for (let part = 0; part < WARM_UPS + MEASURED[kind]; part++) {
    const { base64, unpackedBytes } = makePayload(kind, PAYLOAD_BYTES, part);
    raw.push(join(folder, `${kind}-${part}`));
    finished.push(join(folder, `${kind}-${part}-finished`));
    writeFileSync(raw[part] as string, base64);
    writeFileSync(finished[part] as string, finishedPayload(base64));
    if (part >= WARM_UPS) measuredBytes += unpackedBytes;
  }
  return { raw, finished, measuredBytes };
}
