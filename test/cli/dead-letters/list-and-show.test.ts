import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ASYNC_KEY, asyncRecord, Fixture, KLOG, LETTERS_KEY, letter, NOW, payload, STREAM_KEY, streamRecord } from './fixture.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => rmSync(fixture.folder, { recursive: true }));

function fill(): void {
  fixture.putLetters(LETTERS_KEY, [
    letter(),
    letter({ reason: 'index-read-only' }),
    letter({ source: 'prod-application', logGroup: '/aws/containerinsights/prod/application' }),
  ]);
  fixture.put(ASYNC_KEY, asyncRecord([KLOG, KLOG]));
  fixture.put(STREAM_KEY, streamRecord([payload([KLOG]), 'AAAA']));
  fixture.put('replayed/dead-letters/source=x/dt=2026-11-21/hr=08/f.ndjson.gz', 'not looked at');
}

test('list counts by source and reason, over our letters and what Lambda gave up on', async () => {
  fill();

  const { code, out } = await fixture.call('list');

  expect(code).toBe(0);
  const rows = out
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split(/\s{2,}/)
        .slice(0, 4),
    );
  expect(rows[0]).toEqual(['failures', 'events', 'source', 'reason']);
  expect(rows.slice(1).sort()).toEqual(
    [
      ['1', '1', 'prod-control-plane', 'mapper-parsing'],
      ['1', '1', 'prod-control-plane', 'index-read-only'],
      ['1', '1', 'prod-application', 'mapper-parsing'],
      ['1', '2', 'prod-control-plane', 'RetriesExhausted'],
      ['1', '1', 'prod-control-plane', 'RetryAttemptsExhausted'],
      ['1', '0', 'log-indexer', 'bad-gzip'],
    ].sort(),
  );
});

test('list --json prints a line for each, with its id and without its text', async () => {
  fill();

  const { lines, out } = await fixture.call('list', '--json');

  expect(lines).toHaveLength(6);
  expect(lines[0]).toEqual({
    id: `${LETTERS_KEY}#1`,
    kind: 'dead-letter',
    reason: 'mapper-parsing',
    source: 'prod-control-plane',
    logGroup: '/aws/eks/prod/cluster',
    failedAt: '2026-11-21T09:00:00.000Z',
    events: 1,
    index: 'eks-api-prod-2026.11.21',
    documentId: letter().documentId,
  });
  expect(out).not.toContain('hunter2');
});

test.each([
  ['--reason', 'index-read-only', 1],
  ['--reason', 'nothing-like-it', 0],
  ['--source', 'prod-application', 1],
  ['--source', '/aws/eks/prod/cluster', 4],
])('list %s %s', async (flag, value, expected) => {
  fill();

  expect((await fixture.call('list', '--json', flag, value)).lines).toHaveLength(expected);
});

test('list --since leaves out objects that were written before', async () => {
  fill();
  utimesSync(fixture.path(LETTERS_KEY), NOW / 1000 - 7200, NOW / 1000 - 7200);
  for (const key of [ASYNC_KEY, STREAM_KEY]) utimesSync(fixture.path(key), NOW / 1000, NOW / 1000);

  expect((await fixture.call('list', '--json', '--since', '1h')).lines).toHaveLength(3);
  expect((await fixture.call('list', '--json', '--since', '2026-11-21T06:00:00Z')).lines).toHaveLength(6);
});

test('an empty bucket says so and is no failure', async () => {
  expect(await fixture.call('list')).toMatchObject({ code: 0, out: expect.stringContaining('nothing failed') });
});

test('objects that are no dead letters are failures with that reason, not crashes', async () => {
  fixture.put(LETTERS_KEY, Buffer.from([0x1f, 0x8b, 1, 2, 3]));
  fixture.put(ASYNC_KEY, 'not json');
  fixture.put(STREAM_KEY, JSON.stringify({ requestContext: {}, KinesisBatchInfo: {} }));

  const { lines } = await fixture.call('list', '--json');

  expect(lines.map(({ reason }) => reason).sort()).toEqual(['bad-gzip', 'batch-without-records', 'not-an-invocation-record']);
});

test("show redacts the text and the engine's words, --raw does not", async () => {
  fill();

  const clean = await fixture.call('show', `${LETTERS_KEY}#1`);
  const raw = await fixture.call('show', `${LETTERS_KEY}#1`, '--raw');

  expect(clean).toMatchObject({ code: 0 });
  expect(clean.out).toContain('fine');
  expect(clean.out).not.toContain('hunter2');
  expect(raw.out).toContain('hunter2');
});

test('show of a key shows all that is in it, opened', async () => {
  fill();

  const { lines } = await fixture.call('show', STREAM_KEY, '--json');

  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatchObject({
    kind: 'stream',
    events: [{ message: expect.stringContaining('fine') }],
    logStream: 'kube-apiserver-0123456789abcdef',
  });
  expect(lines[1]).toMatchObject({ reason: 'bad-gzip', events: [], payload: expect.stringContaining('--raw') });
});

test('show of what is not there answers 1 and names it', async () => {
  expect(await fixture.call('show', 'dead-letters/nothing#1')).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no dead-letters/nothing#1'),
  });
});

test.each([
  ['no action', []],
  ['an unknown action', ['delete']],
  ['an unknown option', ['list', '--force']],
  ['a span without a unit', ['list', '--since', '10']],
  ['show without a name', ['show']],
  ['list with a name', ['list', 'x']],
  ['a folder and a bucket', ['list', '--local', '--bucket', 'b']],
])('%s is a wrong use', async (_name, args) => {
  expect(await fixture.call(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--help') });
});

test('where there is neither a local run nor a name for the bucket, that is said', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'eks-telemetry-empty-'));
  rmSync(fixture.folder, { recursive: true });
  Object.assign(fixture, { folder: empty });

  expect(await fixture.call('list')).toMatchObject({ code: 2, err: expect.stringContaining('there is no local run here') });
});
