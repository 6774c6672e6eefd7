import { createServer } from 'node:http';
import { listen, type RunningServer, readBody } from '../http/server.ts';
import type { InvocationResult } from '../lambda/function-host.ts';

/** Invokes a function by name with an event as JSON text; undefined where there is no such function. */
export type InvokeByName = (name: string, event: string) => Promise<InvocationResult | undefined>;

/** Has a function work on an event later; false where there is no such function. */
export type InvokeLaterByName = (name: string, event: string) => boolean;

const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Serves the one call of Lambda's API that functions of ours make: Invoke, with an answer or without. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function serveLambda(invoke: InvokeByName, invokeLater: InvokeLaterByName = () => false): Promise<RunningServer> {
  const server = createServer((request, response) => {
    const refuse = (status: number, type: string, message: string): void => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': type }).end(JSON.stringify({ message }));
    };
    const answer = async (): Promise<void> => {
      const name = INVOCATIONS.exec(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)?.[1];
      const event = (await readBody(request)).toString('utf8');
      const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
      if (request.method === 'POST' && name !== undefined && type === 'Event') {
        if (!invokeLater(decodeURIComponent(name), event)) return refuse(404, 'ResourceNotFoundException', `Function not found: ${name}`);
        response.writeHead(202).end();
        return;
      }
      if (request.method !== 'POST' || name === undefined || type !== 'RequestResponse')
        return refuse(
          400,
          'InvalidParameterValueException',
          `${request.method} ${request.url} (${type}) has no counterpart on this machine`,
        );
      const result = await invoke(decodeURIComponent(name), event);
      if (!result) return refuse(404, 'ResourceNotFoundException', `Function not found: ${name}`);
      const headers = { 'content-type': 'application/json', ...(result.error ? { 'x-amz-function-error': 'Unhandled' } : {}) };
      response.writeHead(200, headers).end(result.error ? JSON.stringify(result.error) : result.payload);
    };
    answer().catch((error: unknown) => refuse(500, 'ServiceException', String(error)));
  });
  return listen(server, 0);
}
