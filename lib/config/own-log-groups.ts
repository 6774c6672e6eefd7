import { alertNotifierName, alertSweeperName, chatCommandName, chatWorkerName } from './alert-names.ts';
import { hasChat } from './chat-rules.ts';
import { planCollection } from './collection-plan.ts';
import { archivedSources, firehoseSources, hasFirehose } from './firehose-plan.ts';
import {
  albIndexerName,
  clusterInstallerName,
  controlPlaneLoggingName,
  DOMAIN_LOGS,
  domainLogGroupName,
  firehoseLogGroupName,
  firehoseTransformName,
  frameworkName,
  functionLogGroupName,
  LOGGING_STEPS,
  logGroupSetupName,
  loggingStepName,
  logIndexerName,
  redriveName,
  searchSetupName,
} from './names.ts';
import { hasRedrive } from './redrive.ts';
import type { Config } from './resolve.ts';

/**
 * Every log group that the stacks of this config make for themselves, sorted: those of the functions, of the frameworks around
 * custom resources and of the domain. A test compares it with the templates.
 */
export function ownLogGroups(config: Config): string[] {
  const { clusters, prefix, search } = config;
  const groups = clusters.flatMap(({ name, controlPlane }) => [
    ...customResource(logGroupSetupName(prefix, name)),
    ...(controlPlane.enablement === 'customResource' ? loggingGroups(controlPlaneLoggingName(prefix, name)) : []),
    ...installerGroups(config, name),
    ...indexerGroups(config, name),
    ...firehoseGroups(config, name),
  ]);
  if (hasRedrive(config)) groups.push(functionLogGroupName(redriveName(prefix)));
  if (config.loadBalancers.logs.length > 0) groups.push(functionLogGroupName(albIndexerName(prefix)));
  // What alb-indexer puts there is indexed already.
  for (const { logGroup } of config.loadBalancers.logs)
    if (logGroup !== undefined && !groups.includes(logGroup.name)) groups.push(logGroup.name);
  if (config.slack.enabled && config.slack.receivers.length > 0)
    groups.push(...[alertNotifierName(prefix), alertSweeperName(prefix)].map(functionLogGroupName));
  if (hasChat(config)) groups.push(...[chatCommandName(prefix), chatWorkerName(prefix)].map(functionLogGroupName));
  if (search.mode !== 'none') groups.push(...customResource(searchSetupName(prefix)));
  if (search.mode === 'managed') groups.push(...Object.values(DOMAIN_LOGS).map((log) => domainLogGroupName(search.domain.name, log)));
  return groups.sort();
}

/** A custom resource's function and its framework. */
function customResource(functionName: string): string[] {
  return [functionName, frameworkName(functionName)].map(functionLogGroupName);
}

function loggingGroups(functionName: string): string[] {
  return [...LOGGING_STEPS.map((step) => loggingStepName(functionName, step)), frameworkName(functionName)].map(functionLogGroupName);
}

function installerGroups(config: Config, name: string): string[] {
  const cluster = config.clusters.find((each) => each.name === name);
  return cluster !== undefined && planCollection(config, cluster).installs ? customResource(clusterInstallerName(config.prefix, name)) : [];
}

function firehoseGroups(config: Config, cluster: string): string[] {
  if (!hasFirehose(config, cluster)) return [];
  const { prefix } = config;
  return [
    ...(firehoseSources(config, cluster).length > 0 ? [functionLogGroupName(firehoseTransformName(prefix, cluster, 'search'))] : []),
    ...(archivedSources(config, cluster).length > 0 ? [functionLogGroupName(firehoseTransformName(prefix, cluster, 'archive'))] : []),
    firehoseLogGroupName(prefix, cluster),
  ];
}

function indexerGroups({ prefix, search, sources }: Config, cluster: string): string[] {
  if (search.mode === 'none') return [];
  const routes = (['direct', 'stream'] as const).filter((route) =>
    sources.some((source) => source.cluster === cluster && source.route === route),
  );
  return routes.map((route) => functionLogGroupName(logIndexerName(prefix, cluster, route)));
}
