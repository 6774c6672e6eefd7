// Alerts per second of one core: reading, routing, grouping and rendering, without any service. `node bench/alerts.ts [--json]`
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Notice } from '../lambdas/core/alerts/chat.ts';
import { type FlushPorts, flushGroup } from '../lambdas/core/alerts/flush.ts';
import { ingestAlert, ingestInto } from '../lambdas/core/alerts/ingest.ts';
import { MemoryAlertStore } from '../lambdas/core/alerts/memory-store.ts';
import { compileNotifier } from '../lambdas/core/alerts/notifier-rules.ts';
import { readAlerts } from '../lambdas/core/alerts/read.ts';
import { DEFAULT_REDACTION } from '../lambdas/core/redact/rule-names.ts';
import { renderMessage } from '../lambdas/core/slack/message.ts';

/** Alarms of the storm, all within a minute. */
const ALARMS = 2000;
const START = Date.UTC(2026, 10, 21, 8, 25);
const MINUTE = 60_000;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const sample = JSON.parse(readFileSync('samples/notifications/metric-alarm.json', 'utf8')) as { [name: string]: unknown };

function makeNotifier(stormMessages: number) {
  return compileNotifier(
    {
      account: '111122223333',
      region: 'us-east-1',
      language: 'en',
      receivers: [{ name: 'platform', kind: 'bot', secretArn: '', channel: 'C0123ABCD', sendResolved: true, graph: false, mentions: {} }],
      route: { receiver: 'platform' },
      inhibit: [],
      owners: {},
      storm: { messages: stormMessages, windowMs: 5 * MINUTE },
      explanations: [],
      redaction: DEFAULT_REDACTION,
      isInteractive: false,
    },
    90_000,
  );
}

/** CPU seconds of work. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** One storm: every alarm its own name, spread over a minute, then what follows in ten. */
async function storm(stormMessages: number): Promise<{ readonly cpuSeconds: number; readonly messages: number; readonly bytes: number }> {
  const notifier = makeNotifier(stormMessages);
  const store = new MemoryAlertStore();
  let nowMs = START;
  let messages = 0;
  let bytes = 0;
  const ingest = { store, hash: sha256, now: () => nowMs };
  let claims = 0;
  const ports: FlushPorts = {
    store,
    tell: async (notice: Notice) => {
      messages++;
      bytes += JSON.stringify(renderMessage(notice, notifier.settingsOf(notice.receiver))).length;
      return { ok: true, posted: { channel: 'C0123ABCD', ts: String(messages) } };
    },
    now: () => nowMs,
    random: () => 0,
    claimId: () => String(claims++),
    giveUp: async () => undefined,
    intoDigest: async (route, alert) => (await ingestInto(route, alert, sha256(alert.key), ingest)).due,
    adopt: () => Promise.resolve([]),
  };
  const runUntil = async (untilMs: number): Promise<void> => {
    for (;;) {
      const next = store.nextDueMs();
      if (next === undefined || next > untilMs) break;
      nowMs = Math.max(nowMs, next);
      for (const { id } of store.dueGroups(nowMs)) await flushGroup(id, notifier.flush, ports);
    }
    nowMs = Math.max(nowMs, untilMs);
  };
  const cpuSeconds = await cpuOf(async () => {
    for (let number = 0; number < ALARMS; number++) {
      nowMs = START + Math.floor((number * MINUTE) / ALARMS);
      const AlarmName = `alarm-${number}`;
      const text = notifier.redact(
        JSON.stringify({ ...sample, AlarmName, AlarmArn: `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${AlarmName}` }),
      );
      for (const alert of readAlerts(
        { text, id: String(number), sentAt: nowMs },
        { receivedAt: nowMs, account: '111122223333', region: 'us-east-1' },
      ))
        await ingestAlert(alert, { root: notifier.root, inhibitions: [] }, ingest);
    }
    await runUntil(START + 10 * MINUTE);
  });
  return { cpuSeconds, messages, bytes };
}

const rows = [];
for (const limit of [10, 0]) {
  await storm(limit); // warm
  const { bytes, cpuSeconds, messages } = await storm(limit);
  rows.push({
    stormLimit: limit,
    alarms: ALARMS,
    messages,
    kilobytes: Math.round(bytes / 1024),
    alertsPerSecond: Math.round(ALARMS / cpuSeconds),
  });
}
if (process.argv.includes('--json')) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
else console.table(rows);
