import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { configWithInput } from '../../../local/run/input.ts';
import { parseOptions } from '../../../local/run/options.ts';

test('without arguments it runs config/local.yaml as fast as possible', () => {
  expect(parseOptions([])).toEqual({
    kind: 'run',
    options: { once: false, config: 'config/local.yaml', input: [], format: 'auto', speed: undefined, port: 0 },
  });
});

test('several files may follow --input', () => {
  expect(parseOptions(['--input', 'a.log', 'b.log', '--format', 'json', '--once', '--speed', '60', '--port', '8080'])).toMatchObject({
    options: { input: ['a.log', 'b.log'], format: 'json', once: true, speed: 60, port: 8080 },
  });
});

test.each([
  [['--speed', '0'], '--speed'],
  [['--speed', 'fast'], '--speed'],
  [['--port', '70000'], '--port'],
  [['--format', 'json'], 'files of --input'],
  [['file.log'], 'files follow --input'],
  [['--nope'], '--nope'],
])('%j is wrong and says why', (args, problem) => {
  expect(parseOptions(args)).toMatchObject({ kind: 'wrong', problem: expect.stringContaining(problem) });
});

test("the user's files become an application of a copy of the config, comments and all", () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  writeFileSync(join(directory, 'a.yaml'), '# mine\nversion: 1\napplications:\n  - name: other\n');

  const made = configWithInput(join(directory, 'a.yaml'), 'regex:mine', join(directory, 'b.yaml'));

  const text = readFileSync(made, 'utf8');
  expect(text).toContain('# mine');
  expect(parse(text).applications).toEqual([
    { name: 'other' },
    { name: 'input', match: { namespace: 'input', container: 'input' }, format: 'regex:mine' },
  ]);
  rmSync(directory, { recursive: true });
});
