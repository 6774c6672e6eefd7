import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sleep, waitFor } from '../../bench/fluent-bit/agent.ts';
import { configWith } from '../lib/config/texts.ts';
import { describeWithFluentBit } from './describe.ts';
import { cri, fileName, inWorld, messages, type World } from './world.ts';

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
});
