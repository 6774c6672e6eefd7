import { indexPattern, periodDays } from '../index-name.ts';
import type { JsonBody, NamedBody, SearchFamily, SearchSetup } from '../search-setup.ts';
import { patternPriority } from './priority.ts';

/** Days after its period's end at which an index is merged into one segment: by then late deliveries are rare. */
const MERGE_AFTER_DAYS = 2;

/** Storage moves fail while the cluster is busy; an hour later they work. */
const RETRY = { count: 5, backoff: 'constant', delay: '1h' };

/**
 * The ISM policy of a family: hot, merged, warm and cold where configured, deleted by retention. Ages count from an index's making, which is the first
 * event of its period, so the length of the period is added: the youngest event is kept for the whole retention.
 */
export function policyFor(setup: SearchSetup, family: SearchFamily): NamedBody {
  const steps = stepsOf(family);
  const states = steps.map((step, i) => {
    const next = steps[i + 1];
    return {
      name: step.name,
      actions: step.actions,
      transitions: next === undefined ? [] : [{ state_name: next.name, conditions: { min_index_age: `${next.afterDays}d` } }],
    };
  });
  return {
    name: `${setup.prefix}-${family.name}`,
    body: {
      policy: {
        description: `${setup.prefix}: ${family.name}, ${family.retentionDays} days`,
        default_state: 'hot',
        states,
        ism_template: family.clusters.map((cluster) => {
          const pattern = indexPattern(family.name, cluster);
          return { index_patterns: [pattern], priority: patternPriority(pattern) };
        }),
      },
    },
  };
}

interface Step {
  readonly name: string;
  readonly afterDays: number;
  readonly actions: readonly JsonBody[];
}

function stepsOf(family: SearchFamily): Step[] {
  const period = periodDays(family.period);
  const deleteDays = family.retentionDays + period;
  const warmDays = family.warmAfterDays;
  const coldDays = warmDays === undefined ? undefined : family.coldAfterDays;
  const steps: Step[] = [{ name: 'hot', afterDays: 0, actions: [] }];
  const mergeDays = period + MERGE_AFTER_DAYS;
  // UltraWarm merges by itself, and a merge just before deletion is wasted.
  if (mergeDays < Math.min(deleteDays, warmDays ?? Number.POSITIVE_INFINITY)) {
    steps.push({
      name: 'merged',
      afterDays: mergeDays,
      // Force merge blocks writes and leaves the block; late events must still get in until the index is warm.
      actions: [{ retry: RETRY, force_merge: { max_num_segments: 1 } }, { read_write: {} }],
    });
  }
  if (warmDays !== undefined && warmDays < deleteDays) {
    steps.push({ name: 'warm', afterDays: warmDays, actions: [{ timeout: '24h', retry: RETRY, warm_migration: {} }] });
  }
  const isCold = coldDays !== undefined && coldDays < deleteDays;
  if (isCold) {
    steps.push({
      name: 'cold',
      afterDays: coldDays,
      actions: [{ timeout: '24h', retry: RETRY, cold_migration: { timestamp_field: '@timestamp' } }],
    });
  }
  steps.push({ name: 'delete', afterDays: deleteDays, actions: [{ retry: RETRY, ...(isCold ? { cold_delete: {} } : { delete: {} }) }] });
  return steps;
}
