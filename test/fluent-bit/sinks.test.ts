import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, sleep, waitFor } from '../../bench/fluent-bit/agent.ts';
import { KafkaBroker } from '../../bench/fluent-bit/kafka.ts';
import { configWith } from '../lib/config/texts.ts';
import { describeWithFluentBit } from './describe.ts';
import { cri, fileName, id, inWorld, type Message } from './world.ts';

const LINES = Array.from({ length: 500 }, (_, index) => `line ${index}`);

/** A record as every sink must have it: the id of its document is made of these. */
function expectWhole(record: Message, digit: string): void {
  expect(record['time']).toMatch(/^2026-11-21T08:30:0\d\.\d{9}Z$/);
  expect(record['stream']).toBe('stdout');
  expect(record.kubernetes?.['docker_id']).toBe(id(digit));
}

describeWithFluentBit('records to S3', () => {
  const config = configWith({
    applications: [
      { name: 'archived', match: { namespace: 'a' }, collect: { sinks: { application: false, s3: { bucket: 'example-archive' } } } },
    ],
  });

  test('become one gzipped file of JSON lines for the hour, sent at the latest when the agent ends', async () => {
    const { agent, aws } = await inWorld(config, {}, async (world) => {
      writeFileSync(join(world.agent.containers, fileName('pod', 'a', 'main', '1')), cri(LINES));
      await world.agent.start();
      await sleep(3000);
      await world.agent.stop();
    });
    const puts = aws.calls.filter(({ path }) => path.startsWith('/example-archive'));
    const records = puts.flatMap(({ body }) => body.trim().split('\n')).map((line) => JSON.parse(line) as Message);

    expect(puts.map(({ path }) => path)).toEqual([
      expect.stringMatching(/^\/example-archive\/archived\/prod\/20\d\d\/\d\d\/\d\d\/\d\d\/[A-Za-z0-9]+\.json\.gz$/),
    ]);
    expect(records.map(({ log }) => log)).toEqual(LINES);
    for (const record of records) expectWhole(record, '1');
    expect(aws.events.filter(({ group }) => group.endsWith('/application'))).toEqual([]);
    expect(agent.complaints()).toEqual([]);
  }, 60_000);
});

describeWithFluentBit('records to Kafka', () => {
  const config = configWith({
    applications: [
      {
        name: 'streamed',
        match: { namespace: 'a' },
        collect: { sinks: { kafka: { brokers: ['broker-1.example.com:9094', 'broker-2.example.com:9094'], topic: 'lines' } } },
      },
    ],
  });

  test('arrive once each over TLS, acknowledged by all replicas, also those that were written while no broker was there', async () => {
    let broker: KafkaBroker | undefined;
    try {
      const port = await freePort();
      const world = await inWorld(config, { kafka: port }, async ({ agent, aws }) => {
        broker = new KafkaBroker(aws.certificate, aws.key);
        writeFileSync(join(agent.containers, fileName('pod', 'a', 'main', '1')), cri(LINES));
        await agent.start();
        await waitFor(() => aws.events.length >= LINES.length, 10_000);
        // Until now nobody listened at the brokers' port.
        expect(agent.complaints().some((line) => line.includes('kafka'))).toBe(true);
        await broker.start(port);
        await waitFor(() => (broker?.records.get('lines')?.length ?? 0) >= LINES.length, 30_000);
        await sleep(2000);
        await agent.stop();
      });
      const records = broker?.records.get('lines')?.map((value) => JSON.parse(value) as Message) ?? [];

      expect(records.map(({ log }) => log)).toEqual(LINES);
      for (const record of records) expectWhole(record, '1');
      expect([...(broker?.acks ?? [])]).toEqual([-1]);
      // The other sink did not wait.
      expect(world.aws.events.filter(({ group }) => group.endsWith('/application'))).toHaveLength(LINES.length);
    } finally {
      await broker?.stop();
    }
  }, 90_000);
});
