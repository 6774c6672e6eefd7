/** What one invocation of alert-notifier did. Each name is a metric. */
export interface NotifierCounts {
  alertsReceived: number;
  alertsDuplicate: number;
  alertsStale: number;
  alertsMuted: number;
  messagesTold: number;
  messagesDigested: number;
  messagesFailed: number;
  messagesGivenUp: number;
  /** Told without the table: nobody knows whether it was told before. */
  dedupUnavailable: number;
  /** Told, but not written down: it may be told once more. */
  unrecorded: number;
}

/** Starts a count. */
export function noCounts(): NotifierCounts {
  return {
    alertsReceived: 0,
    alertsDuplicate: 0,
    alertsStale: 0,
    alertsMuted: 0,
    messagesTold: 0,
    messagesDigested: 0,
    messagesFailed: 0,
    messagesGivenUp: 0,
    dedupUnavailable: 0,
    unrecorded: 0,
  };
}

/** One line in CloudWatch's embedded metric format, by function; reasons are properties. `TellDelayMs` is the longest way from a change to its message. */
export function notifierMetrics(
  counts: NotifierCounts,
  {
    functionName,
    namespace,
    nowMs,
    reasons,
    tellDelayMs,
  }: {
    readonly functionName: string;
    readonly namespace: string;
    readonly nowMs: number;
    readonly reasons: ReadonlyMap<string, number>;
    readonly tellDelayMs: number | undefined;
  },
): string {
  const values = Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [`${name[0]?.toUpperCase()}${name.slice(1)}`, count as number]),
  );
  const Metrics = [
    ...Object.keys(values).map((Name) => ({ Name, Unit: 'Count' })),
    ...(tellDelayMs === undefined ? [] : [{ Name: 'TellDelayMs', Unit: 'Milliseconds' }]),
  ];
  return JSON.stringify({
    _aws: { Timestamp: nowMs, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [['Function']], Metrics }] },
    Function: functionName,
    ...values,
    ...(tellDelayMs === undefined ? {} : { TellDelayMs: tellDelayMs }),
    reasons: Object.fromEntries(reasons),
  });
}
