import { createHash } from 'node:crypto';
import { CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEventInvokeConfig, type FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ChatRules, SecretPlace } from '../../lambdas/core/chat/rules.ts';
import { BundledFunction, type FunctionDefaults, type FunctionNetwork } from './bundled-function.ts';
import { type FunctionRole, logGroupArn } from './function-role.ts';
import type { SearchTarget } from './search-target.ts';

const NAMESPACE = 'EksTelemetry';

/** What both functions of the chat stand on. */
interface ChatFunctionProps extends FunctionDefaults {
  readonly functionName: string;
  readonly rules: ChatRules;
  /** Key of the secrets, where it is the user's own. */
  readonly secretKey?: string | undefined;
  /** Calls at a time, set aside. @default - the account's shared pool */
  readonly concurrency?: number | undefined;
}

/** Settings of chat-worker. */
export interface ChatWorkerProps extends ChatFunctionProps {
  /** Alerts and silences, and the calls that were worked on. */
  readonly table: Table;
  readonly tableKey: IKey;
  /** Log groups that its queries ask. */
  readonly logGroups: readonly string[];
  /** Fixed, because search-setup maps the role before this function exists. */
  readonly roleName: string;
  /** The domain, where the config opens indices. */
  readonly search?: { readonly target: SearchTarget; readonly network: FunctionNetwork | undefined } | undefined;
  /** Longest query. */
  readonly queryTimeout: Duration;
}

/** What a worker needs besides its query: start, secrets, the file, the answer. */
const BESIDES_THE_QUERY = Duration.seconds(60);

/** The function that looks up what was asked. It reads what the config opens, and writes silences. */
export class ChatWorker extends Construct {
  readonly worker: BundledFunction;

  constructor(scope: Construct, id: string, props: ChatWorkerProps) {
    super(scope, id);
    const { concurrency, logGroups, queryTimeout, rules, search, secretKey, table, tableKey, ...defaults } = props;
    this.worker = new BundledFunction(this, 'Function', {
      ...defaults,
      entry: 'lambdas/chat-worker.ts',
      description: 'Looks up what somebody asked in a channel, and answers.',
      memoryMb: 512,
      timeout: queryTimeout.plus(BESIDES_THE_QUERY),
      reservedConcurrency: concurrency,
      network: search?.network,
      files: { 'chat.json': rules },
      environment: {
        ALERT_TABLE: table.tableName,
        METRIC_NAMESPACE: NAMESPACE,
        ...(search === undefined ? {} : { SEARCH_ENDPOINT: search.target.endpoint }),
      },
    });
    const { functionRole } = this.worker;
    functionRole.allow({
      sid: 'AlertTable',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      resources: [table.tableArn, `${table.tableArn}/index/due`],
    });
    functionRole.allow({ sid: 'AlertKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [tableKey.keyArn] });
    if (rules.botToken !== undefined) allowSecrets(functionRole, [rules.botToken], secretKey);
    this.allowQueries(logGroups);
    if (rules.hasClassicMetrics)
      functionRole.allow({
        sid: 'Metrics',
        actions: ['cloudwatch:GetMetricData'],
        resources: ['*'],
        why: 'Metrics are no resources: the action works on * only, and reads numbers.',
      });
    if (search !== undefined)
      functionRole.allow({
        sid: 'Search',
        actions: ['es:ESHttpPost'],
        resources: [`${search.target.domainArn}/*/_search`],
        why: 'The path names the indices that are searched; which ones this role may read is said by its role in the domain (search-setup).',
      });
    for (const pipeline of rules.pipelines) this.allowDecisions(pipeline);
    // A question that failed is asked again by who asked it: Lambda's own retries would come when nobody waits any more.
    new CfnEventInvokeConfig(this, 'Invocations', {
      functionName: this.worker.function.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 300,
    });
  }

  /** Deciding for one pipeline: reading what waits there, and answering any of its actions. Only approvals take an answer. */
  private allowDecisions(pipeline: string): void {
    const { functionRole } = this.worker;
    const arn = Stack.of(this).formatArn({ service: 'codepipeline', resource: pipeline });
    const sid = createHash('sha256').update(pipeline).digest('hex').slice(0, 8);
    functionRole.allow({
      sid: `Waiting${sid}`,
      actions: ['codepipeline:GetPipelineState', 'codepipeline:ListActionExecutions'],
      resources: [arn],
    });
    functionRole.allow({
      sid: `Decide${sid}`,
      actions: ['codepipeline:PutApprovalResult'],
      resources: [`${arn}/*`],
      why: 'Behind the pipeline stand stage and action, which the config does not name; only actions that wait for an approval take this call.',
    });
  }

  private allowQueries(logGroups: readonly string[]): void {
    if (logGroups.length === 0) return;
    const { functionRole } = this.worker;
    functionRole.allow({
      sid: 'StartQuery',
      actions: ['logs:StartQuery'],
      resources: logGroups.map((group) => `${logGroupArn(this, group)}:*`),
      why: 'What stands behind a log group in its ARN are its streams: the group is named.',
    });
    functionRole.allow({
      sid: 'QueryResults',
      actions: ['logs:GetQueryResults', 'logs:StopQuery'],
      resources: ['*'],
      why: 'Queries are no resources: these two actions work on * only, with the id of a query that this function started.',
    });
  }
}

/** Settings of chat-command. */
export interface ChatCommandProps extends ChatFunctionProps {
  readonly worker: BundledFunction;
}

/** The function that Slack calls: checks who calls, answers within its three seconds, and hands work on. */
export class ChatCommand extends Construct {
  readonly command: BundledFunction;
  readonly url: string;

  constructor(scope: Construct, id: string, props: ChatCommandProps) {
    super(scope, id);
    const { concurrency, rules, secretKey, worker, ...defaults } = props;
    this.command = new BundledFunction(this, 'Function', {
      ...defaults,
      entry: 'lambdas/chat-command.ts',
      description: 'Takes the slash command and the buttons of Slack.',
      // Slack waits three seconds, a cold start included: memory is CPU.
      memoryMb: 1024,
      timeout: Duration.seconds(10),
      reservedConcurrency: concurrency,
      files: { 'chat.json': rules },
      environment: { WORKER_FUNCTION: worker.functionName, METRIC_NAMESPACE: NAMESPACE },
    });
    const { functionRole } = this.command;
    allowSecrets(functionRole, [rules.signingSecret], secretKey);
    functionRole.allow({ sid: 'HandOn', actions: ['lambda:InvokeFunction'], resources: [worker.function.functionArn] });
    const url = this.command.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    explainOpenUrl(url);
    this.url = url.url;
    new CfnOutput(Stack.of(this), 'ChatUrl', {
      value: this.url,
      description: 'Request URL of the slash command and of interactivity, for the app of Slack.',
    });
  }
}

/**
 * Slack signs its calls with a secret of its own and cannot sign as IAM wants it, so IAM can let nobody in but everybody. cdk-nag has a rule about that, which
 * AwsSolutions leaves out; whoever adds it finds the reason here.
 */
function explainOpenUrl(url: FunctionUrl): void {
  const reason =
    'Slack cannot sign requests for IAM. The function checks the signature of each body (HMAC-SHA256 with the signing secret of the app, five minutes, constant time) ' +
    'before it reads it, and reserved concurrency bounds what anybody else can cause.';
  Validations.of(url).acknowledge({ id: 'LambdaFunctionUrlAuth', reason });
}

function allowSecrets(role: FunctionRole, places: readonly SecretPlace[], key: string | undefined): void {
  const arns = [...new Set(places.map(({ arn }) => arn))];
  const secrets = arns.filter((arn) => arn.includes(':secretsmanager:'));
  const parameters = arns.filter((arn) => arn.includes(':ssm:'));
  if (secrets.length > 0) role.allow({ sid: 'Secrets', actions: ['secretsmanager:GetSecretValue'], resources: secrets });
  if (parameters.length > 0) role.allow({ sid: 'Parameters', actions: ['ssm:GetParameter'], resources: parameters });
  if (key !== undefined) role.allow({ sid: 'SecretKey', actions: ['kms:Decrypt'], resources: [key] });
}
