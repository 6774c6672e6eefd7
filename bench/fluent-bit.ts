// The load promise of the collector: 1,000 lines a second of 4 KB on one node in 400 MiB, also with CloudWatch away and after a kill.
//   FLUENT_BIT_BIN=/path/to/fluent-bit npm run bench:fluent-bit -- [--seconds 60] [--lines 1000] [--bytes 4096] [--only "killed while sending"]
import { execFileSync } from 'node:child_process';
import { readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderFluentBit } from '../collector/fluent-bit.ts';
import { recordDocumentId } from '../lambdas/core/index/document-id.ts';
import { openContainerRecord } from '../lambdas/core/parse/container-record.ts';
import { loadConfig } from '../lib/config/load.ts';
import { Agent, FLUENT_BIT, freePort, sleep, waitFor } from './fluent-bit/agent.ts';
import { AwsRecorder } from './fluent-bit/aws-recorder.ts';
import { Containers } from './fluent-bit/containers.ts';
import { ProcessWatch } from './fluent-bit/watch.ts';

const CONTAINERS = 10;
/** How long the rest may take to arrive; retries wait up to a minute. */
const PATIENCE_MS = 150_000;
/** Between a kill and the next start. */
const DOWN_MS = 5000;
/** Time for the agent to find its files again: it looks for new ones every two seconds. */
const FOUND_MS = 5000;

interface Options {
  readonly seconds: number;
  readonly lines: number;
  readonly bytes: number;
}

/** What a run showed. */
interface Result {
  readonly run: string;
  readonly written: number;
  readonly received: number;
  readonly documents: number;
  readonly lost: number;
  /** How many of them were in files that had been compressed before the next agent found them: two files behind. */
  readonly lostInCompressed: number;
  readonly duplicates: number;
  readonly rotations: number;
  readonly medianRssMiB: number;
  readonly maxRssMiB: number;
  readonly cpuPercent: number;
  readonly seconds: number;
}

/** What arrived: how many records, and how many documents they are by the `_id` of the functions. */
class Arrived {
  records = 0;
  readonly ids = new Set<string>();
  /** Numbers of the lines, which each begins with. */
  readonly lines = new Set<number>();

  take(message: string): void {
    const record = openContainerRecord(message);
    if (record?.containerId === undefined || record.time === undefined) return;
    this.records++;
    const { containerId, stream = '', time, log } = record;
    this.ids.add(recordDocumentId({ cluster: 'local', containerId, stream, time, text: log }, (text) => text));
    this.lines.add(Number.parseInt(log, 10));
  }

  /** Numbers of the lines that did not come. */
  missing(written: number): number[] {
    return Array.from({ length: written }, (_, line) => line).filter((line) => !this.lines.has(line));
  }
}

/** What a run has, for its steps. */
interface World {
  readonly agent: Agent;
  readonly aws: AwsRecorder;
  readonly port: number;
  readonly containers: Containers;
  /** Begins to measure the agent's process of now. */
  readonly watch: () => void;
}

type Step = (world: World) => Promise<void>;

async function run(name: string, { seconds, lines, bytes }: Options, step: Step): Promise<Result> {
  const loaded = loadConfig('config/local.yaml', { provesRegexes: false });
  const cluster = loaded.ok ? loaded.config.clusters[0] : undefined;
  if (!loaded.ok || cluster === undefined) throw new Error('config/local.yaml has problems');
  const agent = new Agent();
  const aws = new AwsRecorder(agent.folder);
  const arrived = new Arrived();
  aws.keepsCalls = false;
  aws.take = ({ group, message }) => {
    if (group.endsWith('/application')) arrived.take(message);
  };
  const containers = new Containers(agent.containers, CONTAINERS, bytes);
  const watches: ProcessWatch[] = [];
  const watch = () => {
    if (agent.pid !== undefined) watches.push(new ProcessWatch(agent.pid));
  };
  const begun = Date.now();
  let missing: readonly number[] = [];
  try {
    const port = await aws.start();
    agent.install(renderFluentBit(loaded.config, cluster, 'daemonset'), {
      aws: port,
      certificate: aws.certificate,
      http: await freePort(),
    });
    await agent.start();
    watch();
    containers.start(lines);
    await step({ agent, aws, port, containers, watch });
    containers.stop();
    await waitFor(() => arrived.ids.size >= containers.written, PATIENCE_MS);
    // What comes twice comes within the next flushes.
    await sleep(3000);
    missing = arrived.missing(containers.written);
    if (missing.length > 0) {
      console.error(`${missing.length} lines did not come, of ${missing[0]} to ${missing.at(-1)}; the agent has left:`);
      console.error(readdirSync(join(agent.folder, 'state'), { recursive: true }).join(' '));
    }
  } finally {
    containers.close();
    for (const each of watches) each.stop();
    await agent.stop();
    await aws.stop();
    agent.remove();
  }
  const elapsed = (Date.now() - begun) / 1000;
  return {
    run: name,
    written: containers.written,
    received: arrived.records,
    documents: arrived.ids.size,
    lost: missing.length,
    lostInCompressed: missing.filter((line) => containers.wasCompressed(line)).length,
    duplicates: arrived.records - arrived.ids.size,
    rotations: containers.rotations,
    medianRssMiB: round(Math.max(...watches.map((each) => each.medianRssMiB))),
    maxRssMiB: round(Math.max(...watches.map((each) => each.maxRssMiB))),
    cpuPercent: round((watches.reduce((sum, each) => sum + each.cpuSeconds, 0) / elapsed) * 100),
    seconds: Math.round(elapsed || seconds),
  };
}

/** Kills the agent while lines go on, and starts it again after some seconds, as a kubelet does. */
async function killAndRestart({ agent, containers, watch }: World): Promise<void> {
  await agent.stop('SIGKILL');
  await sleep(DOWN_MS);
  await agent.start();
  watch();
  await sleep(FOUND_MS);
  containers.markFound();
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      lines: { type: 'string', default: '1000' },
      bytes: { type: 'string', default: '4096' },
      only: { type: 'string' },
    },
  });
  const options: Options = { seconds: Number(values.seconds), lines: Number(values.lines), bytes: Number(values.bytes) };
  if (FLUENT_BIT === undefined) throw new Error('FLUENT_BIT_BIN names no Fluent Bit');
  const { bavail, bsize } = statfsSync('/tmp');
  if (bavail * bsize < 5e9) throw new Error('the run needs 5 GB below /tmp');
  const version = execFileSync(FLUENT_BIT, ['--version'], { encoding: 'utf8' }).split('\n')[0];
  console.log(
    `${version}, ${options.lines} lines/s of ${options.bytes} B from ${CONTAINERS} containers, ${new Date().toISOString().slice(0, 10)}`,
  );
  const ms = options.seconds * 1000;
  const results: Result[] = [];
  const add = async (name: string, step: Step) => {
    if (values.only !== undefined && values.only !== name) return;
    const result = await run(name, options, step);
    results.push(result);
    console.log(JSON.stringify(result));
  };

  await add('steady', () => sleep(ms));
  await add('CloudWatch away', async ({ aws, port }) => {
    await sleep(ms / 4);
    await aws.stop();
    await sleep(ms);
    await aws.start(port);
    await sleep(ms / 4);
  });
  await add('killed while CloudWatch is away', async (world) => {
    await sleep(ms / 4);
    await world.aws.stop();
    await sleep(ms / 4);
    await killAndRestart(world);
    await world.aws.start(world.port);
    await sleep(ms / 4);
  });
  await add('killed while sending', async (world) => {
    await sleep(ms / 4);
    await killAndRestart(world);
    await sleep(ms / 4);
  });

  console.log('| run | lines | received | documents | lost | in compressed files | duplicates | rotations | RSS median / max MiB | CPU |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const r of results) {
    console.log(
      `| ${r.run} | ${r.written} | ${r.received} | ${r.documents} | ${r.lost} | ${r.lostInCompressed} | ${r.duplicates} | ${r.rotations} | ${r.medianRssMiB} / ${r.maxRssMiB} | ${r.cpuPercent} % |`,
    );
  }
  if (results.some(({ lost, lostInCompressed }) => lost > lostInCompressed)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
