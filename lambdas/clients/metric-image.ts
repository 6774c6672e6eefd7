import type { Alert } from '../core/alerts/alert.ts';
import type { PostedMessage } from '../core/alerts/store.ts';
import { type AwsPorts, createAwsClient, METRICS } from './aws-json.ts';
import type { HttpClient } from './signed-http.ts';
import { callSlack, type SlackAnswer } from './slack-api.ts';

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
  const place = { api: ports.api, token };
  const failed = (step: string, answer: SlackAnswer): string => `image ${step}: ${answer.ok ? 'odd answer' : answer.reason}`;
  const ticket = await callSlack(
    ports.http,
    place,
    'files.getUploadURLExternal',
    { filename: 'metric.png', length: image.length, alt_txt: title },
    ports.now(),
  );
  const uploadUrl = ticket.ok ? ticket.body['upload_url'] : undefined;
  if (!ticket.ok || typeof uploadUrl !== 'string' || !URL.canParse(uploadUrl)) return failed('ticket', ticket);
  try {
    const answer = await ports.http({
      method: 'POST',
      url: new URL(uploadUrl),
      headers: { 'content-type': 'image/png' },
      body: [image],
      timeoutMs: 10_000,
    });
    if (answer.status !== 200) return `image upload: HTTP ${answer.status}`;
  } catch {
    return 'image upload: no answer';
  }
  const done = await callSlack(
    ports.http,
    place,
    'files.completeUploadExternal',
    { files: [{ id: ticket.body['file_id'], title }], channel_id: posted.channel, thread_ts: posted.ts },
    ports.now(),
  );
  return done.ok ? undefined : failed('completion', done);
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
