import type { InvokeAnswer } from '../core/delivery/redrive.ts';
import { type HttpClient, TransportError } from './signed-http.ts';

/** Where Lambda's API is. */
export interface LambdaPlace {
  readonly region: string;
  /** `AWS_ENDPOINT_URL_LAMBDA` or `AWS_ENDPOINT_URL`: another endpoint. */
  readonly endpoint?: string;
}

/** Invokes a function with a JSON text and waits for its answer; rejects where there is none within the time. */
export type InvokeFunction = (name: string, event: string, timeoutMs: number) => Promise<InvokeAnswer>;

/** Makes the function that invokes. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function createInvoke(http: HttpClient, place: LambdaPlace): InvokeFunction {
  return async (name, event, timeoutMs) => {
    const answer = await http({
      method: 'POST',
      url: invocationsUrl(name, place),
      headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'RequestResponse' },
      body: [Buffer.from(event)],
      timeoutMs,
    });
    const functionError = answer.headers['x-amz-function-error'];
    return {
      status: answer.status,
      ...(functionError === undefined ? {} : { functionError: String(functionError) }),
      payload: answer.body.toString('utf8'),
    };
  };
}

/** Hands an event to a function that works on it later. Resolves with the reason where Lambda did not take it. */
export type InvokeLater = (name: string, event: string, timeoutMs: number) => Promise<string | undefined>;

/** Makes the function that invokes without waiting: Lambda keeps the event in its own queue. */
export function createInvokeLater(http: HttpClient, place: LambdaPlace): InvokeLater {
  return async (name, event, timeoutMs) => {
    try {
      const answer = await http({
        method: 'POST',
        url: invocationsUrl(name, place),
        headers: { 'content-type': 'application/json', 'x-amz-invocation-type': 'Event' },
        body: [Buffer.from(event)],
        timeoutMs,
      });
      return answer.status === 202 ? undefined : `HTTP ${answer.status}`;
    } catch (error) {
      return error instanceof TransportError ? error.code : 'not sent';
    }
  };
}

function invocationsUrl(name: string, { endpoint, region }: LambdaPlace): URL {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const base = endpoint ?? `https://lambda.${region}.${suffix}`;
  return new URL(`${base.replace(/\/+$/, '')}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`);
}
