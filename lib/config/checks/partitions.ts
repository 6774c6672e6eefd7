import type { Path } from '../problems.ts';
import { partitionOf } from '../regions.ts';
import type { Check } from './context.ts';

/** Parts of the config in which ARNs name something of the account; `kms` has a check of its own. Exclusions may ask for any text. */
const SECTIONS = ['clusters', 'delivery', 'archive', 'athena', 'alarms', 'slack', 'collection'] as const;

/** ARNs of another partition than the Region's: nothing there can be named here, and a policy with such a principal is refused. */
export const checkPartitions: Check = ({ config, isIncomplete }, report) => {
  if (isIncomplete(['region'])) return;
  const partition = partitionOf(config.region);
  const look = (value: unknown, path: Path): void => {
    if (typeof value === 'string') {
      const [, own] = /^arn:(aws[a-z-]*):[a-z0-9-]+:[^\s:]*:[^\s]*$/.exec(value) ?? [];
      if (own === undefined || own === partition) return;
      const what = `${config.region} is in partition ${partition}, and nothing of ${own} can be named there`;
      report.problem({ path, what, limit: `arn:${partition}:…`, value });
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) look(item, [...path, index]);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, member] of Object.entries(value)) look(member, [...path, name]);
    }
  };
  look(config.search.access, ['search', 'access']);
  for (const section of SECTIONS) look(config[section], [section]);
  for (const [index, { collect }] of config.applications.entries()) look(collect, ['applications', index, 'collect']);
  for (const [index, { resourceArns }] of config.loadBalancers.logs.entries())
    look(resourceArns, ['loadBalancers', 'logs', index, 'resourceArns']);
};
