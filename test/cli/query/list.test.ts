import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../cli/query.ts';
import { yamlWith } from '../../lib/config/texts.ts';
import { fakeIo } from './helpers.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'list-'));
  mkdirSync(join(folder, 'own/team'), { recursive: true });
  writeFileSync(
    join(folder, 'own/team/rows.logsinsights'),
    '# Question: how many rows?\n# Source: audit\n# Columns: rows\n# Parameter: verb = "" - a verb\n# Parameter: who - the user\nfilter verb like /^{{verb}}/ and user.username = "{{who}}" | stats count(*) as rows\n',
  );
  writeFileSync(join(folder, 'c.yaml'), yamlWith({ queries: { folders: ['own'] } }));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function query(args: string[], cwd?: string): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo(cwd === undefined ? {} : { cwd });
  const code = await run(args, io);
  return { code, out: io.out(), err: io.err() };
}

describe('--list', () => {
  test('shows every saved query by folder, with question and parameters', async () => {
    const { code, out } = await query(['--list']);

    expect(code).toBe(0);
    expect(out).toMatch(/^control-plane\/$/m);
    expect(out).toMatch(/^ {2}node-not-ready +which nodes stopped being ready, and when\?$/m);
    expect(out).toMatch(/^ +--param code = 403 {2}403 for forbidden, 401 for unauthenticated$/m);
  });

  test('finds by name, question or source', async () => {
    expect((await query(['--list', 'not-ready'])).out.trim().split('\n')).toHaveLength(2);
    expect((await query(['--list', 'Scheduler'])).out).toContain('scheduler-failures-by-reason');
    expect(await query(['--list', 'no such thing'])).toMatchObject({ code: 1, out: '' });
  });

  test('--json gives all of a header', async () => {
    const [line] = (await query(['--list', 'denied-requests', '--json'])).out.trim().split('\n');

    expect(JSON.parse(line ?? '')).toMatchObject({
      name: 'security/denied-requests',
      sources: ['audit'],
      columns: ['user.username', 'verb', 'objectRef.resource', 'requests'],
      parameters: [{ name: 'code', defaultValue: '403' }],
    });
  });

  test('knows the folders of a config', async () => {
    const { out } = await query(['--list', 'rows?', '--config', 'c.yaml'], folder);

    expect(out).toBe(
      'team/\n  rows  how many rows?\n          --param verb = ""  a verb\n          --param who (needs a value)  the user\n',
    );
  });
});

describe('names', () => {
  test('a query of a config runs by its name', async () => {
    writeFileSync(join(folder, 'audit.log'), '{"verb":"get","user":{"username":"ann"}}\n');

    expect(await query(['rows', '--config', 'c.yaml', '--param', 'who=ann', '--logs', 'audit.log', '--csv'], folder)).toMatchObject({
      code: 0,
      out: 'rows\r\n1\r\n',
    });
    expect((await query(['rows', '--config', 'c.yaml', '--logs', 'audit.log'], folder)).err).toContain(
      'the parameter "who" has no default and no value was given; add --param who=… (the user)',
    );
  });

  test('a config that is wrong is told, with its lines', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'version: 2\n');

    expect(await query(['rows', '--config', 'bad.yaml', '--logs', 'x'], folder)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/the config has problems:\nbad\.yaml:1:/),
    });
  });

  test.each<[string, string[], string]>([
    ['a mistyped name', ['node-not-redy', '--logs', 'x'], 'did you mean "node-not-ready"?'],
    ['a mistyped folder', ['control-plan/node-not-ready', '--logs', 'x'], 'did you mean "control-plane/node-not-ready"?'],
    ['a name like no other', ['zzzzzz', '--logs', 'x'], '--list shows them'],
    ['a list that shall run', ['--list', '--logs', 'x'], '--list shows names; it runs nothing'],
    ['two places to ask', ['node-not-ready', '--local', '--logs', 'x'], '--local and --logs exclude each other'],
    ['a run that is followed', ['node-not-ready', '--local', '--tail'], '--local asks a run that has ended'],
  ])('%s', async (_what, args, expected) => {
    expect(await query(args)).toMatchObject({ code: 2, err: expect.stringContaining(expected) });
  });
});

test("--tail of a container's file asks the records that Fluent Bit sends, pieces joined", async () => {
  const name = `web-1_team-a_nginx-${'a'.repeat(64)}.log`;
  const path = join(folder, name);
  writeFileSync(path, '2026-11-21T08:00:00.000000000Z stdout F old\n');
  writeFileSync(join(folder, 'q'), 'fields @timestamp, kubernetes.container_name, log | filter stream = "stderr"');
  setTimeout(() => appendFileSync(path, '2026-11-21T08:00:01.500000000Z stderr P par\n2026-11-21T08:00:01.500000000Z stdout F x\n'), 60);
  setTimeout(() => appendFileSync(path, '2026-11-21T08:00:01.600000000Z stderr F tial\n'), 160);
  setTimeout(() => process.emit('SIGINT'), 900);

  const { code, out } = await query(['--file', 'q', '--logs', name, '--tail', '--json'], folder);

  expect([code, out]).toEqual([0, '{"@timestamp":"2026-11-21 08:00:01.500","kubernetes.container_name":"nginx","log":"partial"}\n']);
});
