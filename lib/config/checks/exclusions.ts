import type { Path } from '../problems.ts';
import type { SourceConfig } from '../resolve.ts';
import { type Check, type CheckReport, reportDuplicates } from './context.ts';

type Exclusion = SourceConfig['exclusions'][number];

/** Names under which events are excluded without a rule of the config. */
const RESERVED_NAMES: readonly string[] = ['older-than-retention', 'unknown-log-group'];
const OPERATORS = ['equals', 'in', 'startsWith', 'contains'] as const;

/** Exclusion rules of sources and applications. */
export const checkExclusions: Check = ({ config, isIncomplete }, report) => {
  const check = (list: 'sources' | 'applications', items: readonly { exclusions: readonly Exclusion[] }[]): void => {
    for (const [index, { exclusions }] of items.entries()) {
      const path = (position: number) => [list, index, 'exclusions', position, 'name'];
      reportDuplicates(
        exclusions,
        { key: ({ name }) => name, path, what: 'two rules have this name, so their counts would be one' },
        report,
      );
      for (const [position, exclusion] of exclusions.entries()) {
        const at = [list, index, 'exclusions', position];
        if (RESERVED_NAMES.includes(exclusion.name)) {
          report.problem({ path: [...at, 'name'], what: 'the pipeline itself excludes events under this name', value: exclusion.name });
        }
        for (const [number, condition] of exclusion.when.entries()) {
          const place = [...at, 'when', number];
          if (!isIncomplete(place)) checkCondition(condition, place, report);
        }
      }
    }
  };
  check('sources', config.sources);
  check('applications', config.applications);
};

function checkCondition(condition: Exclusion['when'][number], path: Path, report: CheckReport): void {
  const given = OPERATORS.filter((operator) => condition[operator] !== undefined);
  if (given.length === 0) {
    report.problem({
      path,
      what: 'a condition without a comparison would drop everything',
      limit: `one of ${OPERATORS.join(' ')}`,
      value: condition,
    });
  } else if (given.length > 1) {
    const what = `one condition compares once, this one by ${given.join(' and ')}; write a condition for each`;
    report.problem({ path, what, limit: `one of ${OPERATORS.join(' ')}`, value: condition });
  }
  if (condition.field !== '@message' && !isFieldPath(condition.field)) {
    const what = 'not a dotted path of a record';
    report.problem({ path: [...path, 'field'], what, limit: '@message, or names joined by dots', value: condition.field });
  }
}

/** Names joined by dots, none of them empty. */
export function isFieldPath(text: string): boolean {
  return text.split('.').every((name) => name !== '' && name.trim() === name);
}
