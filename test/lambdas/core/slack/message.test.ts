import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Alert } from '../../../../lambdas/core/alerts/alert.ts';
import { readAlerts } from '../../../../lambdas/core/alerts/read.ts';
import type { SlackMessage } from '../../../../lambdas/core/slack/blocks.ts';
import { limitProblems } from '../../../../lambdas/core/slack/limits.ts';
import { renderMessage } from '../../../../lambdas/core/slack/message.ts';
import { openAnyNotification } from '../../../../lambdas/events/notifications.ts';
import { alertOf, MINUTE, NOW } from '../alerts/support.ts';
import { noticeOf, SETTINGS } from './support.ts';

const CONTEXT = { receivedAt: NOW + 20 * MINUTE, account: '111122223333', region: 'us-east-1' };
const FOLDER = 'samples/notifications';
const samples = readdirSync(FOLDER).map((file): [string, Alert[]] => [
  file,
  openAnyNotification(readFileSync(`${FOLDER}/${file}`, 'utf8'), NOW).flatMap((incoming) => readAlerts(incoming, CONTEXT)),
]);

/** Every text that Slack would read as Markdown or as a notification. */
function markdownOf(message: SlackMessage): string[] {
  const texts = [message.text];
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    const { type, text } = node as { type?: string; text?: unknown };
    if (type === 'mrkdwn' && typeof text === 'string') texts.push(text);
    for (const value of Object.values(node)) walk(value);
  };
  walk([message.blocks, message.attachments]);
  return texts;
}

test.each(samples)('%s becomes a message within the limits, in both languages', (_file, alerts) => {
  for (const language of ['en', 'ko'] as const) {
    const message = renderMessage(noticeOf(alerts), { ...SETTINGS, language });

    expect(limitProblems(message)).toEqual([]);
    expect(message.text.length).toBeGreaterThan(5);
  }
});

test('an alarm says what, where, since when, how much, whose, and where to look', () => {
  const [, alerts = []] = samples.find(([file]) => file === 'metric-alarm.json') ?? [];
  const message = renderMessage(noticeOf(alerts), SETTINGS, { lines: ['exit code 137'] });
  const all = JSON.stringify(message);

  expect(message.text).toBe('<!subteam^S0123ABCD> 🔴 Firing: eks-telemetry-prod-oom-killed-checkout · prod / prod-web / checkout');
  for (const part of [
    'A container was killed',
    '<!date^1795249530^',
    '*1*',
    '≥ 1',
    '`prod-web`',
    'web-team',
    'exit code 137',
    'Logs of that time',
    'Runbook',
    'silence:60',
  ])
    expect(all).toContain(part);
});

test('mentions come from the config, on what is new and critical only', () => {
  const critical = alertOf('a', { severity: 'critical' });
  const has = (message: SlackMessage): boolean => JSON.stringify(message).includes('S0123ABCD');

  expect(has(renderMessage(noticeOf([critical]), SETTINGS))).toBe(true);
  expect(has(renderMessage(noticeOf([critical], { reason: 'repeat', fresh: [] }), SETTINGS))).toBe(false);
  expect(has(renderMessage(noticeOf([{ ...critical, endsAt: NOW }]), SETTINGS))).toBe(false);
  expect(has(renderMessage(noticeOf([alertOf('a', { severity: 'warning' })]), SETTINGS))).toBe(false);
});

test('the logs button asks over the window of the alarm, with the labels filled in', () => {
  const alert = alertOf('a', {
    labels: { cluster: 'prod', namespace: 'x" or "', region: 'us-east-1' },
    window: { fromMs: NOW - 300_000, toMs: NOW },
  });
  const [actions] = renderMessage(noticeOf([alert]), SETTINGS).attachments?.[0].blocks.filter(({ type }) => type === 'actions') ?? [];
  const url = actions?.type === 'actions' ? (actions.elements[0]?.url ?? '') : '';

  expect(url).toContain(`end~'2026-11-21T08*3a25*3a00.000Z~start~'2026-11-21T08*3a20*3a00.000Z`);
  expect(url).toContain(`source~(~'*2faws*2fcontainerinsights*2fprod*2fapplication)`);
  expect(url).toContain(`*22x*20or*20*22`);
});

test('two hundred alerts are a list with a number at its end', () => {
  const alerts = Array.from({ length: 200 }, (_, number) =>
    alertOf('crash-loop', { key: `k${number}`, labels: { namespace: 'prod', pod: `pod-${number}` } }),
  );
  const message = renderMessage(noticeOf(alerts), SETTINGS);

  expect(limitProblems(message)).toEqual([]);
  expect(JSON.stringify(message)).toContain('and 185 more');
});

const SECRETS = [
  'AKIAIOSFODNN7EXAMPLE',
  'password=hunter2hunter2',
  'Authorization: Bearer abcdefghijklmnop1234567890',
  'xoxb-123456789012-abcdefghijklmnopqrstuvwx',
];
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom(
    '<!channel>',
    '<!here|x>',
    '<@U0123ABCD>',
    '<https://evil.example.com|click>',
    '&lt;!channel&gt;',
    '```',
    '`',
    '*',
    '\u202Eabc',
    '%s%n',
    '\ud800',
    '\n\n\n',
    '<!date^1^{date}|x>',
  ),
  fc.constantFrom(...SECRETS),
  fc.integer({ min: 1, max: 9000 }).map((length) => '한'.repeat(length)),
  fc.integer({ min: 1, max: 9000 }).map((length) => '<&>"'.repeat(length / 4 + 1)),
);
const hostileAlert: fc.Arbitrary<Alert> = fc.record(
  {
    key: fc.string({ maxLength: 20 }),
    kind: fc.constantFrom('metric-alarm', 'log-alarm', 'text', 'json', 'alertmanager', 'storm'),
    lifecycle: fc.constantFrom('state', 'once'),
    title: hostile,
    severity: fc.constantFrom('critical', 'warning', 'info'),
    labels: fc.dictionary(fc.oneof(hostile, fc.constantFrom('cluster', 'namespace', 'pod', 'region', 'team')), hostile, { maxKeys: 12 }),
    startsAt: fc.integer({ min: NOW - 1e9, max: NOW }),
    updatedAt: fc.constant(NOW),
    endsAt: fc.constant(NOW),
    isBlind: fc.boolean(),
    reason: hostile,
    description: hostile,
    details: fc.array(fc.record({ name: hostile, value: hostile }), { maxLength: 15 }),
    links: fc.array(
      fc.record({
        kind: fc.constantFrom('alarm', 'logs', 'runbook', 'other'),
        url: fc.constant('https://example.com/?token=abcdefghijklmnop'),
        text: hostile,
      }),
      { maxLength: 3 },
    ),
    measurement: fc.record({ metric: hostile, value: fc.double(), threshold: fc.double(), unit: fc.constantFrom('Bytes', 'Percent', 'x') }),
  },
  { requiredKeys: ['key', 'kind', 'lifecycle', 'title', 'severity', 'labels', 'startsAt', 'updatedAt'] },
) as fc.Arbitrary<Alert>;

// HOSTILE_RUNS=10000 for a long look.
test('hostile messages: no crash, no mention, no secret, no limit broken', () => {
  fc.assert(
    fc.property(
      fc.array(hostileAlert, { minLength: 1, maxLength: 3 }),
      fc.array(hostile, { maxLength: 4 }),
      fc.constantFrom('en', 'ko'),
      (alerts, lines, language) => {
        const message = renderMessage(noticeOf(alerts), { ...SETTINGS, language: language as 'en' | 'ko', mentions: () => [] }, { lines });

        expect(limitProblems(message)).toEqual([]);
        const json = JSON.stringify(message);
        for (const secret of ['AKIAIOSFODNN7EXAMPLE', 'hunter2hunter2', 'abcdefghijklmnop1234567890', 'xoxb-123456789012'])
          expect(json).not.toContain(secret);
        for (const text of markdownOf(message)) {
          // The only things in angle brackets are our own dates and links.
          for (const [found] of text.matchAll(/<[^>]*>?/g))
            expect(found).toMatch(
              /^<(?:!date\^\d+\^\{(?:date_short_pretty\} \{time|time_secs)\}\|[0-9: UTC-]+|https:\/\/[^|<>\s]+\|[^<>]*)>$/,
            );
          expect(text).not.toMatch(/[\u202E\u0000\ud800](?![\udc00-\udfff])/);
        }
      },
    ),
    { numRuns: Number(process.env['HOSTILE_RUNS'] ?? 120) },
  );
});
