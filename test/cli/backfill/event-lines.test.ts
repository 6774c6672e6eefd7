import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readJsonLine } from '../../../cli/backfill/event-lines.ts';
import { FileReader } from '../../../cli/backfill/file-reader.ts';
import { localFiles } from '../../../cli/backfill/file-store.ts';
import type { EventPage, Position } from '../../../cli/backfill/positions.ts';
import { sha256 } from '../../lambdas/core/index/transform-support.ts';

const WANTED = { name: 'audit', logGroup: '/aws/eks/prod/cluster', account: '111122223333' };

test.each<[string, object, object | string | undefined]>([
  [
    'a line of the archive',
    {
      event_id: '37',
      timestamp: 5,
      time: '…',
      account: '444455556666',
      region: 'eu-west-1',
      log_group: WANTED.logGroup,
      log_stream: 's',
      message: 'm',
    },
    { id: '37', timestamp: 5, message: 'm', owner: '444455556666', region: 'eu-west-1', logGroup: WANTED.logGroup, logStream: 's' },
  ],
  [
    'an event of FilterLogEvents',
    { eventId: '37', timestamp: 5, logStreamName: 's', message: 'm' },
    { id: '37', owner: '111122223333', logStream: 's' },
  ],
  ['a line of another source', { event_id: '37', timestamp: 5, log_group: '/other', message: 'm' }, 'of-another'],
  ['a line without an id', { timestamp: 5, message: 'm' }, undefined],
  ['a line with a text as its time', { event_id: '37', timestamp: '5', message: 'm' }, undefined],
])('%s', (_name, line, expected) => {
  const read = readJsonLine(JSON.stringify(line), WANTED);
  if (typeof expected === 'object') expect(read).toMatchObject(expected);
  else expect(read).toBe(expected);
});

describe('files', () => {
  let folder: string;
  let told: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'backfill-files-'));
    told = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (key: string, text: string | Buffer): void => {
    mkdirSync(join(folder, key, '..'), { recursive: true });
    writeFileSync(join(folder, key), text);
  };
  async function read(from?: Position): Promise<EventPage[]> {
    const ports = { hash: sha256, tell: (key: string, reason: string) => void told.push(`${key} ${reason}`), foundExport: () => undefined };
    const pages: EventPage[] = [];
    for await (const page of new FileReader(localFiles(folder, ''), '', { range: undefined, slackMs: 0 }, WANTED, ports).pages(from))
      pages.push(page);
    return pages;
  }

  test('an export task: text of several lines stays one event, its folder is the stream, equal events have ids of their own, and the same ones again', async () => {
    put('aws-logs-write-test', 'Permission Check Successful');
    put(
      'task/kube-apiserver-audit-1/000000.gz',
      gzipSync('2026-11-21T08:39:00.123Z {"a":1}\n2026-11-21T08:39:00.123Z {"a":1}\n2026-11-21T08:39:01.000Z panic:\n\tat x\n\n'),
    );

    const [page, ...more] = await read();

    expect(more).toEqual([]);
    expect(page?.events).toMatchObject([
      { message: '{"a":1}', logStream: 'kube-apiserver-audit-1', timestamp: Date.UTC(2026, 10, 21, 8, 39, 0, 123) },
      { message: '{"a":1}' },
      { message: 'panic:\n\tat x\n' },
    ]);
    expect(new Set(page?.events.map(({ id }) => id)).size).toBe(3);
    expect((await read())[0]?.events).toEqual(page?.events);
    expect(told).toEqual([]);
  });

  test('a file that nobody can read is told and counted, and its neighbours are read', async () => {
    const good = JSON.stringify({ event_id: '1', timestamp: 1, message: 'm' });
    put('a.gz', gzipSync(good));
    put('b.parquet', 'PAR1 something PAR1');
    put('c.gz', 'not gzip');
    put('d.gz', gzipSync(`${`${good}\n`.repeat(20_000)}`).subarray(0, 300));
    put('e.txt', 'hello\n');
    put('f.gz', gzipSync(`${good}\nno json\n`));
    put('g.gz', '');

    const pages = await read();

    expect(told).toEqual(['b.parquet file-parquet', 'c.gz file-not-gzip', 'd.gz file-truncated', 'e.txt file-unknown']);
    expect(pages.reduce((sum, { unreadable }) => sum + unreadable, 0)).toBe(5);
    const keys = new Set(pages.flatMap(({ events }) => events.map(({ at }) => at.key)));
    expect([...keys]).toEqual(['a.gz', 'd.gz', 'f.gz']);
  });

  test('a large file is read in pages, and from the middle of it on', async () => {
    const line = (number: number): string => JSON.stringify({ event_id: String(number), timestamp: number, message: 'x' });
    put('a.ndjson', Array.from({ length: 12_000 }, (_, number) => line(number)).join('\n'));

    const pages = await read();
    const [, second] = pages;
    const rest = await read(second?.next);

    expect(pages.map(({ events }) => events.length)).toEqual([5_000, 5_000, 2_000]);
    expect(rest.flatMap(({ events }) => events.map(({ id }) => id))).toEqual(pages[2]?.events.map(({ id }) => id));
  });
});
