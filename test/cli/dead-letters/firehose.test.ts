import { existsSync, rmSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { folderStore } from '../../../cli/dead-letters/object-store.ts';
import { readableStore } from '../../../cli/dead-letters/places.ts';
import { replay } from '../../../cli/dead-letters/replay.ts';
import { Fixture, KLOG, NOW, payload } from './fixture.ts';

const STREAM = 'firehose/eks-telemetry-prod-search-eks-events';
const FAILED = `${STREAM}/processing-failed/dt=2026-11-21/hr=08/eks-telemetry-prod-search-eks-events-1-2026-11-21-08-59-00-id`;

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => rmSync(fixture.folder, { recursive: true }));

const record = (rawData: string): string =>
  JSON.stringify({
    attemptsMade: 4,
    arrivalTimestamp: NOW - 60_000,
    errorCode: 'Lambda.ProcessingFailedStatus',
    errorMessage: 'ProcessingFailed status set for record',
    attemptEndingTimestamp: NOW,
    rawData,
    lambdaArn: 'arn:aws:lambda:us-east-1:111122223333:function:transform:$LATEST',
  });

test('what Firehose gave up on is listed with its events, and those that cannot be opened without', async () => {
  fixture.put(FAILED, gzipSync(`${record(payload([KLOG, KLOG]))}\n${record('bm8gcGF5bG9hZA==')}\nno JSON\n`));
  fixture.put(`${STREAM}/documents/dt=2026-11-21/hr=08/all-1`, '{"a":1}\n');

  const { code, lines } = await fixture.call('list', '--json');

  expect(code).toBe(0);
  expect(lines.map(({ kind, reason, source, events }) => [kind, reason, source, events])).toEqual([
    ['firehose', 'Lambda.ProcessingFailedStatus', 'prod-control-plane', 2],
    ['firehose', 'Lambda.ProcessingFailedStatus', '', 0],
    ['firehose', 'not-a-firehose-record', '', 0],
  ]);
});

test('a dry replay finds the documents that log-indexer would have made of them', async () => {
  fixture.put(FAILED, `${record(payload([KLOG]))}\n`);

  const { code, out, err } = await fixture.call('replay', '--dry-run');

  expect([code, err]).toEqual([0, expect.any(String)]);
  expect(out).toMatch(/^would index 1 documents/);
});

const ARCHIVED = 'errors/processing-failed/dt=2026-11-21/hr=08/eks-telemetry-prod-archive-3-2026-11-21-08-59-00-5d2f-id.gz';

test('what Firehose could not bring to the archive is listed and shown from errors/', async () => {
  const conversion = { ErrorCode: 'DataFormatConversion.MalformedData', ErrorMessage: 'no', rawData: btoa('{"event_id":"1"}') };
  fixture.put(ARCHIVED, gzipSync(`${record(payload([KLOG]))}\n`));
  fixture.put('errors/format-conversion-failed/dt=2026-11-21/hr=08/s-1-2026-11-21-08-59-00-id', JSON.stringify(conversion));

  const { code, lines } = await fixture.call('list', '--json');
  const shown = await fixture.call('show', `${ARCHIVED}#1`, '--json');

  expect(code).toBe(0);
  expect(lines.map(({ kind, reason, events }) => [kind, reason, events])).toEqual([
    ['archive', 'DataFormatConversion.MalformedData', 0],
    ['archive', 'Lambda.ProcessingFailedStatus', 1],
  ]);
  expect(shown.out).toContain('server.go:1');
  expect(shown.out).not.toContain('hunter2');
  expect(shown.out).not.toContain('"again"');
});

test('what was on its way to the archive goes into its stream, never into an index; what has an envelope already does not', async () => {
  fixture.put(ARCHIVED, gzipSync(`${record(payload([KLOG]))}\n${record(btoa('{"event_id":"1"}'))}\nno JSON\n`));
  const store = folderStore(fixture.path(''));
  const put = jest.fn(async (records: readonly unknown[]) => records.map(() => true));
  const io = { stdout: new PassThrough(), stderr: new PassThrough(), json: true, dryRun: false };
  const never = () => {
    throw new Error('an index has no use for it');
  };
  const ports = { transform: never, send: async () => [], putAgain: put, onProgress: () => {} };

  const code = await replay([store], { only: [] }, () => undefined, ports, io);

  expect(code).toBe(1);
  expect(put.mock.calls).toEqual([[[{ stream: 'eks-telemetry-prod-archive', data: Buffer.from(payload([KLOG]), 'base64') }]]]);
  expect(String(io.stdout.read()).match(/"outcome":"[^"]+"/g)).toEqual([
    '"outcome":"put-again"',
    '"outcome":"failed"',
    '"outcome":"failed"',
  ]);
  expect(existsSync(fixture.path(ARCHIVED))).toBe(true);

  fixture.put(ARCHIVED, gzipSync(`${record(payload([KLOG]))}\n`));
  expect(await replay([store], { only: [] }, () => undefined, ports, io)).toBe(0);
  expect(existsSync(fixture.path(ARCHIVED))).toBe(false);
  expect(existsSync(fixture.path(`replayed/${ARCHIVED}`))).toBe(true);
});

test('a record that the stream does not accept stays where it is', async () => {
  fixture.put(ARCHIVED, `${record(payload([KLOG]))}\n`);
  const io = { stdout: new PassThrough(), stderr: new PassThrough(), json: false, dryRun: false };
  const ports = { transform: () => undefined, send: async () => [], putAgain: async () => [false], onProgress: () => {} };

  expect(await replay([folderStore(fixture.path(''))], { only: [] }, () => undefined, ports, io)).toBe(1);
  expect(String(io.stdout.read())).toContain('1 failed again (1 not-accepted)');
  expect(existsSync(fixture.path(ARCHIVED))).toBe(true);
});

test('an archive that one may not list is named, and the other bucket is read', async () => {
  const stderr = new PassThrough();
  const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });
  const store = readableStore(
    {
      ...folderStore(fixture.path('')),
      title: 'archive',
      // biome-ignore lint/correctness/useYield: it fails before it has anything.
      async *list() {
        throw denied;
      },
    },
    { stderr },
  );

  for (const prefix of ['a/', 'b/']) for await (const object of store.list(prefix)) throw new Error(object.key);

  expect(String(stderr.read()).match(/archive is left out/g)).toHaveLength(1);
});
