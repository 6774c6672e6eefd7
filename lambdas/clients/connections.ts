import type { Agent, AgentOptions, ClientRequest, RequestOptions } from 'node:http';

/** Begins a request over a kept-alive connection. */
export type BeginRequest = (url: URL, options: RequestOptions) => ClientRequest;

/** Whether the host is this machine: the only one that may be spoken to without TLS or without credentials. */
export const isLoopback = (url: URL): boolean => ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);

/**
 * Makes the function that finds the connections for an address: one pool for https, one for http. Node's modules are loaded with the first request and not
 * before, since TLS costs about as much CPU as everything else of a cold start's init (docs/performance.md), and a control message or a batch whose events
 * are all excluded sends nothing. Rejects plain http to any other machine.
 */
export function createConnections(options: AgentOptions): (url: URL) => Promise<BeginRequest> {
  const agents: { https?: Agent; http?: Agent } = {};
  return async (url) => {
    if (url.protocol === 'https:') {
      const https = await import('node:https');
      agents.https ??= new https.Agent(options);
      return (to, request) => https.request(to, { ...request, agent: agents.https });
    }
    if (!isLoopback(url)) throw new Error(`http is only allowed on this machine, got ${url.origin}`);
    const http = await import('node:http');
    agents.http ??= new http.Agent(options);
    return (to, request) => http.request(to, { ...request, agent: agents.http });
  };
}
