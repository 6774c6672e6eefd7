import { addonVersion, PINNED_KUBERNETES } from '../../../collector/addon/versions.ts';
import { hasCollection, planCollection } from '../collection-plan.ts';
import { INSTALLABLE, kubectlOf } from '../kubectl.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';

type Cluster = CheckContext['config']['clusters'][number];

/** What the deploy needs to install collectors: a cluster that it reaches, and versions that fit it. */
export const checkCollectionDeploy: Check = (context, report) => {
  const { config, isGiven, isIncomplete } = context;
  if (!hasCollection(config) || isIncomplete(['collection'])) return;
  for (const [index, cluster] of config.clusters.entries()) {
    if (isIncomplete(['clusters', index])) continue;
    if (config.collection.install === 'deploy') checkReach(config, cluster, index, isGiven, report);
    else if (isGiven(['clusters', index, 'install', 'vpc'])) {
      const what = 'with collection.install: render nothing of the deploy goes there';
      report.warning({ path: ['clusters', index, 'install', 'vpc'], atKey: true, what });
    }
  }
  checkAddons(context, report);
};

/** A deploy that cannot reach a cluster makes the roles only. That is worth a word, or the first night without logs tells it. */
function checkReach(
  config: CheckContext['config'],
  cluster: Cluster,
  index: number,
  isGiven: CheckContext['isGiven'],
  report: CheckReport,
): void {
  const { reason } = planCollection(config, cluster);
  const { install, kubernetesVersion } = cluster;
  if (install.endpoint === 'private' && install.vpc === undefined) {
    const what =
      'a private endpoint is reached from its VPC only: give install.vpc, or collection.install: render and `eks-telemetry render manifests`';
    report.problem({ path: ['clusters', index, 'install', 'endpoint'], what, limit: 'with vpc', value: install.endpoint });
    return;
  }
  if (reason === undefined) return;
  // Nothing was asked for in words: the deploy makes the roles, and somebody else may install.
  const isAsked = isGiven(['collection', 'install']) || isGiven(['clusters', index, 'install']);
  const finding = {
    path: kubernetesVersion === undefined ? ['clusters', index] : ['clusters', index, 'kubernetesVersion'],
    what: `the deploy installs no collectors in this cluster, only their roles: ${reason}; without it, \`eks-telemetry render manifests\` and helm-values write them`,
    limit: kubernetesVersion !== undefined && kubectlOf(kubernetesVersion) === undefined ? INSTALLABLE : 'kubernetesVersion: "1.NN"',
    ...(kubernetesVersion === undefined ? {} : { value: kubernetesVersion }),
  };
  if (isAsked) report.problem(finding);
  else report.warning(finding);
}

/** A version that nobody pinned is another one with the next deploy. */
function checkAddons({ config }: CheckContext, report: CheckReport): void {
  const { addons, install, metricsServer } = config.collection;
  if (install === 'render') return;
  for (const [index, { kubernetesVersion, install: own }] of config.clusters.entries()) {
    if (kubernetesVersion === undefined || kubectlOf(kubernetesVersion) === undefined) continue;
    const wanted = [
      ['observability', 'amazon-cloudwatch-observability', true],
      ['podIdentityAgent', 'eks-pod-identity-agent', own.podIdentityAgent === 'install'],
      ['metricsServer', 'metrics-server', metricsServer],
    ] as const;
    for (const [key, name, isWanted] of wanted) {
      if (!isWanted || addons[key] !== undefined || addonVersion(name, kubernetesVersion) !== undefined) continue;
      const what = `no version of ${name} is known here for this cluster: EKS takes its own default; name one in collection.addons.${key}`;
      report.warning({
        path: ['clusters', index, 'kubernetesVersion'],
        what,
        limit: PINNED_KUBERNETES.join(' '),
        value: kubernetesVersion,
      });
    }
  }
}
