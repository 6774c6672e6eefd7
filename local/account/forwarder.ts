import { createHash } from 'node:crypto';
import { MAX_ASYNC_PAYLOAD_BYTES } from '../lambda/async-queue.ts';
import type { InputEvent } from '../logs/log-group.ts';
import { controlPayload, type Payload, packPayloads } from '../logs/payload.ts';
import type { Resolver } from '../template/resolver.ts';
import type { LocalAccount } from './account.ts';
import type { Shipment } from './ledger.ts';
import { LogsPermissions } from './permissions.ts';
import { readSubscriptions, type Subscription, takesGroup } from './subscriptions.ts';

/** A payload that was sent, kept to be sent a second time. */
interface Sent {
  readonly subscription: Subscription;
  readonly data: Buffer;
  readonly logStream: string;
  readonly shipment: Shipment;
}

/** How many payloads per subscription are sent a second time. */
const REDELIVERIES = 3;

/** CloudWatch Logs: takes events into log groups and forwards them by the subscriptions. */
export class Forwarder {
  readonly subscriptions: readonly Subscription[];
  readonly #account: LocalAccount;
  readonly #resolver: Resolver;
  readonly #permissions: LogsPermissions;
  readonly #owner: string;
  readonly #kept = new Map<Subscription, Sent[]>();
  readonly #reached = new Set<string>();

  constructor(account: LocalAccount, resolver: Resolver, owner: string) {
    this.#account = account;
    this.#resolver = resolver;
    this.#owner = owner;
    const resources = resolver.resources((type) => type === 'AWS::Lambda::Permission' || type.startsWith('AWS::Logs::'));
    this.subscriptions = readSubscriptions(resources);
    this.#permissions = new LogsPermissions(resources);
  }

  /** Groups of functions that the account's subscription would take: each forwarded event would make further ones, without end. */
  selfFed(): string[] {
    const functionGroups = this.#resolver
      .resources((type) => type === 'AWS::Lambda::Function')
      .map((resource) => `/aws/lambda/${String(resource.properties['FunctionName'] ?? '')}`);
    return functionGroups.filter((group) =>
      this.subscriptions.some((subscription) => subscription.logGroup === undefined && takesGroup(subscription, group)),
    );
  }

  /** PutLogEvents, and everything that follows from it. */
  put(groupName: string, stream: string, batch: readonly InputEvent[]): void {
    const { clock, events, ledger, logs } = this.#account.parts;
    const result = logs.group(groupName).put(stream, batch, clock.now());
    events?.put(groupName, stream, result.events);
    const counts = ledger.group(groupName);
    counts.put += result.events.length;
    counts.refusedByTime += result.tooOld + result.tooNew;
    for (const subscription of this.subscriptions) {
      if (!takesGroup(subscription, groupName)) continue;
      this.#greet(subscription);
      const matched = result.events.filter((event) => subscription.pattern.matches(event.message));
      const filter = ledger.filter(groupName, subscription.name, subscription.destinationArn);
      filter.matched += matched.length;
      filter.unmatched += result.events.length - matched.length;
      const origin = { owner: this.#owner, logGroup: groupName, logStream: stream, subscriptionFilter: subscription.name };
      for (const payload of packPayloads(origin, matched)) {
        filter.payloads++;
        this.#send(subscription, payload, stream, groupName, false);
      }
    }
  }

  /**
   * Sends a few payloads of every subscription a second time. Returns how many events they hold. Delivery streams are left out: Firehose knows no ids, so
   * such events would be there twice, as docs and `check` say.
   */
  redeliver(): number {
    let events = 0;
    for (const [subscription, sent] of this.#kept) {
      if (this.#account.deliveryStreams.has(subscription.destinationArn)) continue;
      for (const { data, logStream, shipment } of sent) {
        events += shipment.events;
        this.#account.parts.ledger.filter(shipment.logGroup, shipment.filter, subscription.destinationArn).redelivered += shipment.events;
        this.#send(subscription, { data, events: shipment.events }, logStream, shipment.logGroup, true);
      }
    }
    return events;
  }

  /** The first thing that a destination gets is CloudWatch's test message. */
  #greet(subscription: Subscription): void {
    const key = `${subscription.name} ${subscription.destinationArn}`;
    if (this.#reached.has(key)) return;
    this.#reached.add(key);
    const group = subscription.logGroup ?? '';
    const { destinationArn } = subscription;
    if (destinationArn.includes(':function:') && !this.#mayInvoke(destinationArn, group)) return;
    this.#account.parts.ledger.filter(group, subscription.name, destinationArn);
    this.#send(
      subscription,
      controlPayload({ owner: this.#owner, logGroup: '', logStream: '', subscriptionFilter: subscription.name }),
      '',
      group,
      true,
    );
  }

  #send(subscription: Subscription, payload: Payload, logStream: string, logGroup: string, isRedelivery: boolean): void {
    const { ledger, machine, clock } = this.#account.parts;
    const { destinationArn } = subscription;
    const shipment = { events: payload.events, logGroup, filter: subscription.name, putElapsedMs: machine.elapsedMs(), isRedelivery };
    if (!isRedelivery) this.#keep(subscription, { subscription, data: payload.data, logStream, shipment });
    if (destinationArn.includes(':function:')) {
      if (!this.#mayInvoke(destinationArn, logGroup)) {
        ledger.lost([shipment], `CloudWatch Logs may not invoke ${destinationArn}: it skips the events`);
        return;
      }
      const event = JSON.stringify({ awslogs: { data: payload.data.toString('base64') } });
      if (Buffer.byteLength(event) > MAX_ASYNC_PAYLOAD_BYTES) {
        ledger.lost([shipment], `an event that gzip leaves above Lambda's ${MAX_ASYNC_PAYLOAD_BYTES} bytes of an asynchronous invocation`);
        return;
      }
      this.#account.queue(this.#resolver, destinationArn).send(event, shipment);
      return;
    }
    const deliveryStream = this.#account.deliveryStreams.get(destinationArn);
    const stream = this.#account.streams.get(destinationArn);
    if (!stream && !deliveryStream)
      throw new Error(`subscription ${subscription.name}: its destination ${destinationArn} has no counterpart on this machine`);
    if (!subscription.hasRole) {
      ledger.lost([shipment], `subscription ${subscription.name} has no role to write to its stream with: CloudWatch skips the events`);
      return;
    }
    if (deliveryStream !== undefined) {
      deliveryStream.put(payload.data, shipment);
      return;
    }
    // `Random` spreads the payloads of a stream; a hash instead of chance makes every run the same.
    const key =
      subscription.distribution === 'ByLogStream'
        ? logStream || 'control'
        : createHash('sha256').update(payload.data).digest('hex').slice(0, 32);
    stream?.put(key, payload.data, clock.now(), shipment);
  }

  #keep(subscription: Subscription, sent: Sent): void {
    const kept = this.#kept.get(subscription) ?? [];
    this.#kept.set(subscription, kept);
    if (kept.length < REDELIVERIES) kept.push(sent);
  }

  #mayInvoke(functionArn: string, logGroup: string): boolean {
    return this.#permissions.allows(functionArn, this.#account.parts.logs.arnOf(logGroup));
  }
}
