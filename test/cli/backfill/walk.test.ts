import type { FileStore } from '../../../cli/backfill/file-store.ts';
import { compareKeys } from '../../../cli/backfill/positions.ts';
import { folderRange, parseMoment } from '../../../cli/backfill/time-range.ts';
import { type WalkLimits, walkFiles } from '../../../cli/backfill/walk.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const ALB = 'shop/AWSLogs/111122223333/elasticloadbalancing/us-east-1/';

/** A bucket that remembers which folders were listed. */
function bucket(keys: readonly string[]): FileStore & { readonly listed: string[] } {
  const listed: string[] = [];
  return {
    ...{ title: 's3://b', bucket: 'b', listed },
    async list(prefix) {
      listed.push(prefix);
      const below = keys.filter((key) => key.startsWith(prefix));
      const folders = new Set(
        below.flatMap((key) => (key.indexOf('/', prefix.length) < 0 ? [] : [key.slice(0, key.indexOf('/', prefix.length) + 1)])),
      );
      const files = below.filter((key) => !key.slice(prefix.length).includes('/'));
      return { folders: [...folders].reverse(), files: files.map((key) => ({ key, bytes: 1, changedMs: NOW })) };
    },
    open: () => Promise.reject(new Error('not opened')),
  };
}

async function walked(store: FileStore, limits: WalkLimits, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of walkFiles(store, prefix, limits)) keys.push(key);
  return keys;
}

const range = { fromMs: Date.UTC(2026, 10, 21), toMs: Date.UTC(2026, 10, 22) };

test('a day of two years costs the lists of its own folders, not of all', async () => {
  const keys = ['2025', '2026'].flatMap((year) =>
    ['10', '11'].flatMap((month) =>
      Array.from({ length: 28 }, (_, day) => `${ALB}${year}/${month}/${String(day + 1).padStart(2, '0')}/a.log.gz`),
    ),
  );
  const store = bucket(keys);

  const found = await walked(store, { range, slackMs: 0 }, 'shop/');

  expect(found).toEqual([`${ALB}2026/11/21/a.log.gz`]);
  expect(store.listed.slice(-3)).toEqual([`${ALB}2026/`, `${ALB}2026/11/`, `${ALB}2026/11/21/`]);
  expect(store.listed).toHaveLength(8);
});

test('folders of the archive are taken by kind, cluster and hour', async () => {
  const keys = ['audit', 'api', 'application'].flatMap((kind) =>
    ['prod', 'test'].flatMap((cluster) =>
      ['07', '08', '09'].map((hour) => `kind=${kind}/cluster=${cluster}/dt=2026-11-21/hr=${hour}/x.gz`),
    ),
  );
  const hour = { fromMs: Date.UTC(2026, 10, 21, 8), toMs: Date.UTC(2026, 10, 21, 9) };
  const partitions = { kind: new Set(['audit', 'api']), cluster: new Set(['prod']) };

  keys.push('errors/processing-failed/dt=2026-11-21/hr=08/x.gz');
  expect(await walked(bucket(keys), { range: hour, slackMs: 0, partitions })).toEqual([
    'kind=api/cluster=prod/dt=2026-11-21/hr=08/x.gz',
    'kind=audit/cluster=prod/dt=2026-11-21/hr=08/x.gz',
  ]);
});

test('files come in the order in which S3 lists keys, and going on leaves out what is done without listing it', async () => {
  const keys = ['a/2', 'a-b/1', 'a.gz', 'b/ü', 'b/𐀀', 'b/1/z', 'c'];
  const store = bucket(keys);
  const all = await walked(store, { range: undefined, slackMs: 0 });
  expect(all).toEqual([...keys].sort(compareKeys));

  for (const [at, after] of all.entries())
    expect(await walked(bucket(keys), { range: undefined, slackMs: 0, after })).toEqual(all.slice(at + 1));

  const later = bucket(keys);
  await walked(later, { range: undefined, slackMs: 0, after: 'b/1/z' });
  expect(later.listed).toEqual(['', 'b/', 'b/1/']);
});

test.each<[string, string | undefined]>([
  ['x/2026/', '2026-01-01T00:00:00.000Z'],
  ['x/2026/11/21/', '2026-11-21T00:00:00.000Z'],
  ['AWSLogs/111122223333/WAFLogs/us-east-1/acl/2026/11/21/08/35/', '2026-11-21T08:35:00.000Z'],
  ['dt=2026-11-21/hr=08/', '2026-11-21T08:00:00.000Z'],
  ['year=2026/month=11/day=21/hour=08/', '2026-11-21T08:00:00.000Z'],
  ['AWSLogs/111122223333/', undefined],
  // A year in the middle of a name means nothing.
  ['team/2024/alb/', undefined],
  ['v/0007/', undefined],
])('the folder %s starts at %s', (folder, from) => {
  const found = folderRange(folder);
  expect(found && new Date(found.fromMs).toISOString()).toBe(from);
});

test.each<[string, string | undefined]>([
  ['90m', '2026-11-21T10:30:00.000Z'],
  ['52w', '2025-11-22T12:00:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20T08:30', '2026-11-20T08:30:00.000Z'],
  ['2026-11-20T08:30+09:00', '2026-11-19T23:30:00.000Z'],
  ['yesterday', undefined],
  ['2026-13-40', undefined],
  ['2026-02-30', undefined],
  ['2026-02-30T08:30Z', undefined],
  ['2028-02-29', '2028-02-29T00:00:00.000Z'],
])('%s is the moment %s', (text, iso) => {
  const ms = parseMoment(text, NOW);
  expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(iso);
});
