import { readdirSync, readFileSync } from 'node:fs';
import { readAlerts } from '../../../../lambdas/core/alerts/read.ts';
import { renderMessage } from '../../../../lambdas/core/slack/message.ts';
import { TEXTS } from '../../../../lambdas/core/slack/texts.ts';
import { openAnyNotification } from '../../../../lambdas/events/notifications.ts';
import { alertOf, MINUTE, NOW } from '../alerts/support.ts';
import { noticeOf, SETTINGS } from './support.ts';

const CONTEXT = { receivedAt: NOW + 20 * MINUTE, account: '111122223333', region: 'us-east-1' };
const sample = (file: string) =>
  openAnyNotification(readFileSync(`samples/notifications/${file}`, 'utf8'), NOW).flatMap((incoming) => readAlerts(incoming, CONTEXT));
const textOf = (alerts: Parameters<typeof noticeOf>[0]): string => JSON.stringify(renderMessage(noticeOf(alerts), SETTINGS));

test('what can be copied is code, and a sentence is words', () => {
  const details = [
    { name: 'Bucket', value: 'example-uploads' },
    { name: 'Cause', value: 'an instance was started' },
  ];
  const text = textOf([alertOf('a', { details })]);

  expect(text).toContain('*Bucket*\\n`example-uploads`');
  expect(text).toContain('*Cause*\\nan instance was started');
});

test('a composite says which alarms it is made of, and not how AWS calls them', () => {
  const text = textOf(sample('composite-alarm.json'));

  expect(text).toContain('*In alarm*\\neks-telemetry-prod-alb-5xx, eks-telemetry-prod-oom-killed-checkout');
  expect(text).not.toContain('transitioned to ALARM');
});

test('a time that the headline has is not said twice', () => {
  const text = textOf(sample('health-issue.json'));

  expect(text.split('<!date^').length - 1).toBe(1);
});

test('what all alerts of a list mean stands above it once', () => {
  const [one, two] = ['a', 'b'].map((name) => alertOf(name, { title: 'Pods wait', description: 'No node has room for them.' }));
  const same = textOf([one, two].flatMap((alert) => alert ?? []));
  const other = textOf([one, two && { ...two, description: 'Something else.' }].flatMap((alert) => alert ?? []));

  expect(same.split('No node has room').length - 1).toBe(1);
  expect(other).not.toContain('No node has room');
});

test('every detail that our readers name has a Korean word', () => {
  const names = readdirSync('samples/notifications')
    .flatMap(sample)
    .filter(({ kind }) => kind !== 'json' && kind !== 'text' && kind !== 'alertmanager')
    .flatMap(({ details = [] }) => details.map(({ name }) => name));

  expect(names.length).toBeGreaterThan(30);
  expect([...new Set(names)].filter((name) => !Object.hasOwn(TEXTS.ko.details, name))).toEqual([]);
});
