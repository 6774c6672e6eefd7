import { setTimeout as pause } from 'node:timers/promises';
import type { FilterEvents } from './log-group-reader.ts';
import type { TimeRange } from './time-range.ts';

/** Five requests a second is what FilterLogEvents allows in the smallest Regions; one is left for others. */
const BETWEEN_MS = 250;
const ATTEMPTS = 10;
const HOUR_MS = 3_600_000;

/** FilterLogEvents by the SDK, which is loaded only when it is needed; throttled requests are made again. */
export async function connectFilter(region: string): Promise<FilterEvents> {
  const sdk = await import('@aws-sdk/client-cloudwatch-logs');
  const client = new sdk.CloudWatchLogsClient({ region, maxAttempts: ATTEMPTS, retryMode: 'adaptive' });
  let freeAtMs = 0;
  return async ({ logGroup, fromMs, toMs, nextToken }) => {
    await pause(Math.max(0, freeAtMs - Date.now()));
    freeAtMs = Date.now() + BETWEEN_MS;
    const answer = await client.send(
      new sdk.FilterLogEventsCommand({
        logGroupName: logGroup,
        startTime: fromMs,
        // Inclusive there.
        endTime: toMs - 1,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    return {
      events: (answer.events ?? []).map(({ eventId = '', timestamp = 0, logStreamName = '', message = '' }) => ({
        ...{ id: eventId, timestampMs: timestamp, logStream: logStreamName, message },
      })),
      ...(answer.nextToken === undefined ? {} : { nextToken: answer.nextToken }),
    };
  };
}

/** What CloudWatch counted for a log group. */
export interface GroupVolume {
  readonly bytes: number;
  readonly events: number;
}

/** Bytes and events that came into a log group in the hours of a range, by CloudWatch's own metrics; undefined where they cannot be read. */
export async function volumeOf(region: string, logGroup: string, { fromMs, toMs }: TimeRange): Promise<GroupVolume | undefined> {
  const sdk = await import('@aws-sdk/client-cloudwatch');
  const client = new sdk.CloudWatchClient({ region });
  const metric = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'AWS/Logs', MetricName, Dimensions: [{ Name: 'LogGroupName', Value: logGroup }] },
      Period: HOUR_MS / 1_000,
      Stat: 'Sum',
    },
  });
  const sums = { bytes: 0, events: 0 };
  try {
    const request = {
      StartTime: new Date(Math.floor(fromMs / HOUR_MS) * HOUR_MS),
      EndTime: new Date(Math.ceil(toMs / HOUR_MS) * HOUR_MS),
      MetricDataQueries: [metric('bytes', 'IncomingBytes'), metric('events', 'IncomingLogEvents')],
    };
    for await (const page of sdk.paginateGetMetricData({ client }, request)) {
      for (const { Id, Values } of page.MetricDataResults ?? [])
        if (Id === 'bytes' || Id === 'events') sums[Id] += (Values ?? []).reduce((sum, value) => sum + value, 0);
    }
  } catch {
    return undefined;
  }
  return sums;
}
