import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { run } from '../../cli/check.ts';
import { yamlWith } from '../lib/config/texts.ts';

const NOW = Date.UTC(2026, 10, 21, 10);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function check(args: string[], text?: string): Promise<{ code: number; out: string; err: string }> {
  if (text !== undefined) writeFileSync(join(folder, 'c.yaml'), text);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await run(args, { stdin: new PassThrough(), stdout, stderr, env: {}, isTty: false, cwd: folder, now: () => NOW });
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

describe('check', () => {
  test('exits 0 and shows what would be deployed and what it costs', async () => {
    const { code, out, err } = await check(['c.yaml'], yamlWith({}));

    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('app     /aws/containerinsights/prod/application  30 d  direct  1 of 2');
    expect(out).toContain('eks-application-prod-2026.11.21');
    expect(out).toContain('CloudWatch Logs ingestion');
    expect(out).toContain('it lacks: source app gives no volume');
    expect(out).toContain('flat_object');
  });

  test('exits 1 with every problem by its place under the name that was typed', async () => {
    const { code, out, err } = await check(['./c.yaml'], yamlWith({ prefix: 'Big', region: 'Mars' }));

    expect(code).toBe(1);
    expect(out.trim().split('\n')).toEqual([
      expect.stringMatching(/^\.\/c\.yaml:3:9: region: .*, limit: .*, value: "Mars"$/),
      expect.stringMatching(/^\.\/c\.yaml:\d+:9: prefix: /),
    ]);
    expect(err).toBe('2 problems\n');
  });

  test('exits 1 where there is no such file', async () => {
    const { code, out } = await check(['nothing.yaml']);

    expect([code, out]).toEqual([1, 'nothing.yaml:1:1: there is no such file\n']);
  });

  test.each([[[]], [['a.yaml', 'b.yaml']], [['--what', 'c.yaml']]])('exits 2 when used wrongly: %j', async (args) => {
    const { code, out, err } = await check(args);

    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('Usage: eks-telemetry check');
  });

  test('warnings go to stderr and change no exit code', async () => {
    const { code, err } = await check(['c.yaml'], yamlWith({ region: 'eu-wst-1' }));

    expect(code).toBe(0);
    expect(err).toMatch(/^warning: c\.yaml:3:9: region: no Region of this name is known; did you mean eu-west-1\?/);
  });

  test('--json gives one object a line for problems and warnings', async () => {
    const { code, out } = await check(['--json', 'c.yaml'], yamlWith({ region: 'Mars', redaction: { builtin: [] } }));

    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; field: string });
    expect(code).toBe(1);
    expect(lines.map(({ kind, field }) => `${kind} ${field}`)).toEqual(['problem region', 'warning redaction.builtin']);
  });

  test('--json gives summary, cost lines and total', async () => {
    const { out } = await check(['--json', 'c.yaml'], yamlWith({}));

    const kinds = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds[0]).toBe('summary');
    expect(kinds.at(-1)).toBe('total');
    expect(new Set(kinds.slice(1, -1))).toEqual(new Set(['cost']));
  });

  test('--prices lists unit prices with their dates, and unknown ones as unknown', async () => {
    const known = await check(['--prices', 'c.yaml'], yamlWith({}));
    const unknown = await check(['--prices', 'c.yaml'], yamlWith({ region: 'eu-west-3' }));

    expect(known.out).toMatch(/logsIngestionPerGb +0\.5 .*2026-06 quoted/);
    expect(unknown.out).toMatch(/logsIngestionPerGb +unknown/);
  });

  test('a Region without prices says so in the cost', async () => {
    const { out } = await check(['c.yaml'], yamlWith({ region: 'eu-west-3' }));

    expect(out).toContain("No prices of eu-west-3 are known; another Region's are not taken instead.");
  });

  test('disks that are too small for the volumes are called so', async () => {
    const sources = [{ name: 'app', cluster: 'prod', kind: 'application', volume: { gbPerDay: 100 } }];

    expect((await check(['c.yaml'], yamlWith({ sources }))).out).toContain('TOO LITTLE');
  });
});
