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
  test.each(all.map((tested) => [`${tested.scenario.alarm}: ${tested.scenario.name}`, tested] as const))('%s', (_scenario, tested) => {
    expect(tested.problems.map(formatProblem)).toEqual([]);
  });
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
