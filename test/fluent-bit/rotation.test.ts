import { existsSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sleep, waitFor } from '../../bench/fluent-bit/agent.ts';
import { configWith } from '../lib/config/texts.ts';
import { describeWithFluentBit } from './describe.ts';
import { cri, fileName, id, inWorld, messages, type World } from './world.ts';

const LINES = Array.from({ length: 400 }, (_, index) => `line ${index}`);

/** The container's log as on a node: the kubelet's link to the file that the runtime writes, in the pod's own folder. Returns the file. */
function linked({ agent }: World, pod: string, digit: string): string {
  const target = join(agent.folder, `var/log/pods/a_${pod}_uid-${pod}/main/0.log`);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(target, join(agent.containers, fileName(pod, 'a', 'main', digit)));
  return target;
}

const logs = (world: World, pod: string): string[] => messages(world, `${pod}_a_main`).map(({ log }) => log ?? '');

describeWithFluentBit('files as the kubelet keeps them: links to files that it renames', () => {
  test('a new agent goes on where the old one was, and reads no line again', async () => {
    const world = await inWorld(configWith({}), {}, async (world) => {
      writeFileSync(linked(world, 'cart', '1'), cri(LINES.slice(0, 200)));
      await world.agent.start();
      await waitFor(() => logs(world, 'cart').length >= 200, 15_000);
      await world.agent.stop();
      await world.agent.start();
      await sleep(5000);
      await world.agent.stop();
    });
    expect(logs(world, 'cart')).toEqual(LINES.slice(0, 200));
  }, 60_000);

  test('another file with the inode of one that was read is read from its head', async () => {
    const world = await inWorld(configWith({}), {}, async (world) => {
      const target = linked(world, 'cart', '1');
      writeFileSync(target, cri(LINES.slice(0, 100)));
      await world.agent.start();
      await waitFor(() => logs(world, 'cart').length >= 100, 15_000);
      await world.agent.stop();
      // Written over in place: the inode stays, as it does where a new file gets that of a deleted one.
      writeFileSync(target, cri(LINES.slice(100)));
      await world.agent.start();
      await waitFor(() => logs(world, 'cart').length >= LINES.length, 15_000);
      await world.agent.stop();
    });
    expect(logs(world, 'cart')).toEqual(LINES);
  }, 60_000);

  test.each(['fileName', 'kubelet'] as const)(
    'what a killed agent had not read of a file that is renamed by then is read by the next, metadata by %s',
    async (kubernetesMetadata) => {
      const config = configWith({ collection: { fluentBit: { kubernetesMetadata } } });
      const world = await inWorld(config, { pods: [] }, async (world) => {
        const target = linked(world, 'cart', '1');
        writeFileSync(target, cri(LINES.slice(0, 100)));
        await world.agent.start();
        await waitFor(() => logs(world, 'cart').length >= 100, 15_000);
        // The agent has looked once: from now on it is known that it lived.
        await waitFor(() => existsSync(join(world.agent.folder, 'state/.seen')), 15_000);
        await world.agent.stop('SIGKILL');
        writeFileSync(target, cri(LINES.slice(0, 300)));
        renameSync(target, `${target}.20261121-083000`);
        writeFileSync(target, cri(LINES).split('\n').slice(300).join('\n'));
        await world.agent.start();
        await waitFor(() => new Set(logs(world, 'cart')).size >= LINES.length, 20_000);
        await sleep(3000);
        await world.agent.stop();
      });
      expect([...new Set(logs(world, 'cart'))].sort()).toEqual([...LINES].sort());
      for (const { kubernetes } of messages(world, 'cart_a_main'))
        expect(kubernetes).toMatchObject({ pod_name: 'cart', namespace_name: 'a', container_name: 'main', docker_id: id('1') });
    },
    90_000,
  );

  test('a file that is renamed while the agent lives is read once; a killed agent goes on in it where it was', async () => {
    const world = await inWorld(configWith({}), {}, async (world) => {
      const target = linked(world, 'cart', '1');
      writeFileSync(target, cri(LINES.slice(0, 100)));
      await world.agent.start();
      await waitFor(() => logs(world, 'cart').length >= 100, 15_000);
      const renamed = `${target}.20261121-083000`;
      renameSync(target, renamed);
      writeFileSync(target, cri(LINES.slice(0, 200)).split('\n').slice(100).join('\n'));
      const link = join(world.agent.folder, 'state', fileName('cart', 'a', 'main', '1'));
      await waitFor(() => existsSync(link), 15_000);
      expect(readlinkSync(link)).toBe(renamed);
      await waitFor(() => logs(world, 'cart').length >= 200, 15_000);
      await sleep(4000);
      await world.agent.stop('SIGKILL');
      writeFileSync(renamed, cri(LINES).split('\n').slice(200).join('\n'), { flag: 'a' });
      await world.agent.start();
      await waitFor(() => logs(world, 'cart').length >= LINES.length, 20_000);
      // What the kubelet deletes leaves no link behind.
      rmSync(renamed);
      await waitFor(() => !existsSync(link), 15_000);
      await sleep(3000);
      await world.agent.stop();
      // An empty journal has no place to go on from.
      expect(world.agent.complaints().filter((line) => !line.includes('seek_cursor'))).toEqual([]);
    });
    expect(logs(world, 'cart')).toEqual(LINES);
  }, 90_000);
});
