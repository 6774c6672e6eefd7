import type { CallAws } from './aws-json.ts';

/** SQS's limit of a delay, in seconds. Later times are the sweeper's. */
export const MAX_DELAY_SECONDS = 900;

/** Sends a message to a queue after a delay in seconds, 0 to 900. */
export async function sendMessage(call: CallAws, queueUrl: string, body: string, delaySeconds = 0): Promise<void> {
  await call('SendMessage', { QueueUrl: queueUrl, MessageBody: body, ...(delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {}) });
}

/** Whole seconds from now until a time, never too early; undefined where a delay cannot reach it. */
export function delaySeconds(atMs: number, nowMs: number): number | undefined {
  const seconds = Math.max(0, Math.ceil((atMs - nowMs) / 1000));
  return seconds <= MAX_DELAY_SECONDS ? seconds : undefined;
}
