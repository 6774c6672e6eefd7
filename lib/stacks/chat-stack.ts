import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { alertTopicName, chatCommandName, chatWorkerName } from '../config/alert-names.ts';
import { chatLogGroups, chatRulesFor, chatSearches } from '../config/chat-rules.ts';
import { roleName } from '../config/names.ts';
import { partitionOf } from '../config/regions.ts';
import { ChatCommand, ChatWorker } from '../constructs/chat-functions.ts';
import { ChatWatch } from '../constructs/chat-watch.ts';
import type { SearchStack } from './search-stack.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What the chat stack builds on. */
export interface ChatStackProps extends TelemetryStackProps {
  readonly storage: StorageStack;
  readonly search: SearchStack | undefined;
  /** Alerts and silences. */
  readonly state: { readonly table: Table; readonly key: IKey };
}

/** The slash command and the buttons: a URL for Slack, and who looks things up. A stack of its own: it can be taken away without touching alerts. */
export class ChatStack extends TelemetryStack {
  constructor(scope: Construct, props: ChatStackProps) {
    super(scope, props, {
      nameParts: ['chat'],
      description: 'eks-telemetry: the slash command and the buttons of Slack.',
      holdsData: false,
    });
    const { config, projectRoot, search, state, storage } = props;
    const { prefix, region, slack } = config;
    const { kmsKey, limits } = slack.chat;
    const rules = chatRulesFor(config);
    const common = { projectRoot, encryptionKey: storage.logGroupKey, rules, secretKey: kmsKey };
    const setAside = (count: number): number | undefined => (count === 0 ? undefined : count);
    const workerName = chatWorkerName(prefix);
    const { worker } = new ChatWorker(this, 'Worker', {
      ...common,
      functionName: workerName,
      roleName: roleName(region, workerName),
      table: state.table,
      tableKey: state.key,
      logGroups: chatLogGroups(rules),
      search: search !== undefined && chatSearches(config) ? { target: search.target, network: search.network } : undefined,
      queryTimeout: Duration.seconds(limits.timeoutSeconds),
      concurrency: setAside(limits.workerConcurrency),
    });
    const { command } = new ChatCommand(this, 'Command', {
      ...common,
      functionName: chatCommandName(prefix),
      worker,
      concurrency: setAside(limits.commandConcurrency),
    });
    const topicArn = `arn:${partitionOf(region)}:sns:${region}:${config.account}:${alertTopicName(prefix, 'warning')}`;
    new ChatWatch(this, 'Watch', { prefix, command, worker, topic: Topic.fromTopicArn(this, 'Warnings', topicArn) });
  }
}
