import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BackfillState } from '../../../cli/backfill/state.ts';
import { run } from '../../../cli/backfill.ts';
import { JsonService, type ServiceCall, ServiceError } from '../../support/json-service.ts';
import { fakeIo } from '../query/helpers.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const CONFIG = `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources:
  - { name: prod-control-plane, cluster: prod, kind: controlPlane, route: stream }
search:
  access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } }
`;

/** A log group of three events an hour for three days, behind FilterLogEvents with pages of four. */
function filterLogEvents({ operation, body }: ServiceCall): object {
  if (operation !== 'FilterLogEvents') throw new ServiceError('UnknownOperationException', operation);
  const { startTime, endTime, nextToken, logGroupName } = body as {
    startTime: number;
    endTime: number;
    nextToken?: string;
    logGroupName: string;
  };
  if (logGroupName !== '/aws/eks/prod/cluster')
    throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
  const all = Array.from({ length: 3 * 72 }, (_, at) => ({
    eventId: String(at).padStart(56, '0'),
    timestamp: NOW - 72 * 3_600_000 + at * 1_200_000,
    logStreamName: at % 2 === 0 ? 'kube-apiserver-audit-1' : 'authenticator-1',
    message: at % 2 === 0 ? `{"kind":"Event","auditID":"a${at}","verb":"get"}` : `time="2026-11-20T00:00:00Z" level=info msg="event ${at}"`,
  })).filter(({ timestamp }) => timestamp >= startTime && timestamp <= endTime);
  const at = Number(nextToken ?? 0);
  return { events: all.slice(at, at + 100), ...(at + 100 < all.length ? { nextToken: String(at + 100) } : {}) };
}

let logs: JsonService;
let search: Server;
let searchUrl: string;
let folder: string;
const documents = new Map<string, string>();
let onBulk: (() => void) | undefined;
const before = { ...process.env };

beforeAll(async () => {
  logs = new JsonService(filterLogEvents);
  await logs.start();
  search = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!request.url?.startsWith('/_bulk')) return void response.end('{}');
      onBulk?.();
      const rows = Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1);
      const items: object[] = [];
      for (let row = 0; row < rows.length; row += 2) {
        const action = JSON.parse(rows[row] as string) as { [name: string]: { _index: string; _id: string } };
        const [name, { _index, _id }] = Object.entries(action)[0] as [string, { _index: string; _id: string }];
        const isThere = documents.has(`${_index}/${_id}`);
        if (name === 'index' || !isThere) documents.set(`${_index}/${_id}`, rows[row + 1] as string);
        items.push({ [name]: { status: !isThere ? 201 : name === 'index' ? 200 : 409 } });
      }
      response.end(JSON.stringify({ errors: false, items }));
    });
  });
  await new Promise<void>((resolve) => search.listen(0, '127.0.0.1', resolve));
  searchUrl = `http://127.0.0.1:${(search.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: logs.endpoint, AWS_ENDPOINT_URL_CLOUDWATCH: logs.endpoint },
    ...{ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example', AWS_MAX_ATTEMPTS: '1' },
  });
});
afterAll(async () => {
  process.env = { ...before };
  await logs.stop();
  search.closeAllConnections();
  await new Promise((resolve) => search.close(resolve));
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backfill-command-'));
  writeFileSync(join(folder, 'test.yaml'), CONFIG);
  documents.clear();
  onBulk = undefined;
});
afterEach(() => rmSync(folder, { recursive: true }));

async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd: folder, now: () => NOW });
  const code = await run(args, io);
  return { code, out: io.out(), err: io.err() };
}
const backfill = (...args: string[]) => call('prod-control-plane', '--config', 'test.yaml', '--endpoint', searchUrl, ...args);
const states = (): BackfillState[] => {
  const path = join(folder, '.eks-telemetry/backfill');
  return readdirSync(path).map((name) => JSON.parse(readFileSync(join(path, name), 'utf8')) as BackfillState);
};

test('a log group of a range older than live delivery takes: every event of it, to the index of its day, with its own id', async () => {
  const { code, out, err } = await backfill('--from', '2026-11-19', '--to', '2026-11-21', '--yes');

  expect({ code, out }).toEqual({ code: 0, out: 'read 144 events: indexed 144, were there already 0; every event is accounted for\n' });
  expect(err).toContain('2026-11-19T00:00:00.000Z to 2026-11-21T00:00:00.000Z');
  expect(err).toContain('how much is not known');
  const indices = new Set([...documents.keys()].map((name) => name.split('/')[0]));
  expect([...indices].sort()).toEqual(
    ['audit', 'authenticator'].flatMap((family) => [`eks-${family}-prod-2026.11.19`, `eks-${family}-prod-2026.11.20`]),
  );
  expect([...documents.keys()].every((name) => /\/111122223333-us-east-1-\d{56}$/.test(name))).toBe(true);
});

test('called again it finds everything there; --overwrite writes over it; --dry-run sends nothing and keeps nothing', async () => {
  const range = ['--from', '2026-11-20', '--to', '2026-11-21', '--yes'];
  const dry = await backfill(...range, '--dry-run');
  expect({ dry: dry.out, there: documents.size }).toEqual({
    dry: 'read 72 events: would index 72; every event is accounted for\n',
    there: 0,
  });
  await backfill(...range);

  const again = await backfill(...range);
  const over = await backfill(...range, '--overwrite', '--json');

  expect(again.out).toContain('indexed 0, were there already 72');
  expect(
    over.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([{ type: 'estimate' }, { type: 'result', end: 'done', read: 72, overwritten: 72, duplicate: 0 }]);
});

test('the same call of a moving range goes on with what a killed process left, and a config that reads otherwise does not', async () => {
  await backfill('--from', '2d', '--yes', '--restart');
  const [state] = states().filter(({ isDone }) => isDone);
  if (state === undefined) throw new Error('no state');
  // As a killed process leaves it: half done.
  const path = join(folder, '.eks-telemetry/backfill', readdirSync(join(folder, '.eks-telemetry/backfill'))[0] as string);
  const half = {
    ...state,
    isDone: false,
    checkpoint: { next: { key: '', line: NOW - 86_400_000 } },
    totals: { ...state.totals, read: 72, indexed: 72 },
  };
  writeFileSync(path, JSON.stringify(half));
  writeFileSync(
    join(folder, 'test.yaml'),
    CONFIG.replace('route: stream', 'route: stream, exclusions: [{ name: gets, when: [{ field: verb, equals: get }] }]'),
  );

  const other = await backfill('--from', '2d', '--yes');
  writeFileSync(join(folder, 'test.yaml'), `${CONFIG}# only a comment\n`);
  const same = await backfill('--from', '2d', '--yes');

  expect(other).toMatchObject({ code: 1, out: '', err: expect.stringContaining('the config says otherwise') as string });
  expect(same.err).toContain('going on behind 72 events');
  expect(same).toMatchObject({ code: 0, out: expect.stringContaining('read 144 events') as string });
});

test.each<[string, string[], string]>([
  ['no source', ['--config', 'test.yaml'], 'say which source'],
  ['an unknown source', ['prod-control-plan', '--config', 'test.yaml', '--from', '1d'], 'did you mean prod-control-plane'],
  ['no range', ['prod-control-plane', '--config', 'test.yaml', '--endpoint', 'http://127.0.0.1:1'], 'say which time'],
  [
    'a range that ends before it begins',
    ['prod-control-plane', '--config', 'test.yaml', '--from', '1d', '--to', '2d'],
    '--from must be before --to',
  ],
  ['a time that is none', ['prod-control-plane', '--config', 'test.yaml', '--from', 'yesterday'], '--from takes a span'],
  [
    'nobody to ask',
    ['prod-control-plane', '--config', 'test.yaml', '--endpoint', 'http://127.0.0.1:1', '--from', '1d'],
    '--yes says that it may begin',
  ],
  [
    'a folder that is not there',
    ['prod-control-plane', '--config', 'test.yaml', '--endpoint', 'http://127.0.0.1:1', '--input', 'none'],
    'no folder',
  ],
  ['nothing to resume', ['prod-control-plane', '--config', 'test.yaml', '--resume'], 'no unfinished backfill'],
  ['a config with problems', ['x', '--config', 'missing.yaml', '--from', '1d'], 'problems in the config'],
])('%s is used wrongly', async (_name, args, text) => {
  const { code, err } = await call(...args);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(text) as string });
});

test('a log group that is not there is an error, not an empty success', async () => {
  await expect(backfill('--from', '1d', '--log-group', '/aws/eks/other/cluster', '--yes')).rejects.toThrow('does not exist');
});

test('files of an export task are refused for the control plane, whose events they leave the ids out of; --allow-doubles takes them', async () => {
  mkdirSync(join(folder, 'export/task/kube-apiserver-audit-1'), { recursive: true });
  const line = '2026-11-20T08:00:00.000Z {"kind":"Event","auditID":"a","verb":"get"}';
  writeFileSync(join(folder, 'export/task/kube-apiserver-audit-1/000000.gz'), gzipSync(`${line}\n`));

  const refused = await backfill('--input', 'export', '--yes');
  const taken = await backfill('--input', 'export', '--yes', '--allow-doubles');

  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('hold no event ids') as string });
  expect(taken).toMatchObject({ code: 0, out: expect.stringContaining('indexed 1,') as string });
  expect([...documents.keys()]).toMatchObject([expect.stringMatching(/^eks-audit-prod-2026\.11\.20\//) as string]);
});

test('a place without files is no success', async () => {
  mkdirSync(join(folder, 'empty'));
  const { code, err } = await backfill('--input', 'empty', '--yes');
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('there is no file') as string });
});

test('Ctrl-C ends the run behind the page that is being sent, and the same call goes on with the next one', async () => {
  onBulk = () => void process.emit('SIGINT');
  const range = ['--from', '2026-11-18T12:00', '--to', '2026-11-21T12:00', '--yes'];
  const interrupted = await backfill(...range);
  const there = documents.size;
  onBulk = undefined;

  const rest = await backfill(...range);

  expect(interrupted).toMatchObject({ code: 1, err: expect.stringContaining('interrupted; what is done is kept') as string });
  expect(there).toBeGreaterThan(0);
  expect(there).toBeLessThan(216);
  expect(rest).toMatchObject({ code: 0, out: 'read 216 events: indexed 216, were there already 0; every event is accounted for\n' });
  expect(documents.size).toBe(216);
});
