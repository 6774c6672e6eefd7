import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { configWithInput, configWithScenario, runConfig } from '../../../local/run/input.ts';
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
  [['--scenario', '../etc'], 'a folder of samples/scenarios'],
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

test('a scenario brings its sources into a copy of the config, and nobody is told that a recording ends', () => {
  const directory = mkdtempSync(join(tmpdir(), 'config-'));
  const options = { once: true, config: 'config/local.yaml', input: [], format: 'auto', scenario: 'oom', speed: undefined, port: 0 };

  const made = parse(readFileSync(runConfig(options, process.cwd(), directory), 'utf8')) as {
    sources: { kind: string; cluster: string; route: string }[];
    alarms: { disable: string[] };
  };

  // The config has a source of events of its own.
  expect(made.sources.filter(({ kind }) => kind === 'events')).toMatchObject([{ cluster: 'local', route: 'firehose' }]);
  expect(made.sources.slice(-2)).toMatchObject([
    { kind: 'host', cluster: 'local', route: 'none' },
    { kind: 'performance', cluster: 'local', route: 'none' },
  ]);
  expect(made.alarms.disable).toContain('log-silence');
  writeFileSync(join(directory, 'none.yaml'), 'version: 1\n');
  expect(() => configWithScenario(join(directory, 'none.yaml'), ['host'], join(directory, 'b.yaml'))).toThrow('no cluster');
  expect(() => runConfig({ ...options, scenario: 'nothing' }, process.cwd(), directory)).toThrow('there is no folder');
  rmSync(directory, { recursive: true });
});
