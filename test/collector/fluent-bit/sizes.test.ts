import fc from 'fast-check';
import {
  backlogMemoryMiB,
  graceSeconds,
  MIN_QUEUE_MIB,
  maxChunksUp,
  type OutputKind,
  queueSizes,
  terminationSeconds,
} from '../../../collector/fluent-bit/sizes.ts';
import { configWith } from '../../lib/config/texts.ts';

const KINDS: readonly OutputKind[] = ['application', 'sink', 'dataplane', 'host', 'files', 'metrics', 'events'];

test.each([
  [128, 8],
  [192, 24],
  [400, 76],
  [608, 128],
  [8192, 128],
])('a pod of %i MiB has up to %i chunks in memory', (memoryLimitMiB, chunks) => {
  expect(maxChunksUp(memoryLimitMiB)).toBe(chunks);
});

test('chunks, each with what its sending takes, fit beside the process, unless the pod has less than the smallest that is warned of', () => {
  for (let memoryMiB = 192; memoryMiB <= 8192; memoryMiB += 8) expect(maxChunksUp(memoryMiB) * 4 + 96).toBeLessThanOrEqual(memoryMiB);
});

test.each([
  [64, 5],
  [128, 6],
  [400, 20],
  [8192, 409],
])('a pod of %i MiB reads up to %i MiB of old chunks at once', (memoryLimitMiB, mib) => {
  expect(backlogMemoryMiB(memoryLimitMiB)).toBe(mib);
});

test('queues are together at most the limit, none is smaller than eight chunks, and more disk makes none smaller', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 80 }),
      fc.integer({ min: 256, max: 102_400 }),
      (kinds, limit) => {
        fc.pre(kinds.length * MIN_QUEUE_MIB <= limit);
        const outputs = kinds.map((kind, index) => ({ name: `${index}`, kind }));
        const sizes = queueSizes(outputs, limit);
        const larger = queueSizes(outputs, limit + 1);

        expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(limit);
        for (const [name, size] of sizes) {
          expect(size).toBeGreaterThanOrEqual(MIN_QUEUE_MIB);
          expect(larger.get(name)).toBeGreaterThanOrEqual(size);
        }
      },
    ),
  );
});

test('twelve sinks in the smallest disk share it as well', () => {
  const kinds: OutputKind[] = ['application', 'dataplane', 'host', 'metrics', ...Array<OutputKind>(12).fill('sink')];
  const sizes = queueSizes(
    kinds.map((kind, index) => ({ name: `${index}`, kind })),
    256,
  );

  expect([...sizes.values()]).toEqual(Array(16).fill(16));
});

test('by default containers have room for five minutes of 1,000 lines of 4 KB a second', () => {
  const sizes = queueSizes(
    (['application', 'dataplane', 'host', 'metrics'] as const).map((kind) => ({ name: kind, kind })),
    2048,
  );

  // A record has some 400 bytes of metadata besides its line.
  expect(((sizes.get('application') ?? 0) * 1024 * 1024) / (1000 * (4096 + 400))).toBeGreaterThan(300);
});

test.each(['daemonset', 'events', 'addon'] as const)('%s: the agent stops sending before its pod is killed', (target) => {
  for (const seconds of [5, 45, 300]) {
    const config = configWith({ collection: { fluentBit: { graceSeconds: seconds } } });
    expect(graceSeconds(config, target)).toBeLessThan(target === 'addon' ? 10 : terminationSeconds(config));
  }
});
