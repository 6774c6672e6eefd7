import { resourceArn, uuidOf } from '../template/attributes.ts';
import { textAt } from '../template/json.ts';
import type { Resolver, Resource } from '../template/resolver.ts';

/** Largest message of SNS, in bytes. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MAX_MESSAGE_BYTES = 262_144;

/** A subscription of a topic, as the template describes it. */
interface Subscription {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly isRaw: boolean;
}

/** SNS: hands a message of a topic to the queues that subscribe to it. Other protocols are counted, not delivered. */
export class Topics {
  /** Messages that other protocols would have had, by protocol. */
  readonly notDelivered = new Map<string, number>();
  readonly #arns: ReadonlySet<string>;
  readonly #subscriptions: readonly Subscription[];
  readonly #now: () => number;
  readonly #deliver: (queueArn: string, body: string) => void;
  #messages = 0;

  constructor(resolver: Resolver, now: () => number, deliver: (queueArn: string, body: string) => void) {
    this.#arns = new Set(resolver.resources((type) => type === 'AWS::SNS::Topic').flatMap((topic) => resourceArn(topic) ?? []));
    this.#subscriptions = [
      ...resolver.resources((type) => type === 'AWS::SNS::Subscription').map(readSubscription),
      ...resolver.resources((type) => type === 'AWS::Chatbot::SlackChannelConfiguration').flatMap(chatSubscriptions),
    ];
    this.#now = now;
    this.#deliver = deliver;
  }

  /** ARNs of all topics of the templates. */
  get arns(): readonly string[] {
    return [...this.#arns];
  }

  /** Publishes a message. Throws for a topic that the templates do not hold, and above SNS's limit. */
  publish(topicArn: string, message: string, subject?: string): void {
    if (!this.#arns.has(topicArn)) throw new Error(`no topic ${topicArn} in the templates`);
    const bytes = Buffer.byteLength(message);
    if (bytes > MAX_MESSAGE_BYTES) throw new Error(`${topicArn}: a message has at most ${MAX_MESSAGE_BYTES} bytes, this one ${bytes}`);
    const envelope = {
      Type: 'Notification',
      MessageId: uuidOf(`${topicArn}/${this.#messages++}`),
      TopicArn: topicArn,
      ...(subject === undefined ? {} : { Subject: subject.slice(0, 100) }),
      Message: message,
      Timestamp: new Date(this.#now()).toISOString(),
    };
    for (const { endpoint, isRaw, protocol, topicArn: of } of this.#subscriptions) {
      if (of !== topicArn) continue;
      if (protocol === 'sqs') this.#deliver(endpoint, isRaw ? message : JSON.stringify(envelope));
      else this.notDelivered.set(protocol, (this.notDelivered.get(protocol) ?? 0) + 1);
    }
  }
}

/** Amazon Q subscribes by itself to the topics that its configuration names. */
function chatSubscriptions({ properties }: Resource): Subscription[] {
  const topics = (properties['SnsTopicArns'] ?? []) as readonly unknown[];
  return topics.map((arn) => ({ topicArn: String(arn), protocol: 'Amazon Q', endpoint: '', isRaw: false }));
}

function readSubscription({ properties }: Resource): Subscription {
  return {
    topicArn: textAt(properties, 'TopicArn') ?? '',
    protocol: textAt(properties, 'Protocol') ?? '',
    endpoint: textAt(properties, 'Endpoint') ?? '',
    isRaw: properties['RawMessageDelivery'] === true,
  };
}
