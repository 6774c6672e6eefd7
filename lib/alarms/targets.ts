import { accountSources } from '../config/account-policy.ts';
import { joinName, logIndexerName, redriveName } from '../config/names.ts';
import { hasRedrive } from '../config/redrive.ts';
import type { ClusterConfig, Config, SourceConfig } from '../config/resolve.ts';
import type { AlarmConfig } from '../config/schema-alarms.ts';
import type { AlarmTarget } from './alarm-target.ts';
import { deliveryLogTargets, deliveryTargets, transformTargets, whyNoDelivery } from './delivery-targets.ts';

/** Longest name of a Kinesis stream and of a subscription filter, as the delivery stack makes them. */
const MAX_STREAM_NAME = 128;
const MAX_FILTER_NAME = 512;
const MIB_PER_GIB = 1024;
const MS_PER_HOUR = 3_600_000;

/** The things of a cluster that an alarm is made for; of the account without a cluster. Empty with a reason where there are none. */
export function targetsOf(
  config: Config,
  cluster: ClusterConfig | undefined,
  { each, kinds }: Pick<AlarmConfig, 'each' | 'kinds'>,
): { readonly targets: readonly AlarmTarget[]; readonly none: string } {
  if (cluster === undefined) return accountTargets(config, each);
  const { name } = cluster;
  const sources = config.sources.filter((source) => source.cluster === name);
  const base = { cluster: name };
  switch (each) {
    case 'cluster':
      return { targets: [{ suffix: '', values: { ...base, storageSizeMetric: storageSizeMetric(cluster.kubernetesVersion) } }], none: '' };
    case 'source': {
      const wanted = sources.filter(({ kind, logGroup }) => (kinds === undefined || kinds.includes(kind)) && !logGroup.endsWith('*'));
      const byGroup = new Map(wanted.map((source) => [source.logGroup, source]));
      const targets = [...byGroup.values()].map((source) => ({
        suffix: source.name,
        values: { ...base, source: source.name, logGroup: source.logGroup },
      }));
      return { targets, none: `no source of kind ${(kinds ?? []).join(', ')}` };
    }
    case 'subscription': {
      const onAccount = accountSources(config);
      const wanted = sources.filter((source) => isIndexed(config, source) && !onAccount.includes(source));
      const targets = wanted.map((source) => ({
        suffix: source.name,
        values: {
          ...base,
          source: source.name,
          logGroup: source.logGroup,
          filterName: joinName([config.prefix, source.name], MAX_FILTER_NAME),
        },
      }));
      return { targets, none: 'no source has a subscription filter' };
    }
    case 'indexer': {
      const routes = (['direct', 'stream'] as const).filter((route) =>
        sources.some((source) => source.route === route && isIndexed(config, source)),
      );
      return {
        targets: routes.map((route) => ({ suffix: route, values: { ...base, function: logIndexerName(config.prefix, name, route) } })),
        none: 'nothing is indexed',
      };
    }
    case 'stream':
      return { targets: streamTargets(config, name, sources), none: 'no source has a stream' };
    case 'delivery':
    case 'searchDelivery':
    case 'archiveDelivery':
    case 'parquetDelivery':
      return { targets: deliveryTargets(config, name, each), none: whyNoDelivery(each) };
    case 'deliveryLog':
      return { targets: deliveryLogTargets(config, name), none: whyNoDelivery(each) };
    case 'transform':
      return { targets: transformTargets(config, name), none: whyNoDelivery(each) };
    case 'loadBalancer':
      return {
        targets: loadBalancersOf(config, name).map((one) => ({ suffix: one.name, values: { ...base, loadBalancer: one.loadBalancer } })),
        none: 'alarms.loadBalancers names none of this cluster',
      };
    case 'targetGroup': {
      const targets = loadBalancersOf(config, name).flatMap((one) =>
        one.targetGroups.map((targetGroup) => ({
          suffix: `${one.name}:${targetGroup.split('/')[1] ?? targetGroup}`,
          values: { ...base, loadBalancer: one.loadBalancer, targetGroup },
        })),
      );
      return { targets, none: 'alarms.loadBalancers names no target group of this cluster' };
    }
    default:
      return { targets: [], none: '' };
  }
}

/** Whether alarms of this kind belong to the account and not to a cluster. */
export function isOfAccount({ each }: Pick<AlarmConfig, 'each'>): boolean {
  return each === 'account' || each === 'domain';
}

function accountTargets(config: Config, each: AlarmConfig['each']): { readonly targets: readonly AlarmTarget[]; readonly none: string } {
  if (each === 'account') {
    const redrive = hasRedrive(config) ? { redrive: redriveName(config.prefix) } : {};
    return { targets: [{ suffix: '', values: { account: config.account, ...redrive } }], none: '' };
  }
  if (each !== 'domain') return { targets: [], none: '' };
  if (config.search.mode !== 'managed') return { targets: [], none: `search.mode is ${config.search.mode}` };
  const { domain } = config.search;
  const quarter = Math.round((domain.dataNodes.volumeGiB * MIB_PER_GIB) / 4);
  return {
    targets: [{ suffix: '', values: { account: config.account, domain: domain.name, quarterVolumeMiB: String(quarter) } }],
    none: '',
  };
}

function isIndexed({ search }: Config, { route }: SourceConfig): boolean {
  return search.mode !== 'none' && (route === 'direct' || route === 'stream');
}

/** Names as the delivery stack makes them; a test compares them with its template. */
function streamTargets(config: Config, cluster: string, sources: readonly SourceConfig[]): AlarmTarget[] {
  const onAccount = accountSources(config);
  const target = (suffix: string, parts: readonly string[], { retentionHours }: SourceConfig['stream']): AlarmTarget => ({
    suffix,
    values: {
      cluster,
      stream: joinName([config.prefix, ...parts], MAX_STREAM_NAME),
      halfRetentionMs: String((retentionHours * MS_PER_HOUR) / 2),
    },
  });
  const own = sources
    .filter((source) => source.route === 'stream' && isIndexed(config, source) && !onAccount.includes(source))
    .map((source) => target(source.name, [cluster, source.name], source.stream));
  const shared = onAccount.find((source) => source.cluster === cluster && source.route === 'stream');
  return shared === undefined ? own : [...own, target('account', [`${cluster}.account`], shared.stream)];
}

function loadBalancersOf({ alarms }: Config, cluster: string): Config['alarms']['loadBalancers'] {
  return alarms.loadBalancers.filter((one) => one.cluster === cluster);
}

/** The agent's metric of etcd's size, which was renamed twice. Without a version the newest name is taken. */
export function storageSizeMetric(kubernetesVersion: string | undefined): string {
  const minor = minorOf(kubernetesVersion ?? '1.99');
  if (minor <= 25) return 'etcd_db_total_size_in_bytes';
  return minor <= 27 ? 'apiserver_storage_db_total_size_in_bytes' : 'apiserver_storage_size_bytes';
}

/** Whether a cluster's version fits a condition such as `>= 1.28`. A cluster that says no version counts as a new one. */
export function fitsVersion(condition: string | undefined, kubernetesVersion: string | undefined): boolean {
  if (condition === undefined) return true;
  const [sign, version = ''] = condition.split(' ');
  const minor = minorOf(kubernetesVersion ?? '1.99');
  return sign === '>=' ? minor >= minorOf(version) : minor < minorOf(version);
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
