import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep, waitFor } from '../../bench/fluent-bit/agent.ts';
import type { RenderedFile } from '../../collector/types.ts';
import { configWith } from '../lib/config/texts.ts';
import { describeWithFluentBit } from './describe.ts';
import { cri, fileName, id, inWorld, type Message, type World } from './world.ts';

const RECORDS = Array.from({ length: 100 }, (_, index) => [
  `2026-11-21T08:30:00.${String(index).padStart(3, '0')} begins`,
  '  goes on',
  '  ends',
]);
const LINES = Array.from({ length: 200 }, (_, index) => `line ${index}`);

/** Records that come out of a filter: joined lines of one application, a new tag by a label for another. */
const config = configWith({
  applications: [
    { name: 'joined', match: { namespace: 'a' }, collect: { start: '^\\d{4}(-\\d{2}){2}T\\d{2}(:\\d{2}){2}\\.\\d{3}' } },
    {
      name: 'labelled',
      match: { namespace: 'b', labels: { app: 'cart' } },
      collect: { sinks: { cloudWatch: { logGroup: '/example/cart' } } },
    },
  ],
  collection: { fluentBit: { kubernetesMetadata: 'kubelet' } },
});

const POD = {
  metadata: { name: 'cart', namespace: 'b', uid: 'uid-cart', labels: { app: 'cart' } },
  spec: { nodeName: 'node-1.example.com', containers: [{ name: 'main' }] },
  status: { containerStatuses: [{ name: 'main', containerID: `containerd://${id('2')}`, image: 'example.com/main:1' }] },
};

/** Everything is read and goes through the filters while CloudWatch is away; then the agent is killed, and started again when CloudWatch is back. */
async function killedWithFullFilters(change: (files: readonly RenderedFile[]) => readonly RenderedFile[]): Promise<World> {
  return inWorld(config, { pods: [POD], change }, async ({ agent, aws }) => {
    const port = aws.port;
    await aws.stop();
    writeFileSync(join(agent.containers, fileName('pod', 'a', 'main', '1')), cri(RECORDS.flat()));
    writeFileSync(join(agent.containers, fileName('cart', 'b', 'main', '2')), cri(LINES));
    await agent.start();
    // Two seconds until the last record has no successor, and some for a busy machine.
    await sleep(6000);
    await agent.stop('SIGKILL');
    await aws.start(port);
    await agent.start();
    await waitFor(() => aws.events.length >= RECORDS.length + 2 * LINES.length, 20_000);
    await sleep(1500);
    await agent.stop();
  });
}

/** The different texts of a container that a group got: a kill may send some twice. */
const distinct = ({ aws }: World, part: string, group: string): string[] => [
  ...new Set(
    aws.events
      .filter((event) => event.group === group && event.stream.includes(part))
      .map(({ message }) => (JSON.parse(message) as Message).log ?? ''),
  ),
];

describeWithFluentBit('a kill while filters hold records that they send themselves', () => {
  test('loses none of them: their buffers are on disk', async () => {
    const world = await killedWithFullFilters((files) => files);

    expect(distinct(world, '_a_main', '/aws/containerinsights/prod/application').sort()).toEqual(
      RECORDS.map((lines) => lines.join('\n')).sort(),
    );
    for (const group of ['/example/cart', '/aws/containerinsights/prod/application'])
      expect(distinct(world, 'cart_b_main', group).sort()).toEqual([...LINES].sort());
  }, 90_000);

  test('would lose them with the filters’ own default, memory', async () => {
    const world = await killedWithFullFilters((files) =>
      files.map(({ path, text }) => ({ path, text: text.replaceAll(/Emitter_Storage.type +filesystem/g, 'Emitter_Storage.type memory') })),
    );

    expect(distinct(world, '_a_main', '/aws/containerinsights/prod/application').length).toBeLessThan(RECORDS.length);
    expect(distinct(world, 'cart_b_main', '/example/cart').length).toBeLessThan(LINES.length);
  }, 90_000);
});
