import { MAX_FARGATE_CHARS } from '../../../collector/fluent-bit/fargate.ts';
import { fargateChars } from '../../../collector/kubernetes/namespace.ts';
import type { Check } from './context.ts';

/** EKS on Fargate: its log router refuses a ConfigMap that is too long, without a word to whoever installed it, and knows little of what a node does. */
export const checkCollectionFargate: Check = ({ config, isIncomplete }, report) => {
  const { fargate, excludeNamespaces } = config.collection;
  if (!fargate || isIncomplete(['collection'])) return;
  for (const [index, cluster] of config.clusters.entries()) {
    if (isIncomplete(['clusters', index])) continue;
    const chars = fargateChars({ config, cluster });
    if (chars <= MAX_FARGATE_CHARS) continue;
    const what = `the ConfigMap aws-observability/aws-logging of ${cluster.name} would be too long, and no pod on Fargate would log; name fewer namespaces`;
    const path = excludeNamespaces.length > 0 ? ['collection', 'excludeNamespaces'] : ['collection', 'fargate'];
    report.problem({ path, atKey: true, what, limit: `${MAX_FARGATE_CHARS} characters`, value: chars });
    // The clusters differ in their names only: one finding says it.
    break;
  }
  const collected = config.applications.filter(({ collect }) => collect !== undefined).map(({ name }) => name);
  if (collected.length === 0) return;
  const what = `collect of ${collected.join(', ')} holds on nodes only: the log router of Fargate sends every line to the application group as it is`;
  report.warning({ path: ['collection', 'fargate'], what, value: true });
};
