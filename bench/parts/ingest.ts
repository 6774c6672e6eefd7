import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planSearchEngine, startSearchEngine } from '../../local/search-engine/search-engine.ts';
import { bundleFunction } from '../bundles.ts';
import { emptyEngine, prepareEngine } from '../ingest/engine.ts';
import { finishedPayload } from '../ingest/finished.ts';
import { runIngest } from '../ingest/run-ingest.ts';
import type { IngestResult, IngestTask } from '../ingest/sender.ts';
import { makePayload } from '../payloads.ts';
import { median, type Part, type PartContext, type PartResult, type Row, repeat, rounded } from './part.ts';

const PAYLOAD_BYTES = 256 * 1024;
/** Of these the sender's process is warm, and its connections are open. */
const WARM_UPS = 1;
const MIB = 1 << 20;
/** As many payloads of 256 KB gzip as an invocation gets from a stream in a busy hour; Lambda's event holds 6 MB. */
const BATCH = 10;

/** What is ingested: text of some 15 MB per run, which is two seconds on two cores. */
const MEASURED = { audit: 4, 'container-json': 3 } as const;
type Kind = keyof typeof MEASURED;

interface Contender {
  readonly kind: Kind;
  readonly title: string;
  readonly how: Pick<IngestTask, 'sender' | 'bodyBytes' | 'connections' | 'gzip'>;
}

const ours = (mib: number, gzip = false): Contender['how'] => ({ sender: 'log-indexer', bodyBytes: mib * MIB, connections: 2, gzip });
const helper = (connections: number): Contender['how'] => ({ sender: 'client', bodyBytes: 5 * MIB, connections, gzip: false });
const BY_HAND: Contender['how'] = { sender: 'by-hand', bodyBytes: 5 * MIB, connections: 2, gzip: false };

const SENDERS: readonly Contender[] = (['audit', 'container-json'] as const).flatMap((kind) => [
  { kind, title: 'log-indexer', how: ours(5) },
  { kind, title: "the client's bulk helper", how: helper(2) },
  { kind, title: 'JSON.stringify and fetch', how: BY_HAND },
]);

const BODIES: readonly Contender[] = [
  { kind: 'audit', title: 'log-indexer, 1 MiB bodies', how: ours(1) },
  { kind: 'audit', title: 'log-indexer, 5 MiB bodies', how: ours(5) },
  { kind: 'audit', title: 'log-indexer, 10 MiB bodies', how: ours(10) },
  { kind: 'audit', title: 'log-indexer, 1 MiB bodies, gzip level 1', how: ours(1, true) },
  { kind: 'audit', title: 'log-indexer, 5 MiB bodies, gzip level 1', how: ours(5, true) },
];

/** At most that many rounds. */
const MAX_ROUNDS = 3;

/** Ingest of the same documents into a real OpenSearch: the bundled log-indexer, the client's bulk helper, a bulk by hand; each with 5 MiB and two connections. */
export const measureIngest: Part = (context) => measureOnEngine(context, SENDERS, 'the same documents, bodies of 5 MiB, 2 connections');

/** Sizes of a request and gzip, on the same engine. */
export const measureBodies: Part = (context) => measureOnEngine(context, BODIES, 'sizes of a request and gzip');

async function measureOnEngine(context: PartContext, contenders: readonly Contender[], what: string): Promise<PartResult> {
  const { OPENSEARCH_URL: _given, ...env } = process.env;
  const plan = await planSearchEngine(env);
  if (plan.kind === 'none') return { skipped: plan.reason };
  const payloads = makePayloads(contenders, context);
  const engine = await startSearchEngine({ env, heapMb: 1024, onProgress: context.tell });
  // A power cut is enough for data that nobody keeps.
  const cut = (): void => void engine.halt('kill');
  context.signal.addEventListener('abort', cut);
  try {
    context.signal.throwIfAborted();
    await prepareEngine(engine.url);
    const { root } = bundleFunction('log-indexer', context.folder);
    const pid = engine.pid();
    const task = { url: engine.url, root, warmUps: WARM_UPS, ...(pid === undefined ? {} : { enginePid: pid }) };
    const { rows, rounds } = await compare(context, task, contenders, payloads);
    return {
      title: `Ingest into OpenSearch ${engine.version} on the same machine (1 node, 1 shard, no replica, our mappings): ${what}, median of ${rounds} rounds`,
      rows,
    };
  } finally {
    context.signal.removeEventListener('abort', cut);
    await engine.stop();
  }
}

type CommonTask = Pick<IngestTask, 'url' | 'root' | 'warmUps' | 'enginePid'>;
type PayloadsByKind = ReadonlyMap<Kind, Payloads>;

async function compare(
  context: PartContext,
  common: CommonTask,
  contenders: readonly Contender[],
  payloads: PayloadsByKind,
): Promise<{ readonly rows: Row[]; readonly rounds: number }> {
  const run = async ({ kind, how }: Contender): Promise<IngestResult> => {
    await emptyEngine(common.url);
    const { raw, finished } = payloads.get(kind) as Payloads;
    const files = how.sender === 'log-indexer' ? raw : finished;
    return runIngest({ ...common, ...how, batch: BATCH, payloads: files }, context);
  };
  // The engine's JIT needs some minutes of CPU; the first rounds of a cold one would be noise.
  for (const kind of payloads.keys()) {
    context.tell(`warming the engine up: ${kind}`);
    await run({ kind, title: '', how: BY_HAND });
  }
  const order = [...contenders.entries()].reverse();
  const results = contenders.map((): IngestResult[] => []);
  const rounds = await repeat(context, Math.min(context.repetitions, MAX_ROUNDS), async (round) => {
    // Backwards every other time: the engine becomes quicker all the while, which must not count for whoever comes last.
    order.reverse();
    for (const [at, contender] of order) {
      context.tell(`${contender.kind}, ${contender.title}, ${round}`);
      results[at]?.push(await run(contender));
    }
  });
  const rows = contenders.map(({ kind, title }, at) =>
    rowOf(kind, title, results[at] ?? [], (payloads.get(kind) as Payloads).measuredBytes),
  );
  return { rows, rounds };
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

function makePayloads(contenders: readonly Contender[], { folder, tell }: PartContext): PayloadsByKind {
  const made = new Map<Kind, Payloads>();
  for (const { kind } of contenders) {
    if (made.has(kind)) continue;
    tell(`making ${kind} payloads`);
    made.set(kind, payloadsOf(kind, folder));
  }
  return made;
}

function payloadsOf(kind: Kind, folder: string): Payloads {
  const raw: string[] = [];
  const finished: string[] = [];
  let measuredBytes = 0;
  for (let part = 0; part < WARM_UPS + MEASURED[kind]; part++) {
    const { base64, unpackedBytes } = makePayload(kind, PAYLOAD_BYTES, part);
    const file = join(folder, `${kind}-${part}`);
    raw.push(file);
    finished.push(`${file}-finished`);
    writeFileSync(file, base64);
    writeFileSync(`${file}-finished`, finishedPayload(base64));
    if (part >= WARM_UPS) measuredBytes += unpackedBytes;
  }
  return { raw, finished, measuredBytes };
}
