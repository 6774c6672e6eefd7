import { createServer } from 'node:http';
import { startDynamoDb } from '../dynamodb/server.ts';
import { listen, type RunningServer, readBody } from '../http/server.ts';
import { PagerSink } from '../pagers/sink.ts';
import { SlackSink } from '../slack/sink.ts';

/** State of an alarm as DescribeAlarms tells it. */
export interface AlarmStateNow {
  readonly name: string;
  readonly value: string;
  readonly changedMs: number;
}

/** What the services ask the run. */
export interface ServiceHooks {
  /** Puts a message into a queue of the templates after a delay in seconds; false where there is none. */
  sendMessage: (queueUrl: string, body: string, delaySeconds: number | undefined) => boolean;
  /** What lies at a place of a secret; undefined for a place that no receiver names. */
  secret: (place: string) => string | undefined;
  /** The alarms of the account by name. */
  alarms: () => readonly AlarmStateNow[];
}

/** A picture of one pixel: nothing draws metrics here. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

interface Started {
  readonly sink: SlackSink;
  readonly pagers: PagerSink;
  readonly dynamodb: RunningServer;
  readonly api: RunningServer;
}

/** The services that the functions of alerts call: DynamoDB, SQS, secrets, CloudWatch, Slack, and pagers. */
export class AlertServices {
  readonly sink: SlackSink;
  readonly pagers: PagerSink;
  readonly hooks: ServiceHooks = { sendMessage: () => false, secret: () => undefined, alarms: () => [] };
  readonly #dynamodb: RunningServer;
  readonly #api: RunningServer;

  private constructor({ api, dynamodb, pagers, sink }: Started) {
    this.sink = sink;
    this.pagers = pagers;
    this.#dynamodb = dynamodb;
    this.#api = api;
  }

  /** Starts them all on 127.0.0.1. */
  static async start(now: () => number): Promise<AlertServices> {
    const box: { services?: AlertServices } = {};
    const server = createServer((request, response) => {
      readBody(request)
        .then((body) => box.services?.answer(String(request.headers['x-amz-target'] ?? ''), body.toString('utf8')))
        .catch((error: unknown) => ({ __type: 'InternalFailure', message: String(error) }))
        .then((answer) => {
          const isError = answer === undefined || '__type' in answer;
          response.writeHead(isError ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer ?? {}));
        });
    });
    const [sink, pagers, dynamodb, api] = await Promise.all([
      new SlackSink(now).start(),
      new PagerSink(now).start(),
      startDynamoDb(),
      listen(server, 0),
    ]);
    box.services = new AlertServices({ sink, pagers, dynamodb, api });
    return box.services;
  }

  /** Where DynamoDB answers. */
  get dynamoDbUrl(): string {
    return this.#dynamodb.url;
  }

  /** Variables by which the deployed functions find the services. */
  get environment(): { readonly [name: string]: string } {
    const { url } = this.#api;
    return {
      AWS_ENDPOINT_URL_DYNAMODB: this.#dynamodb.url,
      AWS_ENDPOINT_URL_SQS: url,
      AWS_ENDPOINT_URL_SECRETSMANAGER: url,
      AWS_ENDPOINT_URL_SSM: url,
      AWS_ENDPOINT_URL_MONITORING: url,
      SLACK_API_URL: this.sink.api,
      PAGER_API_URL: this.pagers.url,
    };
  }

  /** Ends them. */
  async close(): Promise<void> {
    await Promise.all([this.sink.close(), this.pagers.close(), this.#dynamodb.close(), this.#api.close()]);
  }

  /** One call by its target; an object with `__type` is an error. */
  answer(target: string, body: string): object {
    const input = JSON.parse(body || '{}') as { readonly [name: string]: unknown };
    const text = (name: string): string => String(input[name] ?? '');
    switch (target.slice(target.indexOf('.') + 1)) {
      case 'SendMessage':
        if (
          this.hooks.sendMessage(
            text('QueueUrl'),
            text('MessageBody'),
            input['DelaySeconds'] === undefined ? undefined : Number(input['DelaySeconds']),
          )
        )
          return { MessageId: 'local' };
        return { __type: 'QueueDoesNotExist', message: 'The specified queue does not exist.' };
      case 'GetSecretValue':
        return this.#secret(text('SecretId'), (SecretString) => ({ SecretString }));
      case 'GetParameter':
        return this.#secret(text('Name'), (Value) => ({ Parameter: { Value } }));
      case 'GetMetricWidgetImage':
        return { MetricWidgetImage: PIXEL };
      case 'DescribeAlarms':
        return this.#describe((input['AlarmNames'] ?? []) as readonly string[]);
      default:
        return { __type: 'UnknownOperationException', message: `${target} has no counterpart on this machine` };
    }
  }

  #secret(place: string, answer: (value: string) => object): object {
    const value = this.hooks.secret(place);
    return value === undefined ? { __type: 'ResourceNotFoundException', message: `there is no secret ${place}` } : answer(value);
  }

  #describe(names: readonly string[]): object {
    const MetricAlarms = this.hooks
      .alarms()
      .filter(({ name }) => names.includes(name))
      .map(({ changedMs, name, value }) => ({ AlarmName: name, StateValue: value, StateUpdatedTimestamp: changedMs / 1000 }));
    return { MetricAlarms, CompositeAlarms: [], LogAlarms: [] };
  }
}
