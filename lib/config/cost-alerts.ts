import { hasChat } from './chat-rules.ts';
import { type CostLine, costLine } from './cost-line.ts';
import { PRICES, type PriceName, priceOf } from './prices.ts';
import type { Config } from './resolve.ts';

/** Sweeps of a month, one a minute (730 hours). */
const SWEEPS = 43_800;
/** A sweep in seconds, and its memory in GB: two queries that mostly find nothing. */
const SWEEP_SECONDS = 0.2;
const SWEEP_GB = 0.25;
/** Alarms on the way to Slack itself. */
const OWN_ALARMS = 3;
/** Alarms on the slash command. Its questions cost what they scan, and each says so. */
const CHAT_ALARMS = 5;

/** What the alerts stack costs a month while nothing happens. Messages themselves, topics, queue and table are cents: a thousand alerts are some ten thousand small requests. */
export function costOfAlerts(config: Config): CostLine[] {
  if (!config.slack.enabled) return [];
  const line = (item: string, name: PriceName, quantity: number): CostLine =>
    costLine({ source: 'alerts', item, quantity, unit: PRICES[name].unit, price: priceOf(config, name) });
  const key = line('KMS keys', 'kmsKeyMonth', 1);
  // Without receivers there are only topics.
  if (config.slack.receivers.length === 0) return [key];
  return [
    key,
    line('Alarms', 'alarmMetricMonth', OWN_ALARMS),
    line('Lambda requests', 'lambdaRequestsPerMillion', SWEEPS / 1e6),
    line('Lambda duration', 'lambdaArmGbSecond', SWEEPS * SWEEP_SECONDS * SWEEP_GB),
    ...(hasChat(config) ? [line('Alarms on the chat', 'alarmMetricMonth', CHAT_ALARMS)] : []),
  ];
}
