import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

describe('the CDK app', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'app-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** CDK's own validation of templates takes 5 s of CPU: only one test has it, on the config with the most in it. */
  function run(
    context: { [name: string]: unknown },
    { entry = 'bin/cdk.mjs', validates = false }: { entry?: string; validates?: boolean } = {},
  ): { status: number | null; stderr: string } {
    const env = {
      ...process.env,
      CDK_VALIDATION: String(validates),
      CDK_OUTDIR: join(directory, 'out'),
      CDK_CONTEXT_JSON: JSON.stringify({ 'aws:cdk:bundling-stacks': [], ...context }),
    };
    return spawnSync(process.execPath, [join(ROOT, entry)], { cwd: ROOT, env, encoding: 'utf8' });
  }

  test('synthesizes what -c config names, and CDK finds its templates valid', () => {
    const { status, stderr } = run({ config: 'config/example.yaml' }, { validates: true });

    expect([status, stderr.replaceAll(/^(?:warning|note): .*\n/gm, '')]).toEqual([0, '']);
    const templates = readdirSync(join(directory, 'out')).filter((name) => name.endsWith('.template.json'));
    expect(templates.sort()).toEqual([
      'eks-telemetry-access-logs.template.json',
      'eks-telemetry-alarms.template.json',
      'eks-telemetry-alerts.template.json',
      'eks-telemetry-archive.template.json',
      'eks-telemetry-athena.template.json',
      'eks-telemetry-chat.template.json',
      'eks-telemetry-prod-alarms.template.json',
      'eks-telemetry-prod-collection.template.json',
      'eks-telemetry-prod-delivery.template.json',
      'eks-telemetry-prod-firehose.template.json',
      'eks-telemetry-prod-logging.template.json',
      'eks-telemetry-prod-queries.template.json',
      'eks-telemetry-search.template.json',
      'eks-telemetry-storage.template.json',
    ]);
  });

  test('takes the config of cdk.json where none is named, also without the CDK command', () => {
    expect(run({}, { entry: 'bin/app.ts' }).status).toBe(0);
  });

  test('prints every problem with its place, and makes nothing', () => {
    const file = join(directory, 'wrong.yaml');
    writeFileSync(file, 'version: 1\naccount: 12\nregion: nowhere\nclusters: [{ name: prod }]\nsources: []\n');

    const { status, stderr } = run({ config: file });

    expect(status).toBe(1);
    expect(stderr).toContain(`${file}:2:10: account: `);
    expect(stderr).toContain(`${file}:3:9: region: `);
    expect(stderr).toMatch(/\d+ problems? in .*wrong\.yaml; nothing was synthesized\n$/);
    expect(stderr).not.toContain('    at ');
    expect(existsSync(join(directory, 'out', 'manifest.json'))).toBe(false);
  });

  test('says so when there is no such file, and how to name one', () => {
    const { status, stderr } = run({ config: 'config/absent.yaml' });

    expect(status).toBe(1);
    expect(stderr).toContain('config/absent.yaml:1:1: there is no such file');
    expect(stderr).toContain('-c config=FILE');
  });

  test.each(['confg', 'Config', 'configs'])('refuses the mistyped context %s instead of deploying the default config', (name) => {
    const { status, stderr } = run({ [name]: 'config/prod.yaml' });

    expect([status, stderr]).toEqual([1, `eks-telemetry: unknown context "${name}": did you mean -c config=FILE?\n`]);
  });

  test.each([[''], [true]])('asks for a file when config is %j', (config) => {
    const { status, stderr } = run({ config });

    expect(status).toBe(1);
    expect(stderr).toContain('npx cdk synth -c config=config/prod.yaml');
  });
});
