import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';

/** Settings of a function's role. */
export interface FunctionRoleProps {
  /** Name of the group that the function writes to, and the only one. */
  readonly logGroupName: string;
  /**
   * Fixed name, for a role that someone outside the stack names.
   *
   * @default - CloudFormation makes one up
   */
  readonly roleName?: string;
  /**
   * Whether the function sends traces to X-Ray.
   *
   * @default false
   */
  readonly tracing?: boolean;
  /**
   * Whether the function runs in a VPC and needs network interfaces.
   *
   * @default false
   */
  readonly inVpc?: boolean;
}

/** A permission of a function. */
export interface Permission {
  /** What it is for, as the statement's id: letters and digits. */
  readonly sid: string;
  readonly actions: string[];
  /** ARNs; one with a `*` needs `why`. */
  readonly resources: string[];
  /** Why a `*` in a resource cannot be narrower. */
  readonly why?: string;
}

/** A role that may write to one log group; what else a function needs is added by name. AWS's managed policy would allow every group. */
export class FunctionRole extends Construct {
  readonly role: Role;
  /** All that the role may do: whatever needs a permission while it is being made depends on this. */
  readonly policy: Policy;

  constructor(scope: Construct, id: string, props: FunctionRoleProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      ...(props.roleName === undefined ? {} : { roleName: props.roleName }),
    });
    this.policy = new Policy(this, 'Policy', { roles: [this.role] });
    this.allow({
      sid: 'OwnLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroupArn(this, props.logGroupName)}:log-stream:*`],
      why: 'Lambda makes up the names of its log streams: the group is fixed, its streams are open.',
    });
    if (props.tracing === true) {
      this.allow({
        sid: 'Traces',
        actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
        resources: ['*'],
        why: 'X-Ray has no resource to name: these two actions work on * only.',
      });
    }
    if (props.inVpc === true) {
      this.allow({
        sid: 'NetworkInterfaces',
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        resources: ['*'],
        why: 'Lambda attaches the function to the VPC with interfaces that do not exist yet; it refuses to make the function with less.',
      });
    }
  }

  /** Adds a permission; a wildcard in a resource is accepted only with its reason. */
  allow(permission: Permission): void {
    const { sid, actions, resources, why } = permission;
    this.policy.addStatements(new PolicyStatement({ sid, actions, resources }));
    for (const resource of resources) {
      if (why !== undefined && resource.includes('*')) acknowledgeWildcard(this.policy, resource, why);
    }
  }
}

/** ARN of a log group by its name, without the trailing `:*`. */
export function logGroupArn(scope: IConstruct, logGroupName: string): string {
  return Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
