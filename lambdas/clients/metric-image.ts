import type { Alert } from '../core/alerts/alert.ts';
import type { PostedMessage } from '../core/alerts/store.ts';
import { type AwsPorts, createAwsClient, METRICS } from './aws-json.ts';
import type { HttpClient } from './signed-http.ts';
import { uploadFile } from './slack-files.ts';

/** What drawing needs. */
export interface ImagePorts extends AwsPorts {
  /** Unsigned. */
  readonly http: HttpClient;
  readonly api: string;
}

/** How much around the alert the picture shows, in ms. */
const BEFORE_MS = 3 * 3_600_000;

/**
 * Draws an alarm's metric and puts it into the thread of its message: GetMetricWidgetImage, then Slack's upload in three steps (the one-step upload is gone).
 * Resolves to why there is no picture, undefined where there is one.
 */
export async function postMetricImage(
  alert: Alert,
  posted: PostedMessage,
  { region, title, token }: { readonly region: string; readonly title: string; readonly token: string },
  ports: ImagePorts,
): Promise<string | undefined> {
  if (alert.widget === undefined) return undefined;
  const image = await draw(alert, region, ports);
  if (typeof image === 'string') return image;
  return uploadFile(
    {
      bytes: image,
      name: 'metric.png',
      title,
      altText: title,
      contentType: 'image/png',
      channel: posted.channel,
      threadTs: posted.ts,
    },
    { http: ports.http, api: ports.api, token, now: ports.now, isLocal: ports.env['EKS_TELEMETRY_LOCAL'] === '1' },
  );
}

async function draw(alert: Alert, region: string, ports: ImagePorts): Promise<Buffer | string> {
  const end = Math.max(alert.endsAt ?? 0, ports.now());
  const widget = {
    ...(JSON.parse(alert.widget ?? '{}') as object),
    region,
    width: 900,
    height: 300,
    start: new Date(Math.min(alert.startsAt, end) - BEFORE_MS).toISOString(),
    end: new Date(end).toISOString(),
    timezone: '+0000',
  };
  try {
    const call = createAwsClient(METRICS, { region, maxSockets: 1, timeoutMs: 10_000 }, ports);
    const answer = await call('GetMetricWidgetImage', { MetricWidget: JSON.stringify(widget) });
    const image = Buffer.from(String(answer['MetricWidgetImage'] ?? ''), 'base64');
    return image.length > 0 ? image : 'image: empty';
  } catch (error) {
    return `image: ${error instanceof Error ? error.message.slice(0, 200) : 'not drawn'}`;
  }
}
