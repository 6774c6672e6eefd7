import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localBuckets } from '../../../cli/dead-letters/object-store.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-buckets-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('of a local run only the bucket of dead letters is read, not those of access logs', async () => {
  for (const name of ['example-access-logs', 'example-dead-letters-111122223333-us-east-1'])
    mkdirSync(join(directory, 'buckets', name), { recursive: true });

  expect(await localBuckets(directory)).toEqual([join(directory, 'buckets', 'example-dead-letters-111122223333-us-east-1')]);
});

test('where no name tells which bucket it is, all are read; a folder without any has none', async () => {
  expect(await localBuckets(directory)).toEqual([]);
  for (const name of ['b', 'a']) mkdirSync(join(directory, 'buckets', name), { recursive: true });

  expect(await localBuckets(directory)).toEqual([join(directory, 'buckets', 'a'), join(directory, 'buckets', 'b')]);
});
