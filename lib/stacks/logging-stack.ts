import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CONTROL_PLANE_KINDS, SOURCE_KINDS } from '../../lambdas/core/rules/rules.ts';
import type { ClusterConfig, Config } from '../config/load.ts';
import { controlPlaneLoggingName, joinName, logGroupSetupName } from '../config/names.ts';
import { planQueries } from '../config/query-plan.ts';
import { logGroupOf, otelLogGroupOf } from '../config/resolve.ts';
import { type AdoptedLogGroup, AdoptedLogGroups } from '../constructs/adopted-log-groups.ts';
import { ControlPlaneLogging } from '../constructs/control-plane-logging.ts';
import { ControlPlaneTelemetryRule, type TelemetryRuleProps } from '../constructs/telemetry-rule.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What a logging stack builds on. */
export interface LoggingStackProps extends TelemetryStackProps {
  readonly cluster: ClusterConfig;
  readonly storage: StorageStack;
}

/** Log groups of one cluster with retention and key, and then, in this order, control-plane logging. */
export class LoggingStack extends TelemetryStack {
  constructor(scope: Construct, props: LoggingStackProps) {
    const { cluster, config, storage } = props;
    super(scope, props, {
      nameParts: [cluster.name, 'logging'],
      description: `eks-telemetry: log groups of cluster ${cluster.name} with retention and encryption, and its control-plane logging.`,
      holdsData: false,
    });
    const shared = { projectRoot: props.projectRoot, encryptionKey: storage.logGroupKey };
    const controlPlaneGroup = logGroupOf('controlPlane', cluster.name);
    const adopted = new AdoptedLogGroups(this, 'LogGroups', {
      ...shared,
      functionName: logGroupSetupName(config.prefix, cluster.name),
      logGroups: clusterLogGroups(config, cluster),
      groupKey: storage.logGroupKey,
      deletionProtection: cluster.logGroups.deletionProtection,
      tags: config.tags,
    });
    const { enablement, logTypes, disableOnDelete, updateTimeoutMinutes } = cluster.controlPlane;
    const group = adopted.groups.get(controlPlaneGroup);
    if (enablement === 'customResource') {
      const logging = new ControlPlaneLogging(this, 'ControlPlane', {
        ...shared,
        functionName: controlPlaneLoggingName(config.prefix, cluster.name),
        clusterName: cluster.name,
        logTypes,
        logGroupName: controlPlaneGroup,
        disableOnDelete,
        updateTimeout: Duration.minutes(updateTimeoutMinutes),
      });
      // EKS would make the group itself, without retention and key, as soon as logging is on.
      if (group) logging.resource.node.addDependency(group);
    }
    if (enablement === 'telemetryRule' && isRuleOwner(config, cluster)) {
      const rule = new ControlPlaneTelemetryRule(this, 'ControlPlaneRule', telemetryRuleOf(config));
      if (group) rule.rule.node.addDependency(group);
    }
  }
}

/** Groups that EKS and the agents write to, in the order of the kinds. */
function clusterLogGroups(config: Config, cluster: ClusterConfig): AdoptedLogGroup[] {
  const kinds = SOURCE_KINDS.filter((kind) => kind !== 'logGroup');
  const { indexedFields } = planQueries(config, cluster);
  const groups = kinds.map((kind) => ({ id: kind as string, kind, logGroupName: logGroupOf(kind, cluster.name) }));
  // The OTel variant writes to groups of its own, which would have no end unless somebody makes them first.
  for (const kind of kinds) {
    const logGroupName = otelLogGroupOf(kind, cluster.name);
    if (logGroupName !== undefined && config.sources.some(({ logGroup }) => logGroup === logGroupName))
      groups.push({ id: `otel-${kind}`, kind, logGroupName });
  }
  return groups.map(({ id, kind, logGroupName }) => ({
    id,
    logGroupName,
    retentionDays: cluster.retentionDays[kind],
    indexFields: indexedFields.get(logGroupName) ?? [],
  }));
}

function ruledClusters(config: Config): ClusterConfig[] {
  return config.clusters.filter(({ controlPlane }) => controlPlane.enablement === 'telemetryRule');
}

/** A rule reaches every cluster of the account and Region, and two equal ones are a conflict: the first cluster's stack has it. */
function isRuleOwner(config: Config, cluster: ClusterConfig): boolean {
  return ruledClusters(config)[0]?.name === cluster.name;
}

function telemetryRuleOf(config: Config): TelemetryRuleProps {
  const clusters = ruledClusters(config);
  const wanted = new Set(clusters.flatMap(({ controlPlane }) => controlPlane.logTypes));
  return {
    ruleName: joinName([config.prefix, 'control-plane-logging'], 100),
    logTypes: CONTROL_PLANE_KINDS.filter((kind) => wanted.has(kind)),
    // Only for groups that the rule makes itself; ours are adopted before it.
    retentionDays: Math.max(...clusters.map(({ retentionDays }) => retentionDays.controlPlane)),
    tags: config.tags,
  };
}
