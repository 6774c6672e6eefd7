import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Agent, freePort, waitFor } from '../../bench/fluent-bit/agent.ts';
import { AwsRecorder, type SentEvent } from '../../bench/fluent-bit/aws-recorder.ts';
import { renderFluentBit } from '../../collector/fluent-bit.ts';
import { openContainerRecord } from '../../lambdas/core/parse/container-record.ts';
import { identityOf } from '../../lambdas/events/fluent-bit.ts';
import type { Config } from '../../lib/config/load.ts';
import { clusterOf } from '../collector/configs.ts';
import { configWith } from '../lib/config/texts.ts';
import { type CriLine, readCriLines } from './cri-lines.ts';
import { describeWithFluentBit } from './describe.ts';

const FOLDER = 'samples/containers';
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.log.gz'));

/** What a record of an event says, with the event's own time. */
interface Received extends CriLine {
  readonly timestamp: number;
  readonly call: number;
  readonly kubernetes: { readonly [name: string]: string };
}

function receivedOf(event: SentEvent): Received {
  const record = JSON.parse(event.message) as Omit<Received, 'timestamp' | 'text' | 'call'> & { readonly log: string };
  return {
    time: record.time,
    stream: record.stream,
    text: record.log,
    kubernetes: record.kubernetes,
    timestamp: event.timestamp,
    call: event.call,
  };
}

/** One line of nginx is not UTF-8. CloudWatch takes texts only: Fluent Bit puts private characters for its bytes, where others put U+FFFD. */
const NOT_UTF8 = /[\uFFFD\uE000-\uF8FF]/g;

const keyOf = ({ time, stream, text }: CriLine) => `${time} ${stream} ${text.replaceAll(NOT_UTF8, '')}`;

async function collect(
  config: Config,
  isComplete: (events: readonly SentEvent[]) => boolean,
): Promise<{ agent: Agent; events: readonly SentEvent[] }> {
  const agent = new Agent();
  const aws = new AwsRecorder(agent.folder);
  try {
    const ports = { aws: await aws.start(), certificate: aws.certificate, http: await freePort() };
    agent.install(renderFluentBit(config, clusterOf(config), 'daemonset'), ports);
    for (const name of FILES)
      writeFileSync(join(agent.containers, name.replace(/\.gz$/, '')), gunzipSync(readFileSync(join(FOLDER, name))));
    await agent.start();
    await waitFor(() => isComplete(aws.events), 30_000);
    // Whatever came twice would come within the next flushes.
    await waitFor(() => false, 2500);
    await agent.stop();
  } finally {
    await agent.stop('SIGKILL');
    await aws.stop();
    agent.remove();
  }
  return { agent, events: aws.events.filter(({ group }) => group.endsWith('/application')) };
}

describeWithFluentBit('the samples’ containers through a real Fluent Bit', () => {
  const config = configWith({});
  const expected = new Map(FILES.map((name) => [name, readCriLines(gunzipSync(readFileSync(join(FOLDER, name))))]));
  const total = [...expected.values()].reduce((sum, lines) => sum + lines.length, 0);
  let agent: Agent;
  let events: readonly SentEvent[];
  let byFile: ReadonlyMap<string, readonly Received[]>;

  beforeAll(async () => {
    ({ agent, events } = await collect(config, (all) => all.filter(({ group }) => group.endsWith('/application')).length >= total));
    byFile = new Map(
      FILES.map((name) => [name, events.filter(({ stream }) => stream.endsWith(name.replace(/\.gz$/, ''))).map(receivedOf)]),
    );
  }, 60_000);

  test('nothing is complained of', () => {
    expect(agent.complaints()).toEqual([]);
  });

  test.each(FILES)('every line arrives once, with its nanoseconds and its stream, pieces joined: %s', (name) => {
    const wanted = expected.get(name)?.map(keyOf).sort();

    expect(byFile.get(name)?.map(keyOf).sort()).toEqual(wanted);
  });

  test.each(FILES)('the order of lines of a stream is kept in each call: %s', (name) => {
    // Two calls may be under way at once; CloudWatch orders what they bring by its time.
    for (const stream of ['stdout', 'stderr']) {
      const positions = new Map(
        (expected.get(name) ?? []).filter((line) => line.stream === stream).map((line, position) => [keyOf(line), position] as const),
      );
      const calls = new Map<number, number[]>();
      for (const line of byFile.get(name) ?? [])
        if (line.stream === stream) calls.set(line.call, [...(calls.get(line.call) ?? []), positions.get(keyOf(line)) ?? -1]);

      for (const sent of calls.values()) expect(sent).toEqual([...sent].sort((one, other) => one - other));
    }
  });

  test.each(FILES)('pod, namespace, container, id and node are those of the file: %s', (name) => {
    const identity = identityOf(name);
    const wanted = {
      pod_name: identity?.podName,
      namespace_name: identity?.namespaceName,
      container_name: identity?.containerName,
      docker_id: identity?.containerId,
      host: 'node-1.example.com',
    };

    expect([...new Set(byFile.get(name)?.map(({ kubernetes }) => JSON.stringify(kubernetes)))]).toEqual([JSON.stringify(wanted)]);
  });

  test('the event’s time is the line’s own, in milliseconds', () => {
    for (const records of byFile.values()) for (const { time, timestamp } of records) expect(timestamp).toBe(Date.parse(time));
  });

  test('the functions’ reader takes each record for one of the collector', () => {
    for (const { message } of events) {
      const opened = openContainerRecord(message);
      expect(opened?.containerId).toMatch(/^[0-9a-f]{64}$/);
      expect(opened?.time).toMatch(/\.\d+Z$/);
      expect(opened?.piece).toBeUndefined();
    }
  });

  test('log streams are named by node and file, and the group has its retention', () => {
    expect(new Set(events.map(({ stream }) => stream)).size).toBe(FILES.length);
    for (const { stream } of events) expect(stream).toMatch(/^node-1\.example\.com-application\..*var\.log\.containers\./);
  });
});

describeWithFluentBit('records that go over lines, joined on the node', () => {
  const config = configWith({
    applications: [
      { name: 'orders', match: { namespace: 'prod-web', container: 'orders' }, format: 'java', collect: { multiline: 'java' } },
      {
        name: 'cbf-server',
        match: { namespace: 'cdro', container: 'server' },
        format: 'pipe',
        collect: { start: '^\\d{4}(-\\d{2}){2}T\\d{2}(:\\d{2}){2}\\.\\d{3}' },
      },
    ],
  });
  let events: readonly SentEvent[];

  beforeAll(async () => {
    // 2,043 and 828 records (samples/README.md), and every line of the two others.
    ({ events } = await collect(
      config,
      (all) => all.filter(({ group }) => group.endsWith('/application')).length >= 2043 + 828 + 2667 + 7497,
    ));
  }, 60_000);

  test('records by their own beginning: 2,043 of the pipe-separated server', () => {
    const records = events.filter(({ stream }) => stream.includes('_cdro_')).map(receivedOf);

    expect(records).toHaveLength(2043);
    for (const { text } of records) expect(text).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}/);
  });

  test('stack traces of Java: 811 records with a date on stdout, 17 traces alone on stderr, none mixed', () => {
    const records = events.filter(({ stream }) => stream.includes('_orders-')).map(receivedOf);

    expect(records.filter(({ stream, text }) => stream === 'stdout' && /^\d{4}-/.test(text))).toHaveLength(811);
    expect(
      records.filter(({ stream, text }) => stream === 'stderr' && /^java\.lang\.Exception: stderr trace \d+\n\tat /.test(text)),
    ).toHaveLength(17);
    expect(records).toHaveLength(828);
  });

  test('no line is lost or doubled by the joining', () => {
    for (const part of ['_cdro_', '_orders-']) {
      const file = FILES.find((name) => name.includes(part)) ?? '';
      const wanted = readCriLines(gunzipSync(readFileSync(join(FOLDER, file)))).map(({ text }) => text);
      const records = events.filter(({ stream }) => stream.includes(part)).map(receivedOf);
      // An empty line becomes two line breaks in the joined text, so only lines that hold something are counted.
      const lines = records.flatMap(({ text }) => text.split('\n'));

      expect(lines.filter((line) => line !== '').sort()).toEqual(wanted.filter((line) => line !== '').sort());
    }
  });

  test('a joined record has the time, stream and container of its first line', () => {
    const first = new Map(
      FILES.filter((name) => /_cdro_|_orders-/.test(name)).flatMap((name) =>
        readCriLines(gunzipSync(readFileSync(join(FOLDER, name)))).map(({ time, stream, text }) => [`${time} ${stream}`, text] as const),
      ),
    );
    for (const { time, stream, text, kubernetes } of events.filter((event) => /_cdro_|_orders-/.test(event.stream)).map(receivedOf)) {
      expect(text.startsWith(first.get(`${time} ${stream}`) ?? '\0')).toBe(true);
      expect(kubernetes['docker_id']).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
