import { rmSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
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
  expect(out + err).toContain('1');
});
