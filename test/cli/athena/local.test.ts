import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../cli/athena.ts';
import { fakeIo } from '../query/helpers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'athena-local-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function call(args: string[], io: Parameters<typeof fakeIo>[0] = {}): Promise<{ code: number; out: string; err: string }> {
  const fake = fakeIo(io);
  const code = await run(args, fake);
  return { code, out: fake.out(), err: fake.err() };
}

test('what cannot run here is told before anything is synthesized or started, with what to do', async () => {
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'buckets'));
  const away = { env: { PATH: '/nonexistent', HOME: folder, XDG_CACHE_HOME: folder } };

  for (const place of ['file', 'nothing'])
    expect(await call(['alb-top-clients', '--local', join(folder, place)])).toMatchObject({
      code: 2,
      err: expect.stringContaining('npm start -- --athena makes .eks-telemetry/local/buckets'),
    });
  expect(await call(['alb-top-clients', '--local', join(folder, 'buckets')], away)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/needs Java 24 or newer|Maven is needed once to fetch Trino: install it/),
  });
  expect(await call(['alb-top-clients', '--local', folder, '--from', '2026-11-22', '--to', '2026-11-20'])).toMatchObject({
    code: 2,
    err: 'athena: "from" (2026-11-22) is after "to" (2026-11-20): no day lies between them\n',
  });
});

test('--list says when no query has the text', async () => {
  expect(await call(['--list', 'nosuch'])).toEqual({
    code: 1,
    out: '',
    err: 'athena: no query has "nosuch" in its name, title or tables; --list alone shows all\n',
  });
});
