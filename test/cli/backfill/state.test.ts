import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackfillState, lockState, readState, saveState, unfinished } from '../../../cli/backfill/state.ts';
import { newTotals } from '../../../cli/backfill/totals.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backfill-state-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const state = (change: Partial<BackfillState> = {}): BackfillState => ({
  version: 1,
  identity: {
    ...{ source: 'shop', input: 's3://b/', range: { fromMs: 0, toMs: 1 }, endpoint: 'http://127.0.0.1:1', overwrite: false },
    request: { isMoving: false },
  },
  config: 'c',
  totals: newTotals(),
  isDone: false,
  updatedAt: '2026-11-21T08:00:00.000Z',
  ...change,
});

test('a state is written whole, over the one before, and nothing else is left', async () => {
  const path = join(folder, 'deep/shop.json');
  await saveState(path, state());
  await saveState(path, state({ isDone: true }));

  expect(await readState(path)).toEqual(state({ isDone: true }));
  expect(readdirSync(join(folder, 'deep'))).toEqual(['shop.json']);
});

test('no state is none; half a file and another version are said, not taken for none', async () => {
  expect(await readState(join(folder, 'none.json'))).toBeUndefined();
  writeFileSync(join(folder, 'half.json'), '{"version":1,"ident');
  writeFileSync(join(folder, 'next.json'), '{"version":2}');

  await expect(readState(join(folder, 'half.json'))).rejects.toThrow('is no state of a backfill');
  await expect(readState(join(folder, 'next.json'))).rejects.toThrow("another version's");
});

test('the unfinished ones of a source come with the last one first; what is no state is passed over', async () => {
  await saveState(join(folder, 'a.json'), state({ updatedAt: '2026-11-20T00:00:00.000Z' }));
  await saveState(join(folder, 'b.json'), state({ updatedAt: '2026-11-21T00:00:00.000Z' }));
  await saveState(join(folder, 'c.json'), state({ isDone: true }));
  await saveState(join(folder, 'd.json'), state({ identity: { ...state().identity, source: 'other' } }));
  writeFileSync(join(folder, 'e.json'), 'x');

  expect((await unfinished(folder, 'shop')).map(({ path }) => path.slice(-6))).toEqual(['b.json', 'a.json']);
  expect(await unfinished(join(folder, 'none'), 'shop')).toEqual([]);
});

test('a backfill that another living process runs is refused; what a dead one left is taken over', async () => {
  const path = join(folder, 'shop.json');
  writeFileSync(`${path}.lock`, String(process.ppid));
  await expect(lockState(path)).rejects.toThrow(`another process (${process.ppid}) runs this backfill`);

  // No process has this number: Linux stops at 2^22.
  writeFileSync(`${path}.lock`, '99999999');
  const release = await lockState(path);
  expect(existsSync(`${path}.lock`)).toBe(true);
  await release();
  expect(existsSync(`${path}.lock`)).toBe(false);
});
