import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NotifierRules, ReceiverRule } from '../../lambdas/core/alerts/notifier-rules.ts';
import type { LocalAccount } from '../account/account.ts';
import { createTable, readTableSpec } from '../dynamodb/server.ts';
import { matchesPattern } from '../events/pattern.ts';
import { PAGER_KEYS } from '../pagers/sink.ts';
import { SINK_TOKEN } from '../slack/sink.ts';
import { textAt } from '../template/json.ts';
import type { Resolver, Resource } from '../template/resolver.ts';
import type { AlarmStateNow, AlertServices } from './services.ts';
import { Topics } from './topics.ts';

/** How long after the last notification the run goes on with reminders and sweeps, in ms: what still fires is told again once, and then the run may end. */
const AFTERMATH_MS = 75 * 60_000;
/** How long the sweeper runs in a run in which nothing is told, in ms. */
const PRELUDE_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/**
 * The way of alarms to Slack, wired from the templates: topics, subscriptions, queues with delays, the table, and the schedule of the sweeper, all on the run's clock.
 */
export class AlertRun {
  readonly topics: Topics;
  readonly #account: LocalAccount;
  readonly #services: AlertServices;
  readonly #sweepers: readonly string[];
  readonly #resolver: Resolver;
  readonly #states = new Map<string, AlarmStateNow>();
  #untilMs = 0;
  #isSweeping = false;

  private constructor(account: LocalAccount, resolver: Resolver, services: AlertServices) {
    this.#account = account;
    this.#resolver = resolver;
    this.#services = services;
    const { clock } = account.parts;
    this.topics = new Topics(
      resolver,
      () => clock.now(),
      (queueArn, body) => {
        const queue = account.messages.queues.get(queueArn);
        if (!queue) throw new Error(`no queue ${queueArn} in the templates`);
        queue.send(body, undefined);
      },
    );
    this.#sweepers = resolver.resources((type) => type === 'AWS::Events::Rule').flatMap(minutelyTargets);
    services.hooks.sendMessage = (url, body, delaySeconds) => this.#send(url, body, delaySeconds);
    const receivers = receiversOf(account);
    services.hooks.secret = (place) => secretOf(receivers, place, services.sink);
    services.hooks.alarms = () => [...this.#states.values()];
    // The sweeper runs from the first minute on, as after a deploy: an alarm asks whether it does.
    this.#keepGoing(PRELUDE_MS);
  }

  /** Wires what the templates hold; undefined where they hold no table of alerts. */
  static async wire(account: LocalAccount, resolver: Resolver, services: AlertServices): Promise<AlertRun | undefined> {
    const tables = resolver.resources((type) => type === 'AWS::DynamoDB::Table');
    if (tables.length === 0) return undefined;
    for (const table of tables) await createTable(services.dynamoDbUrl, readTableSpec(table));
    return new AlertRun(account, resolver, services);
  }

  /** Publishes a notification to a topic at the present time of the run. */
  publish(topicArn: string, message: string, subject?: string): void {
    this.#note(message);
    this.#keepGoing();
    this.topics.publish(topicArn, message, subject);
  }

  /** Puts an event where the rules that want it say: queues, and topics. EventBridge. */
  putEvent(event: { readonly source: string; readonly 'detail-type': string; readonly [name: string]: unknown }): void {
    this.#keepGoing();
    for (const rule of this.#resolver.resources((type) => type === 'AWS::Events::Rule')) {
      const pattern = rule.properties['EventPattern'];
      if (pattern === undefined || !matchesPattern(pattern, event)) continue;
      for (const arn of targetsOf(rule)) {
        if (this.topics.arns.includes(arn)) this.topics.publish(arn, JSON.stringify(event));
        else this.#account.messages.queues.get(arn)?.send(JSON.stringify(event), undefined);
      }
    }
  }

  /** What DescribeAlarms would say: the last state that was published. */
  #note(message: string): void {
    try {
      const { AlarmName, NewStateValue, AlarmContributorId } = JSON.parse(message) as { readonly [name: string]: unknown };
      if (typeof AlarmName !== 'string' || typeof NewStateValue !== 'string' || AlarmContributorId !== undefined) return;
      this.#states.set(AlarmName, { name: AlarmName, value: NewStateValue, changedMs: this.#account.parts.clock.now() });
    } catch {
      // No alarm.
    }
  }

  #send(url: string, body: string, delaySeconds: number | undefined): boolean {
    const delayMs = delaySeconds === undefined ? undefined : delaySeconds * 1000;
    // A run must end, though what fires would be told again for ever.
    const isTooLate = this.#account.parts.clock.now() + (delayMs ?? 0) > this.#untilMs;
    return isTooLate ? this.#account.messages.has(url) : this.#account.messages.send(url, body, delayMs);
  }

  #keepGoing(forMs = AFTERMATH_MS): void {
    const { clock } = this.#account.parts;
    this.#untilMs = Math.max(this.#untilMs, clock.now() + forMs);
    if (this.#isSweeping) return;
    this.#isSweeping = true;
    clock.at(clock.now() + MINUTE_MS, () => this.#sweep());
  }

  #sweep(): void {
    const { clock } = this.#account.parts;
    for (const arn of this.#sweepers) {
      // A sweep that fails is in the function's lines, as in an account; the next one comes.
      clock.track(this.#account.call(this.#account.host(this.#resolver, arn), {}).then(() => undefined));
    }
    this.#isSweeping = clock.now() + MINUTE_MS <= this.#untilMs;
    if (this.#isSweeping) clock.at(clock.now() + MINUTE_MS, () => this.#sweep());
  }

  /** Incidents that the pagers of the run have. */
  get incidents(): AlertServices['pagers']['incidents'] {
    return this.#services.pagers.incidents;
  }

  /** The Slack of the run. */
  get sink(): AlertServices['sink'] {
    return this.#services.sink;
  }
}

/** Receivers as the bundled function knows them. */
function receiversOf({ functions }: LocalAccount): readonly ReceiverRule[] {
  for (const { spec } of functions.values()) {
    const file = join(spec.assetDirectory, 'notifier.json');
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as NotifierRules).receivers;
  }
  return [];
}

/** What a receiver's secret holds here: the sink's own address or token, in JSON where the config names a member. A parameter is asked for by its name. */
function secretOf(receivers: readonly ReceiverRule[], place: string, sink: AlertServices['sink']): string | undefined {
  const receiver = receivers.find(({ secretArn }) => secretArn === place || secretArn.endsWith(`:parameter${place}`));
  if (!receiver) return undefined;
  const value = { webhook: sink.webhook, bot: SINK_TOKEN, ...PAGER_KEYS }[receiver.kind];
  return receiver.secretKey === undefined ? value : JSON.stringify({ [receiver.secretKey]: value });
}

function targetsOf({ properties }: Resource): string[] {
  return ((properties['Targets'] ?? []) as readonly { readonly Arn?: unknown }[]).map(({ Arn }) => String(Arn));
}

/** Functions of a rule that runs every minute; other schedules do not run here. */
function minutelyTargets(rule: Resource): string[] {
  return textAt(rule.properties, 'ScheduleExpression') === 'rate(1 minute)'
    ? targetsOf(rule).filter((arn) => arn.includes(':function:'))
    : [];
}
