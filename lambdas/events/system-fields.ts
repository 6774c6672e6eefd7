import type { SourceBatch, SourceEvent } from '../core/index/types.ts';

/** Where this text is nowhere in a payload, no event carries system fields. */
export const SYSTEM_FIELD_MARK = '@aws.';

const ACCOUNT = '@aws.account';
const REGION = '@aws.region';
const MEMBER = /"@aws\.(?:account|region)"\s*:\s*"[^"\\]*"\s*/g;

/**
 * A subscription filter with `emitSystemFields` adds `@aws.account` and `@aws.region` of the event's origin, beside the message or inside its JSON.
 * They become `account` and `region` of the event (and with that part of its `_id`), and the message is again what was logged.
 */
export function liftSystemFields(batch: SourceBatch): SourceBatch {
  return { ...batch, events: batch.events.map(liftEvent) };
}

function liftEvent(event: SourceEvent): SourceEvent {
  const beside = (event as { extractedFields?: unknown }).extractedFields;
  const { id, timestamp } = event;
  if (typeof beside === 'object' && beside !== null) {
    const origin = originOf(beside as { [key: string]: unknown });
    if (origin) return { id, timestamp, message: event.message, ...origin };
  }
  if (!event.message.includes(SYSTEM_FIELD_MARK) || event.message.trimStart()[0] !== '{') return event;
  const members = parseObject(event.message);
  const origin = members && originOf(members);
  if (!origin) return event;
  const message = withoutSystemFields(event.message);
  return message === undefined ? { id, timestamp, message: event.message, ...origin } : { id, timestamp, message, ...origin };
}

function originOf(members: { [key: string]: unknown }): { readonly account?: string; readonly region?: string } | undefined {
  const account = members[ACCOUNT];
  const region = members[REGION];
  // Other text in these places is the application's own and stays where it is.
  const isAccount = typeof account === 'string' && /^\d{12}$/.test(account);
  const isRegion = typeof region === 'string' && /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/.test(region);
  if (!isAccount && !isRegion) return undefined;
  return { ...(isAccount ? { account } : {}), ...(isRegion ? { region } : {}) };
}

/** Takes the members out of the text; undefined where the result is not the same object without them. */
function withoutSystemFields(text: string): string | undefined {
  const cut = text.replace(new RegExp(`,\\s*${MEMBER.source}`, 'g'), '').replace(new RegExp(`${MEMBER.source},?\\s*`, 'g'), '');
  const members = parseObject(cut);
  return members && !(ACCOUNT in members) && !(REGION in members) ? cut : undefined;
}

function parseObject(text: string): { [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { [key: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
