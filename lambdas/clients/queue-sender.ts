import type { HttpClient } from './signed-http.ts';

const TIMEOUT_MS = 5_000;

/** Puts a message into a queue; rejects where it is not certain that it is there. */
export type SendMessage = (body: string) => Promise<void>;

/** Makes the function that sends to a queue by SQS's JSON protocol. `endpoint` is `AWS_ENDPOINT_URL`: another SQS. */
export function createQueueSender(http: HttpClient, queueUrl: string, endpoint?: string): SendMessage {
  const url = new URL(endpoint ?? new URL(queueUrl).origin);
  return async (body) => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' };
    const text = JSON.stringify({ QueueUrl: queueUrl, MessageBody: body });
    const answer = await http({ method: 'POST', url, headers, body: [Buffer.from(text)], timeoutMs: TIMEOUT_MS });
    if (answer.status !== 200) throw new Error(`SQS answered HTTP ${answer.status}`);
  };
}
