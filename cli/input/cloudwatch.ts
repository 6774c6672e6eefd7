/** An event as CloudWatch's FilterLogEvents, GetLogEvents, subscriptions and PutLogEvents write it. */
export interface CloudWatchEvent {
  readonly timeMs: number;
  readonly text: string;
  readonly logStream: string;
  /** Absent in the shape of PutLogEvents. */
  readonly eventId?: string;
}

const EVENT_KEYS = new Set([
  'timestamp',
  'message',
  'logStreamName',
  'logStream',
  'logGroupName',
  'logGroup',
  'eventId',
  'id',
  'ingestionTime',
  'logGroupIdentifier',
  'extractedFields',
]);
const LIST_START =
  /^\s*(?:\{\s*"(?:events|logEvents|messageType|owner|logGroup|logGroupIdentifier|logStream|subscriptionFilters|searchedLogStreams|nextToken|nextForwardToken|nextBackwardToken)"\s*:|\[\s*\{\s*"(?:timestamp|message|logStreamName|eventId|id|ingestionTime)"\s*:)/;

const EVENT_START =
  /^\s*\{\s*"(?:timestamp|message|logStreamName|logStream|logGroupName|logGroup|eventId|id|ingestionTime|logGroupIdentifier)"\s*:/;

/** Whether a text could be a JSON object (or list) that holds events: decided by its first keys, before all of it is read. */
export function looksLikeEventList(text: string): boolean {
  return LIST_START.test(text);
}

/**
 * The events in one JSON value: an event itself, `{events: […]}`, `{logEvents: […]}` or a list of events. Undefined where it is none of these: an
 * application's own JSON line may hold a `message` and a `timestamp` too, but then it holds other keys as well.
 */
export function cloudWatchEvents(json: string): CloudWatchEvent[] | undefined {
  // A look before the parse: JSON lines of applications and audit events start with other keys.
  if (!EVENT_START.test(json) && !looksLikeEventList(json)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (Array.isArray(value)) return listOf(value, '');
  if (typeof value !== 'object' || value === null) return undefined;
  const object = value as { readonly [key: string]: unknown };
  const list = object['events'] ?? object['logEvents'];
  const stream = object['logStream'] ?? object['logStreamName'];
  if (Array.isArray(list)) return listOf(list, typeof stream === 'string' ? stream : '');
  const event = eventOf(object, '');
  return event === undefined ? undefined : [event];
}

function listOf(list: readonly unknown[], logStream: string): CloudWatchEvent[] | undefined {
  const events: CloudWatchEvent[] = [];
  for (const item of list) {
    const event = typeof item === 'object' && item !== null ? eventOf(item as { readonly [key: string]: unknown }, logStream) : undefined;
    if (event === undefined) return undefined;
    events.push(event);
  }
  return events;
}

function eventOf(object: { readonly [key: string]: unknown }, logStream: string): CloudWatchEvent | undefined {
  const { timestamp, message } = object;
  if (typeof timestamp !== 'number' || typeof message !== 'string') return undefined;
  for (const key in object) if (!EVENT_KEYS.has(key)) return undefined;
  const stream = object['logStreamName'] ?? object['logStream'];
  const eventId = object['eventId'] ?? object['id'];
  return {
    timeMs: timestamp,
    text: message,
    logStream: typeof stream === 'string' ? stream : logStream,
    ...(typeof eventId === 'string' ? { eventId } : {}),
  };
}
