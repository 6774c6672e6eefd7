import { parseForm } from './form.ts';

/** Who asks, and where. Ids as Slack gives them; empty where it gives none. */
export interface Caller {
  readonly team: string;
  /** The caller's own workspace, where it is not the one of the channel: Slack Connect. */
  readonly userTeam: string;
  readonly channel: string;
  readonly user: string;
}

/** `/logs …` as somebody wrote it. */
export interface CommandRequest {
  readonly kind: 'command';
  readonly caller: Caller;
  /** Such as `/logs`. */
  readonly command: string;
  readonly text: string;
  readonly responseUrl: string;
  /** The same for each delivery of one call; empty where Slack gives none. */
  readonly requestId: string;
}

/** A button that somebody pressed. */
export interface PressRequest {
  readonly kind: 'press';
  readonly caller: Caller;
  readonly actionId: string;
  readonly value: string;
  /** The message that the button stands in; empty where Slack does not say. */
  readonly messageTs: string;
  readonly responseUrl: string;
  readonly requestId: string;
}

/** A request that something is done for. */
export type ChatRequest = CommandRequest | PressRequest;

/** What a body is: a request, Slack's own probe or a press of a button that only opens a link (both want nothing but an answer), or nothing that is known. */
export type ReadRequest = ChatRequest | { readonly kind: 'nothing-to-do' } | { readonly kind: 'unknown'; readonly reason: string };

/** Longest text of a call, in characters: Slack's own limit of a message. */
const MAX_TEXT = 4000;
const ID = /^[A-Z0-9]{2,30}$/;

/** Reads a body whose signature has been checked. Never throws. */
export function readRequest(body: string): ReadRequest {
  const form = parseForm(body);
  if (form === undefined) return { kind: 'unknown', reason: 'not a form' };
  const payload = form.get('payload');
  if (payload !== undefined) return readPayload(payload);
  if (form.get('ssl_check') === '1') return { kind: 'nothing-to-do' };
  const member = (name: string): string => form.get(name) ?? '';
  const command = member('command');
  if (!/^\/[^\s]{1,64}$/.test(command)) return { kind: 'unknown', reason: 'neither a slash command nor a payload' };
  return {
    kind: 'command',
    caller: callerOf({ team: member('team_id'), userTeam: '', channel: member('channel_id'), user: member('user_id') }),
    command,
    text: member('text').slice(0, MAX_TEXT),
    responseUrl: member('response_url'),
    requestId: member('trigger_id').slice(0, 200),
  };
}

function readPayload(text: string): ReadRequest {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    return { kind: 'unknown', reason: 'the payload is no JSON' };
  }
  const type = textAt(payload, 'type');
  if (type !== 'block_actions') return { kind: 'unknown', reason: 'a payload of another type than block_actions' };
  const actions = at(payload, 'actions');
  const [action, ...others] = Array.isArray(actions) ? (actions as readonly unknown[]) : [];
  const actionId = textAt(action, 'action_id').slice(0, 255);
  if (actionId === '' || others.length > 0) return { kind: 'unknown', reason: 'not one action' };
  // Slack tells of buttons that open a link as well, and wants an answer.
  if (actionId.startsWith('link:')) return { kind: 'nothing-to-do' };
  const container = at(payload, 'container');
  return {
    kind: 'press',
    caller: callerOf({
      team: textAt(at(payload, 'team'), 'id'),
      userTeam: textAt(at(payload, 'user'), 'team_id'),
      channel: textAt(at(payload, 'channel'), 'id') || textAt(container, 'channel_id'),
      user: textAt(at(payload, 'user'), 'id'),
    }),
    actionId,
    value: textAt(action, 'value').slice(0, 2000),
    messageTs: tsOf(textAt(container, 'message_ts') || textAt(at(payload, 'message'), 'ts')),
    responseUrl: textAt(payload, 'response_url'),
    requestId: [textAt(payload, 'trigger_id'), textAt(action, 'action_ts')].join('/').slice(0, 200),
  };
}

/** Ids of another shape are none: they match no list and stand in no text. */
function callerOf(caller: Caller): Caller {
  const id = (text: string): string => (ID.test(text) ? text : '');
  return { team: id(caller.team), userTeam: id(caller.userTeam), channel: id(caller.channel), user: id(caller.user) };
}

function tsOf(text: string): string {
  return /^\d{1,12}\.\d{1,6}$/.test(text) ? text : '';
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as { readonly [name: string]: unknown })[name]
    : undefined;
}

function textAt(value: unknown, name: string): string {
  const found = at(value, name);
  return typeof found === 'string' ? found : '';
}
