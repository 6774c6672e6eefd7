/** As much of a function URL's event (payload format 2.0) as is read. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html */
export interface FunctionUrlEvent {
  readonly headers?: { readonly [name: string]: string | undefined };
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext?: { readonly http?: { readonly method?: string } };
}

/** The answer of a function behind a URL. */
export interface FunctionUrlAnswer {
  readonly statusCode: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

/** A request as plain data. */
export interface UrlRequest {
  readonly method: string;
  /** A header by its name in lower case; undefined where it is absent. */
  readonly header: (name: string) => string | undefined;
  /** The body's text. */
  readonly body: string;
}

/** Longest body, in characters as it comes: a press brings the whole message along, which Slack keeps far smaller. */
export const MAX_BODY_CHARACTERS = 512 * 1024;

/** Opens a request; undefined for one whose body is too long to look at. Base64 is what Lambda makes of bodies that it does not know to be text. */
export function openUrlRequest({ body = '', headers = {}, isBase64Encoded, requestContext }: FunctionUrlEvent): UrlRequest | undefined {
  if (body.length > MAX_BODY_CHARACTERS) return undefined;
  const names = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method: requestContext?.http?.method ?? '',
    header: (name) => names.get(name),
    body: isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body,
  };
}

/** What chat-command hands on to chat-worker. */
export interface ChatTask {
  /** The request as `readRequest` gave it. */
  readonly request: unknown;
  /** When Slack's request came, in ms of machine time. */
  readonly receivedMs: number;
  /** What tells calls apart: the same for each delivery of one. */
  readonly callId: string;
}
