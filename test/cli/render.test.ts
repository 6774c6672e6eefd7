import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { Io } from '../../cli/io.ts';
import { run } from '../../cli/render.ts';
import { renderFluentBit } from '../../collector/fluent-bit.ts';
import { FULL } from '../collector/configs.ts';
import { yamlWith } from '../lib/config/texts.ts';

class Sink extends Writable {
  text = '';
  override _write(part: Buffer, _encoding: string, done: () => void): void {
    this.text += part.toString();
    done();
  }
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'render-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function render(args: string[], members: { [name: string]: unknown } = {}): Promise<{ code: number; out: string; err: string }> {
  writeFileSync(join(folder, 'c.yaml'), yamlWith(members));
  const stdout = new Sink();
  const stderr = new Sink();
  const io: Io = { stdin: Readable.from([]), stdout, stderr, env: {}, isTty: false, cwd: folder, now: () => 0 };
  return { code: await run([...args, '--config', 'c.yaml'], io), out: stdout.text, err: stderr.text };
}

test('writes each file behind its name, the same as the renderer', async () => {
  const { code, out } = await render(['fluent-bit']);

  expect(code).toBe(0);
  expect(out).toContain('# file: fluent-bit/daemonset/application-log.conf\n# Lines of containers, cluster prod.');
  expect(out).toContain('# file: fluent-bit/events/fluent-bit.conf\n');
});

test('--out writes a folder for each cluster, and says what it wrote on stderr', async () => {
  const clusters = [{ name: 'prod' }, { name: 'stage' }];
  const { code, out, err } = await render(['fluent-bit', '--out', 'x'], { clusters });

  expect(code).toBe(0);
  expect(out).toBe('');
  expect(err).toContain('x/stage/fluent-bit/daemonset/parsers.conf\n');
  expect(readFileSync(join(folder, 'x/prod/fluent-bit/daemonset/fluent-bit.conf'), 'utf8')).toContain('[SERVICE]');
  expect(existsSync(join(folder, 'x/stage/fluent-bit/events/fluent-bit.conf'))).toBe(true);
});

test('--json gives one object a line', async () => {
  const { out } = await render(['fluent-bit', '--json']);
  const objects = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { cluster: string; path: string; text: string });

  expect(new Set(objects.map(({ cluster }) => cluster))).toEqual(new Set(['prod']));
  expect(objects.find(({ path }) => path === 'fluent-bit/daemonset/parsers.conf')?.text).toContain('container_file');
});

test('several clusters need a choice', async () => {
  const { code, err } = await render(['fluent-bit'], { clusters: [{ name: 'prod' }, { name: 'stage' }] });

  expect(code).toBe(2);
  expect(err).toContain('name one with --cluster, or a folder with --out (prod stage)');
});

test.each([
  [['fluentbit'], 'nothing is called "fluentbit"'],
  [['alertmanager'], 'alertmanager comes with a later version'],
  [[], 'it takes the name of one thing to render'],
  [['fluent-bit', '--cluster', 'x'], 'the config has no cluster "x"; it has: prod'],
])('used wrongly: %j', async (args, expected) => {
  const { code, err } = await render(args);

  expect(code).toBe(2);
  expect(err).toContain(expected);
});

test('a config with a problem is not rendered', async () => {
  const { code, out, err } = await render(['fluent-bit'], { collection: { tolerations: [{ operator: 'Equal' }] } });

  expect(code).toBe(1);
  expect(out).toBe('');
  expect(err).toMatch(/^c\.yaml:\d+:\d+: collection\.tolerations\[0\]: operator Equal needs key and value/m);
});

test('the same config gives the same text', () => {
  const [cluster] = FULL.clusters;
  if (cluster === undefined) throw new Error('no cluster');
  const once = renderFluentBit(FULL, cluster, 'daemonset');

  expect(renderFluentBit(structuredClone(FULL), structuredClone(cluster), 'daemonset')).toEqual(once);
  expect(once.map(({ path }) => path)).toEqual([...once.map(({ path }) => path)].sort());
});
