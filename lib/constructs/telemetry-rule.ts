import { CfnTelemetryRule } from 'aws-cdk-lib/aws-observabilityadmin';
import { Construct } from 'constructs';
import type { ControlPlaneKind } from '../../lambdas/core/rules/rules.ts';

/** Names of the control-plane types in a telemetry rule. */
const TELEMETRY_TYPES: { readonly [kind in ControlPlaneKind]: string } = {
  api: 'EKS_API_LOGS',
  audit: 'EKS_AUDIT_LOGS',
  authenticator: 'EKS_AUTHENTICATOR_LOGS',
  controllerManager: 'EKS_CONTROLLER_MANAGER_LOGS',
  scheduler: 'EKS_SCHEDULER_LOGS',
};

/** Settings of a telemetry rule for control-plane logging. */
export interface TelemetryRuleProps {
  readonly ruleName: string;
  readonly logTypes: readonly ControlPlaneKind[];
  readonly retentionDays: number;
  readonly tags: { readonly [key: string]: string };
}

/**
 * Lets AWS turn logging on, for every cluster of the account and Region, those made later included. The account must be
 * onboarded to telemetry evaluation first, which CloudFormation cannot do. Never together with `ControlPlaneLogging`:
 * two owners of one setting undo each other.
 */
export class ControlPlaneTelemetryRule extends Construct {
  readonly rule: CfnTelemetryRule;

  constructor(scope: Construct, id: string, props: TelemetryRuleProps) {
    super(scope, id);
    this.rule = new CfnTelemetryRule(this, 'Rule', {
      ruleName: props.ruleName,
      rule: {
        resourceType: 'AWS::EKS::Cluster',
        telemetryType: 'Logs',
        telemetrySourceTypes: props.logTypes.map((type) => TELEMETRY_TYPES[type]),
        destinationConfiguration: { destinationType: 'cloud-watch-logs', retentionInDays: props.retentionDays },
      },
      tags: Object.entries(props.tags).map(([key, value]) => ({ key, value })),
    });
  }
}
