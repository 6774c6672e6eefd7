import { join, relative } from 'node:path';
import { readScenarioFile } from '../../cli/alarms/scenario-file.ts';
import { catalogueScenarios } from '../../cli/alarms/test-command.ts';
import { testFile } from '../../cli/alarms/test-files.ts';
import { loadCatalogue } from '../../lib/alarms/catalogue.ts';
import { formatProblem } from '../../lib/config/problems.ts';

const files = catalogueScenarios().map((path) => {
  const read = readScenarioFile(path, relative(join(__dirname, '../..'), path));
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('\n'));
  return { file: read.file.file, tested: testFile(read.file) };
});

describe.each(files.map((file) => [file.file, file] as const))('%s', (_name, { tested: all }) => {
  for (const { problems, result, scenario } of all) {
    const title = `${scenario.alarm}: ${scenario.name}`;
    const reason = result?.skipped;
    // Where all engines are to be there, one that is not is a failure.
    const run = reason === undefined || process.env['CI'] === 'true' ? test : test.skip;
    run(reason === undefined ? title : `${title} (${reason})`, () => {
      expect([problems.map(formatProblem), reason]).toEqual([[], undefined]);
    });
  }
});

test('every alarm of the catalogue fires in one of its scenarios', () => {
  const fired = new Set(
    files.flatMap((file) =>
      file.tested.flatMap(({ scenario, result }) =>
        (result?.transitions ?? []).some(({ to }) => to === 'ALARM') ? [scenario.alarm.split(':')[0] ?? ''] : [],
      ),
    ),
  );

  expect(
    loadCatalogue()
      .alarms.map(({ name }) => name)
      .filter((name) => !fired.has(name)),
  ).toEqual([]);
});

test('every alarm of the profile otel is said to fire on Prometheus in one of its scenarios', () => {
  const said = new Set(
    files.flatMap((file) =>
      file.tested.flatMap(({ scenario: { alarm, expect: expected, input } }) => {
        const states = Array.isArray(expected) ? expected.map(({ state }) => state) : Object.values(expected);
        return input !== undefined && states.includes('ALARM') ? [alarm] : [];
      }),
    ),
  );

  expect(loadCatalogue().alarms.flatMap(({ alarm, name }) => (alarm.otel?.promql === undefined || said.has(name) ? [] : [name]))).toEqual(
    [],
  );
});
