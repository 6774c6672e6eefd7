import { compileTimeSpec, type TimeSpec } from '../../../lambdas/core/alerts/time-intervals.ts';
import { nearestName } from '../nearest-name.ts';
import type { Path } from '../problems.ts';
import type { Config } from '../resolve.ts';
import { type Check, type CheckReport, reportDuplicates } from './context.ts';

/** Named intervals of routes: their parts can be read, routes name those that there are, and each is named by some route. */
export const checkTimeIntervals: Check = ({ config, isIncomplete }, report) => {
  const { slack } = config;
  if (isIncomplete(['slack']) || !slack.enabled) return;
  const path = (index: number, ...rest: (string | number)[]): Path => ['slack', 'timeIntervals', index, ...rest];
  reportDuplicates(
    slack.timeIntervals,
    { key: ({ name }) => name, path: (index) => path(index, 'name'), what: 'two intervals have this name' },
    report,
  );
  for (const [index, { intervals }] of slack.timeIntervals.entries())
    for (const [part, spec] of intervals.entries()) checkSpec(spec as TimeSpec, path(index, 'intervals', part), report);
  const used = checkRoutes(slack, report);
  for (const [index, { name }] of slack.timeIntervals.entries())
    if (!used.has(name)) report.warning({ path: path(index, 'name'), what: 'no route names this interval', value: name });
};

function checkSpec(spec: TimeSpec, path: Path, report: CheckReport): void {
  const read = compileTimeSpec(spec);
  if (typeof read === 'function') return;
  for (const { field, index, limit, what } of read) {
    const value = index === undefined ? spec[field] : spec[field]?.[index];
    report.problem({ path: [...path, field, ...(index === undefined ? [] : [index])], what, limit, value });
  }
}

/** Names that routes use, whether or not there are such intervals. */
function checkRoutes({ route, timeIntervals }: Config['slack'], report: CheckReport): Set<string> {
  const names = timeIntervals.map(({ name }) => name);
  const used = new Set<string>();
  const walk = (list: readonly RouteTimes[], at: Path): void => {
    for (const [index, one] of list.entries()) {
      for (const field of ['muteTimeIntervals', 'activeTimeIntervals'] as const) {
        for (const [position, name] of one[field].entries()) {
          used.add(name);
          if (names.includes(name)) continue;
          const near = nearestName(name, names);
          report.problem({
            path: [...at, index, field, position],
            what: `there is no interval of this name${near === undefined ? '' : `; did you mean ${near}?`}`,
            limit: names.length === 0 ? 'slack.timeIntervals' : names.join(' '),
            value: name,
          });
        }
      }
      walk(one.routes ?? [], [...at, index, 'routes']);
    }
  };
  walk(route.routes, ['slack', 'route', 'routes']);
  return used;
}

interface RouteTimes {
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes?: readonly RouteTimes[];
}
