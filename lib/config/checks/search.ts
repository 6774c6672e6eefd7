import { maxRequestBytes } from '../instances.ts';
import type { Config } from '../resolve.ts';
import { estimateShards, SHARDS_PER_NODE, shardLimit, shardsAtOnce } from '../shards.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';

/** The search as a whole: which one, who may sign in, how much it takes at once. */
export const checkSearch: Check = (context, report) => {
  const { config } = context;
  checkMode(context, report);
  if (config.search.mode === 'none') return;
  checkAccess(context, report);
  checkReplicas(context, report);
  checkBulk(config, report);
  checkShards(context, report);
};

function checkMode({ config, isGiven, isIncomplete }: CheckContext, report: CheckReport): void {
  const { mode, endpoint } = config.search;
  if (mode === 'existing' && endpoint === undefined && !isIncomplete(['search', 'endpoint'])) {
    report.problem({
      path: ['search', 'mode'],
      what: 'mode existing needs its address: add endpoint',
      limit: 'endpoint: https://HOST',
      value: mode,
    });
  }
  if (mode !== 'existing' && endpoint !== undefined) {
    const what = `mode ${mode} has no endpoint of yours; set mode: existing or remove endpoint`;
    report.problem({ path: ['search', 'endpoint'], what, value: endpoint });
  }
  if (mode !== 'managed' && isGiven(['search', 'domain'])) {
    report.warning({ path: ['search', 'domain'], atKey: true, what: `mode ${mode} makes no domain; these settings are not used` });
  }
  checkExisting({ config, isGiven, isIncomplete }, report);
  if (mode === 'existing' && endpoint !== undefined && /\.aoss\.amazonaws\.com(?::\d+)?$/.test(endpoint)) {
    const what = 'OpenSearch Serverless time series make ids themselves, so redelivered events would be stored twice';
    report.problem({ path: ['search', 'endpoint'], what, limit: 'a domain', value: endpoint });
  }
}

/** A host of OpenSearch Service that only answers inside its VPC. */
const VPC_HOST = /^https:\/\/vpc-[a-z0-9-]+\.[a-z0-9-]+\.es\.amazonaws\.com(?:\.cn)?(?::\d+)?$/;

function checkExisting({ config: { search }, isGiven, isIncomplete }: Omit<CheckContext, 'provesRegexes'>, report: CheckReport): void {
  const path = ['search', 'existing'];
  const { mode, endpoint = '', existing } = search;
  if (mode !== 'existing') {
    if (isGiven(path)) report.warning({ path, atKey: true, what: `mode ${mode} has no domain of others; these settings are not used` });
    return;
  }
  if (existing.vpc === undefined && !isIncomplete([...path, 'vpc']) && VPC_HOST.test(endpoint)) {
    const what = 'this host answers inside its VPC only, and the functions run outside of any; add search.existing.vpc';
    report.problem({
      path: ['search', 'endpoint'],
      what,
      limit: 'existing: { vpc: { vpcId, subnetIds, securityGroupIds } }',
      value: endpoint,
    });
  }
  const subnets = existing.vpc?.subnetIds ?? [];
  if (new Set(subnets).size < subnets.length) {
    report.problem({ path: [...path, 'vpc', 'subnetIds'], what: 'a subnet stands in the list twice', value: subnets });
  }
}

function checkAccess({ config: { search }, isIncomplete }: CheckContext, report: CheckReport): void {
  const { admins, readers } = search.access;
  if (search.mode === 'managed' && admins.roles.length + admins.samlGroups.length === 0) {
    const what = 'nobody is an administrator: only the role of search-setup can sign in';
    report.warning({ path: ['search', 'access', 'admins'], what, limit: 'at least one role or SAML group' });
  }
  for (const [index, reader] of readers.entries()) {
    if (reader.roles.length + reader.samlGroups.length > 0) continue;
    const path = ['search', 'access', 'readers', index];
    if (isIncomplete([...path, 'roles']) || isIncomplete([...path, 'samlGroups'])) continue;
    report.problem({ path, what: 'this entry lets nobody in', limit: 'roles or samlGroups', value: reader.family });
  }
}

function checkReplicas({ config, isGiven }: CheckContext, report: CheckReport): void {
  if (config.search.mode !== 'managed') return;
  const nodes = config.search.domain.dataNodes.count;
  const [worst] = config.families.filter(({ replicas }) => replicas >= nodes);
  if (worst) {
    const own = ['search', 'families', worst.name, 'replicas'];
    report.warning({
      path: isGiven(own) ? own : ['search', 'domain', 'dataNodes', 'count'],
      what: `${worst.replicas} replicas and their primary need ${worst.replicas + 1} data nodes; the domain would stay yellow`,
      limit: `replicas: ${nodes - 1}`,
      value: worst.replicas,
    });
  }
  const [bare] = config.families.filter(({ replicas }) => replicas === 0);
  if (bare && nodes > 1) {
    const own = ['search', 'families', bare.name, 'replicas'];
    const what = `family ${bare.name} has no replica: a lost node takes its indexes along`;
    report.warning({ path: isGiven(own) ? own : ['search', 'defaults', 'replicas'], what, limit: 'replicas: 1', value: 0 });
  }
}

/** A request that is too large is refused whole (413) and has to be split again, at every call. */
function checkBulk(config: Config, report: CheckReport): void {
  const { search, delivery } = config;
  const type = search.mode === 'managed' ? search.domain.dataNodes.instanceType : search.existing.instanceType;
  const limit = maxRequestBytes(type);
  if (delivery.bulk.maxBytes <= limit) return;
  const whose = type === undefined ? 'a domain of unknown size takes' : `${type} takes`;
  const what = `${whose} requests of at most ${limit} bytes${type === undefined ? '; say search.existing.instanceType if it takes more' : ''}`;
  report.problem({ path: ['delivery', 'bulk', 'maxBytes'], what, limit: String(limit), value: delivery.bulk.maxBytes });
}

function checkShards({ config }: CheckContext, report: CheckReport): void {
  if (config.search.mode !== 'managed') return;
  const { count, instanceType } = config.search.domain.dataNodes;
  const most = count * shardLimit(instanceType);
  const path = ['search', 'domain', 'dataNodes', 'count'];
  const { largest, sum } = shardsAtOnce(config);
  const limit = `${most} of ${count} nodes of this type`;
  if (largest !== undefined && largest.shards > most) {
    const what = `one index of family ${largest.family} has ${largest.shards} shards, replicas among them, more than the domain takes: it could never be made`;
    report.problem({ path, what, limit, value: count });
    return;
  }
  if (sum > most) {
    const what = `the indexes of one day have ${sum} shards, replicas among them, more than the domain takes: some could never be made`;
    report.problem({ path, what, limit, value: count });
    return;
  }
  const shards = estimateShards(config);
  if (shards <= count * SHARDS_PER_NODE) return;
  const what = `about ${shards} shards would be open after the longest retention; take longer periods, fewer shards, or shorter retention`;
  report.warning({ path, what, limit: `${SHARDS_PER_NODE} per data node`, value: count });
}
