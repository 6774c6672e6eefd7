import type { InvokeAnswer } from '../core/delivery/redrive.ts';
import type { HttpClient } from './signed-http.ts';

/** Where Lambda's API is. */
export interface LambdaPlace {
  readonly region: string;
  /** `AWS_ENDPOINT_URL_LAMBDA` or `AWS_ENDPOINT_URL`: another endpoint. */
  readonly endpoint?: string;
}

/** Invokes a function with a JSON text and waits for its answer; rejects where there is none within the time. */
export type InvokeFunction = (name: string, event: string, timeoutMs: number) => Promise<InvokeAnswer>;

/** Makes the function that invokes. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function createInvoke(http: HttpClient, { region, endpoint }: LambdaPlace): InvokeFunction {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const base = endpoint ?? `https://lambda.${region}.${suffix}`;
  return async (name, event, timeoutMs) => {
    const answer = await http({
      method: 'POST',
      url: new URL(`${base.replace(/\/+$/, '')}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`),
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
