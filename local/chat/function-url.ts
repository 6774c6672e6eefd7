import { createServer, type IncomingMessage } from 'node:http';
import type { FunctionUrlAnswer } from '../../lambdas/events/function-url.ts';
import { listen, type RunningServer, readBody } from '../http/server.ts';
import type { InvocationResult } from '../lambda/function-host.ts';

/** Serves a function as its URL would: the request as an event of payload format 2.0, its answer as HTTP. A body of text stays text, as Lambda does it. */
export function serveFunctionUrl(invoke: (event: object) => Promise<InvocationResult>, now: () => number): Promise<RunningServer> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const result = await invoke(eventOf(request, await readBody(request), now()));
      if (result.error !== undefined) {
        // What a caller sees of a function that failed.
        response.writeHead(502, { 'content-type': 'application/json' }).end('{"Message":"Internal Server Error"}');
        return;
      }
      const { body = '', headers = {}, statusCode } = JSON.parse(result.payload ?? '{}') as FunctionUrlAnswer;
      response.writeHead(statusCode, { 'content-type': 'application/json', ...headers }).end(body);
    };
    answer().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return listen(server, 0);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
function eventOf(request: IncomingMessage, body: Buffer, timeEpoch: number): object {
  const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  const isText = /^(?:text\/|application\/(?:json|xml|javascript|x-www-form-urlencoded))/.test(
    String(request.headers['content-type'] ?? ''),
  );
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.replace(/^\?/, ''),
    headers,
    requestContext: {
      http: { method: request.method, path: pathname, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: headers['user-agent'] },
      routeKey: '$default',
      stage: '$default',
      timeEpoch,
    },
    body: isText ? body.toString('utf8') : body.toString('base64'),
    isBase64Encoded: !isText,
  };
}
