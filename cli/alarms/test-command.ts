import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { alarmFolder } from '../../lib/alarms/catalogue.ts';
import { formatProblem } from '../../lib/config/problems.ts';
import type { Io } from '../io.ts';
import { showDuration } from './notation.ts';
import type { AlarmsOptions } from './options.ts';
import { readScenarioFile } from './scenario-file.ts';
import { type TestedScenario, testFile } from './test-files.ts';

/** Runs `alarms test`. */
export async function testAlarms({ files, json }: AlarmsOptions, io: Io): Promise<number> {
  const paths = files.length > 0 ? files.map((file) => resolve(io.cwd, file)) : catalogueScenarios();
  let failed = 0;
  let passed = 0;
  let skipped = 0;
  let isUnreadable = false;
  for (const [index, path] of paths.entries()) {
    const shown = files[index] ?? relative(io.cwd, path);
    const read = readScenarioFile(path, shown);
    if (!read.ok) {
      isUnreadable = true;
      for (const problem of read.problems) io.stderr.write(`${formatProblem(problem)}\n`);
      continue;
    }
    for (const tested of testFile(read.file)) {
      const isSkipped = tested.result?.skipped !== undefined;
      if (tested.problems.length > 0 || (isSkipped && io.env['CI'] === 'true')) failed++;
      else if (isSkipped) skipped++;
      else passed++;
      io.stdout.write(json ? jsonLine(shown, tested) : textLines(shown, tested));
    }
  }
  if (!json) io.stdout.write(`${passed} of ${passed + failed} scenarios as expected${skipped === 0 ? '' : `, ${skipped} skipped`}\n`);
  if (isUnreadable) return 2;
  return failed > 0 ? 1 : 0;
}

/** Scenario files of the catalogue, sorted. */
export function catalogueScenarios(): string[] {
  const folder = join(alarmFolder() ?? '.', 'scenarios');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => join(folder, name));
}

/** Nothing is said of what is as expected but in the count at the end. */
function textLines(file: string, { scenario, problems, result }: TestedScenario): string {
  if (result?.skipped !== undefined) return `SKIPPED ${file}: ${scenario.name}: ${result.skipped}\n`;
  if (problems.length === 0) return '';
  const startMs = Date.parse(scenario.start);
  const changes = (result?.transitions ?? []).map(({ alarm, atMs, from, to, contributor, heldBy, isLate }) => {
    const who = contributor === undefined ? alarm.name : `${alarm.name} ${JSON.stringify(contributor.attributes)}`;
    return `    ${showDuration(atMs - startMs)} ${who} ${from} -> ${to}${heldBy === undefined ? '' : ` (actions held by ${heldBy})`}${isLate ? ' (late)' : ''}`;
  });
  const what = changes.length === 0 ? ['    nothing changed'] : ['    what happened:', ...changes];
  return [`FAILED ${file}: ${scenario.name}`, ...problems.map((problem) => `  ${formatProblem(problem)}`), ...what, ''].join('\n');
}

function jsonLine(file: string, { scenario, problems, result }: TestedScenario): string {
  const startMs = Date.parse(scenario.start);
  const transitions = (result?.transitions ?? []).map(({ alarm, atMs, from, to, reason, contributor, actions, heldBy }) => ({
    alarm: alarm.name,
    at: showDuration(atMs - startMs),
    from,
    to,
    reason,
    ...(contributor === undefined ? {} : { contributor: contributor.attributes }),
    acts: actions.length > 0,
    ...(heldBy === undefined ? {} : { heldBy }),
  }));
  const skipped = result?.skipped === undefined ? {} : { skipped: result.skipped };
  const ok = problems.length === 0;
  return `${JSON.stringify({ file, scenario: scenario.name, ok, ...skipped, problems: problems.map(formatProblem), transitions })}\n`;
}
