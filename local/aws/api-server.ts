import { createServer, type IncomingMessage } from 'node:http';
import { answerFirehose, type PutRecords } from '../firehose/api.ts';
import { listen, type RunningServer, readBody } from '../http/server.ts';
import type { ApiAnswer, EksApi } from './eks-api.ts';
import type { LogsApi } from './logs-api.ts';

/** Answers queries over the log groups; undefined for another action. */
export type AnswerQuery = (action: string, body: string) => ApiAnswer | undefined;

/** What the functions' AWS clients may reach: every endpoint but S3's and the search's leads here, so that nothing leaves the machine. */
export interface ApiServer extends RunningServer {
  /** Calls that have no counterpart here, each once: they answered with an error. */
  readonly unknownCalls: ReadonlySet<string>;
}

/** Puts a message into a queue of the templates; false where there is none. */
export type SendMessage = (queueUrl: string, body: string) => boolean;

/** What a secret that CloudFormation makes up holds in this run; undefined where the templates have no such secret. */
export type ReadSecret = (arn: string) => string | undefined;

/** Further services; those that are absent answer with an error. */
export interface FurtherApis {
  readonly putRecords?: PutRecords;
  readonly readSecret?: ReadSecret;
}

/** Serves the EKS, SQS, Firehose, Secrets Manager and CloudWatch Logs calls of the deployed functions on 127.0.0.1. */
export async function serveApis(
  logs: LogsApi,
  eks: EksApi,
  sendMessage?: SendMessage,
  answerQuery?: AnswerQuery,
  further: FurtherApis = {},
): Promise<ApiServer> {
  const unknownCalls = new Set<string>();
  const server = createServer((request, response) => {
    answer({ logs, eks, sendMessage, answerQuery, ...further }, request, unknownCalls)
      .catch((error: unknown): ApiAnswer => ({ status: 500, body: { __type: 'InternalFailure', message: String(error) } }))
      .then(({ status, body }) => {
        const type = (body as { __type?: string }).__type;
        const headers = { 'content-type': 'application/x-amz-json-1.1', ...(type === undefined ? {} : { 'x-amzn-errortype': type }) };
        response.writeHead(status, headers).end(JSON.stringify(body));
      });
  });
  return { ...(await listen(server, 0)), unknownCalls };
}

interface Services extends FurtherApis {
  readonly logs: LogsApi;
  readonly eks: EksApi;
  readonly sendMessage: SendMessage | undefined;
  readonly answerQuery: AnswerQuery | undefined;
}

async function answer(
  { answerQuery, logs, eks, putRecords, readSecret, sendMessage }: Services,
  request: IncomingMessage,
  unknownCalls: Set<string>,
): Promise<ApiAnswer> {
  const body = (await readBody(request)).toString('utf8');
  const target = request.headers['x-amz-target'];
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  const [service, action = ''] = typeof target === 'string' ? target.split('.') : [];
  if (service === 'AmazonSQS' && action === 'SendMessage' && sendMessage !== undefined) return sent(sendMessage, body);
  if (service === 'secretsmanager' && action === 'GetSecretValue' && readSecret !== undefined) return secretOf(readSecret, body);
  if (service === 'Firehose_20150804' && putRecords !== undefined) {
    const put = answerFirehose(action, body, putRecords);
    if (put) return put;
  }
  const found =
    service === 'Logs_20140328' ? (answerQuery?.(action, body) ?? logs.answer(action, body)) : eks.answer(request.method ?? '', path, body);
  if (found) return found;
  const call = typeof target === 'string' ? target : `${request.method} ${path}`;
  unknownCalls.add(call);
  return { status: 400, body: { __type: 'UnknownOperationException', message: `${call} has no counterpart on this machine` } };
}

function secretOf(readSecret: ReadSecret, body: string): ApiAnswer {
  const SecretString = readSecret((JSON.parse(body) as { SecretId?: string }).SecretId ?? '');
  if (SecretString !== undefined) return { status: 200, body: { SecretString } };
  return { status: 400, body: { __type: 'ResourceNotFoundException', message: 'there is no such secret' } };
}

function sent(sendMessage: SendMessage, body: string): ApiAnswer {
  const { QueueUrl, MessageBody } = JSON.parse(body) as { QueueUrl?: string; MessageBody?: string };
  if (!sendMessage(QueueUrl ?? '', MessageBody ?? '')) {
    return { status: 400, body: { __type: 'QueueDoesNotExist', message: 'The specified queue does not exist.' } };
  }
  return { status: 200, body: { MessageId: 'local' } };
}
