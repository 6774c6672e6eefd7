import { checkSchedule, isActive, type MuteRule } from '../../../../lambdas/core/alarms/mute.ts';

const rule = (expression: string, hours: number, more: Partial<MuteRule> = {}): MuteRule => ({
  name: 'm',
  expression,
  durationMs: hours * 3_600_000,
  timeZone: 'UTC',
  alarms: ['a'],
  ...more,
});

test.each<[string, MuteRule, string, boolean]>([
  ['at its first minute', rule('cron(0 2 * * *)', 2), '2026-11-21T02:00:00Z', true],
  ['in its last minute', rule('cron(0 2 * * *)', 2), '2026-11-21T03:59:59Z', true],
  ['when it is over', rule('cron(0 2 * * *)', 2), '2026-11-21T04:00:00Z', false],
  ['before it', rule('cron(0 2 * * *)', 2), '2026-11-21T01:59:59Z', false],
  ['over midnight', rule('cron(0 23 * * *)', 3), '2026-11-22T01:30:00Z', true],
  ['on its day of the week', rule('cron(0 2 * * SUN)', 2), '2026-11-22T02:30:00Z', true],
  ['on Sunday as 7', rule('cron(0 2 * * 7)', 2), '2026-11-22T02:30:00Z', true],
  ['on another day', rule('cron(0 2 * * MON-FRI)', 2), '2026-11-22T02:30:00Z', false],
  ['in a list of hours', rule('cron(0 2,14 * * *)', 1), '2026-11-21T14:10:00Z', true],
  ['with a step', rule('cron(*/15 * * * *)', 0.1), '2026-11-21T14:46:00Z', true],
  ['between two steps', rule('cron(*/15 * * * *)', 0.1), '2026-11-21T14:55:00Z', false],
  ['in its time zone', rule('cron(0 2 * * *)', 2, { timeZone: 'Asia/Seoul' }), '2026-11-20T17:30:00Z', true],
  ['not in another', rule('cron(0 2 * * *)', 2, { timeZone: 'Asia/Seoul' }), '2026-11-21T02:30:00Z', false],
  ['once', rule('at(2026-11-21T10:00)', 1), '2026-11-21T10:59:00Z', true],
  ['not twice', rule('at(2026-11-21T10:00)', 1), '2026-11-22T10:30:00Z', false],
  ['not before its start', rule('cron(0 2 * * *)', 2, { startMs: Date.parse('2026-12-01T00:00:00Z') }), '2026-11-21T02:30:00Z', false],
  ['not after its end', rule('cron(0 2 * * *)', 2, { expireMs: Date.parse('2026-11-01T00:00:00Z') }), '2026-11-21T02:30:00Z', false],
])('a mute rule %s', (_name, one, now, expected) => {
  expect(isActive(one, Date.parse(now))).toBe(expected);
});

test.each([
  'cron(0 2 * *)',
  'cron(60 2 * * *)',
  'cron(0 24 * * *)',
  'cron(0 2 0 * *)',
  'cron(0 2 * 13 *)',
  'cron(0 2 * * 8)',
  'cron(a * * * *)',
  'cron(5-2 * * * *)',
  'rate(1 hour)',
  'at(tomorrow)',
])('%s is no schedule, and mutes nothing', (expression) => {
  expect(checkSchedule(expression)).toBeDefined();
  expect(isActive(rule(expression, 1), Date.parse('2026-11-21T02:00:00Z'))).toBe(false);
});

test.each(['cron(0 2 * * *)', 'cron(*/5 0-6 1,15 JAN-MAR MON-FRI)', 'cron(0 2 * * ?)', 'at(2026-11-21T10:00)', 'at(2026-11-21T10:00:00)'])(
  '%s is one',
  (expression) => {
    expect(checkSchedule(expression)).toBeUndefined();
  },
);
