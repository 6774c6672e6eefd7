import { resolve } from 'node:path';
import { planAlarms } from '../../lib/alarms/plan.ts';
import type { PlannedAlarm } from '../../lib/alarms/planned.ts';
import { formatProblem, loadConfigFile } from '../../lib/config/load.ts';
import type { Io } from '../io.ts';
import type { AlarmsOptions } from './options.ts';
import { defaultConfigFile } from './test-files.ts';

/** Runs `alarms list`. */
export async function listAlarms({ config, json }: AlarmsOptions, io: Io): Promise<number> {
  const path = config === undefined ? defaultConfigFile() : resolve(io.cwd, config);
  const loaded = loadConfigFile(path, config ?? path, { provesRegexes: false });
  if (!loaded.ok) {
    for (const problem of loaded.problems) io.stderr.write(`${formatProblem(problem)}\n`);
    return 2;
  }
  if (!loaded.config.alarms.enabled) io.stderr.write('alarms: alarms.enabled is false, so none is deployed\n');
  for (const { cluster, alarms, leftOut } of planAlarms(loaded.config)) {
    const scope = cluster ?? 'account';
    if (json) {
      for (const planned of alarms) io.stdout.write(`${JSON.stringify(rowOf(scope, planned))}\n`);
      for (const { name, reason } of leftOut) io.stdout.write(`${JSON.stringify({ scope, alarm: name, leftOut: reason })}\n`);
      continue;
    }
    const width = Math.max(20, ...alarms.map(({ id }) => id.length));
    io.stdout.write(`${scope}: ${alarms.length} alarms\n`);
    for (const { id, severity, alarm, tells } of alarms)
      io.stdout.write(`  ${id.padEnd(width)}  ${severity.padEnd(8)}  ${alarm.title}${tells ? '' : ` (told by ${alarm.tellBy})`}\n`);
    for (const { name, reason } of leftOut) io.stdout.write(`  not ${name}: ${reason}\n`);
  }
  return 0;
}

function rowOf(scope: string, { id, name, severity, owner, definition, tells }: PlannedAlarm): object {
  return { scope, alarm: name, id, severity, owner, tells, kind: definition.kind, deployedName: definition.name };
}
