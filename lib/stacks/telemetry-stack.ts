import { CfnResource, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config/load.ts';
import { stackName } from '../config/names.ts';

/** Resources at which a stack must be split: CloudFormation refuses more than 500, and the next feature needs room. */
export const MAX_RESOURCES = 450;

/** What every stack gets. */
export interface TelemetryStackProps {
  readonly config: Config;
  /** Folder of the project: functions are bundled from here. */
  readonly projectRoot: string;
}

/** What a kind of stack is. */
export interface StackKind {
  /** Parts of the name behind the prefix. */
  readonly nameParts: readonly string[];
  /** One sentence for people who find it in the console. */
  readonly description: string;
  /** Whether it holds what cannot be made again. */
  readonly holdsData: boolean;
}

/** A stack of the config's account and Region, with its tags, that fails at synth where CloudFormation would fail later. */
export class TelemetryStack extends Stack {
  constructor(scope: Construct, props: TelemetryStackProps, kind: StackKind) {
    const { config } = props;
    const name = stackName([config.prefix, ...kind.nameParts]);
    super(scope, name, {
      stackName: name,
      env: { account: config.account, region: config.region },
      description: kind.description,
      terminationProtection: kind.holdsData,
      tags: { ...config.tags },
    });
    this.node.addValidation({ validate: () => resourceProblems(this) });
  }
}

function resourceProblems(stack: Stack): string[] {
  const count = stack.node.findAll().filter((node) => CfnResource.isCfnResource(node) && Stack.of(node) === stack).length;
  if (count <= MAX_RESOURCES) return [];
  return [
    `stack ${stack.stackName} has ${count} resources, limit: ${MAX_RESOURCES} (CloudFormation refuses 500). ` +
      'Each source with a filter of its own takes up to eight: use subscription: account, or a config of its own for some clusters',
  ];
}
