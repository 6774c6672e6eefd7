import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { frameworkName, functionLogGroupName } from '../config/names.ts';
import { acknowledge, acknowledgeWildcard } from './acknowledge.ts';
import type { BundledFunction } from './bundled-function.ts';
import { FunctionRole } from './function-role.ts';
import { NamedLogGroup } from './named-log-group.ts';

/** Settings of CDK's provider framework around a handler of ours. */
export interface CustomResourceProviderProps {
  /** Starts the name of the framework's log group. */
  readonly name: string;
  readonly onEvent: Pick<BundledFunction, 'function'>;
  /** Handler that is asked until the work is done; absent where `onEvent` does it all. */
  readonly isComplete?: BundledFunction;
  /** How long `isComplete` is asked, at most an hour. Needs `isComplete`. */
  readonly totalTimeout?: Duration;
  /**
   * Pause between two questions.
   *
   * @default Duration.seconds(15)
   */
  readonly queryInterval?: Duration;
  readonly encryptionKey?: IKey | undefined;
}

/** CDK's provider framework with what it does not bring along: a named log group with retention, and roles that may write only to it. */
export class CustomResourceProvider extends Construct {
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, props: CustomResourceProviderProps) {
    super(scope, id);
    const timeout = props.totalTimeout ?? Duration.minutes(30);
    if (timeout.toMinutes() > 60)
      throw new Error(`${this.node.path}: totalTimeout must be at most an hour, got ${timeout.toHumanString()}`);

    const logs = new NamedLogGroup(this, 'Log', {
      logGroupName: functionLogGroupName(frameworkName(props.name)),
      encryptionKey: props.encryptionKey,
    });
    const start = new FunctionRole(this, 'StartRole', { logGroupName: logs.logGroupName });
    // Two roles: with one, the state machine, its role and the functions would wait for each other.
    const wait = props.isComplete && new FunctionRole(this, 'WaitRole', { logGroupName: logs.logGroupName });
    const provider = new Provider(this, 'Framework', {
      onEventHandler: props.onEvent.function,
      frameworkOnEventRole: start.role,
      logGroup: logs.logGroup,
      ...(props.isComplete === undefined || wait === undefined
        ? {}
        : {
            isCompleteHandler: props.isComplete.function,
            frameworkCompleteAndTimeoutRole: wait.role,
            totalTimeout: timeout,
            queryInterval: props.queryInterval ?? Duration.seconds(15),
          }),
    });
    this.serviceToken = provider.serviceToken;

    const versions = 'CDK grants the right to invoke a function together with its versions; there is one function behind the ARN.';
    acknowledgeWildcard(this, `${props.onEvent.function.functionArn}:*`, versions);
    if (props.isComplete) {
      acknowledgeWildcard(this, `${props.isComplete.function.functionArn}:*`, versions);
      this.acknowledgeWaiter(provider, versions);
    }
    acknowledge(
      provider,
      'AwsSolutions-L1',
      "The runtime of CDK's own functions is CDK's choice; it moves with the pinned version of aws-cdk-lib, against which it is tested.",
    );
  }

  private acknowledgeWaiter(provider: Provider, versions: string): void {
    for (const name of ['framework-isComplete', 'framework-onTimeout']) {
      const step = provider.node.findChild(name) as unknown as { readonly functionArn: string };
      acknowledgeWildcard(provider, `${step.functionArn}:*`, versions);
    }
    const waiter = provider.node.findChild('waiter-state-machine');
    const reason =
      'The state machine only repeats one function until it is done, and only during a deployment; each step writes to the log group of the framework.';
    acknowledge(waiter, 'AwsSolutions-SF1', reason);
    acknowledge(waiter, 'AwsSolutions-SF2', reason);
  }
}
