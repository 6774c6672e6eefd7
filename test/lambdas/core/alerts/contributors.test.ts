import { readFileSync } from 'node:fs';
import type { Alert } from '../../../../lambdas/core/alerts/alert.ts';
import { contributorsOf } from '../../../../lambdas/core/alerts/kinds/contributors.ts';
import { readAlerts } from '../../../../lambdas/core/alerts/read.ts';

const ATTRIBUTES = { namespace: 'prod-web', container: 'orders' };
const PAIRS = [
  ['namespace', 'prod-web'],
  ['container', 'orders'],
];

test.each<[string, object]>([
  ['names in words of the user guide', { AlarmContributorId: 'c1', AlarmContributorAttributes: ATTRIBUTES }],
  ['names of the API, in an object', { AlarmContributor: { ContributorId: 'c1', ContributorAttributes: ATTRIBUTES } }],
  ['names of the API, in a list', { AlarmContributors: [{ ContributorId: 'c1', ContributorAttributes: ATTRIBUTES }] }],
  ['names of EventBridge', { alarmContributor: { id: 'c1', attributes: ATTRIBUTES } }],
  ['lower case on the top level', { contributorId: 'c1', contributorAttributes: ATTRIBUTES }],
  ['attributes as pairs', { AlarmContributorId: 'c1', AlarmContributorAttributes: PAIRS.map(([Key, Value]) => ({ Key, Value })) }],
  ['attributes as name and value', { contributor: { contributorId: 'c1', attributes: PAIRS.map(([name, value]) => ({ name, value })) } }],
  ['attributes as JSON in a text', { AlarmContributorId: 'c1', AlarmContributorAttributes: JSON.stringify(ATTRIBUTES) }],
])('a contributor is read with %s', (_name, holder) => {
  expect(contributorsOf(holder as { [name: string]: unknown })).toEqual([{ id: 'c1', attributes: PAIRS }]);
});

test('without an id the attributes tell contributors apart, whatever their order', () => {
  const [one] = contributorsOf({ AlarmContributorAttributes: { a: '1', b: '2' } });
  const [two] = contributorsOf({ AlarmContributorAttributes: { b: '2', a: '1' } });
  const [three] = contributorsOf({ AlarmContributorAttributes: { a: '1', b: '3' } });

  expect(one?.id).toBe(two?.id);
  expect(one?.id).not.toBe(three?.id);
});

test.each([undefined, {}, { AlarmContributors: 'x' }, { AlarmContributor: null }, { AlarmContributorAttributes: '{' }])(
  '%j has none',
  (holder) => {
    expect(contributorsOf(holder)).toEqual([]);
  },
);

test('several contributors of one notification are an alert each', () => {
  const {
    AlarmContributorAttributes: _a,
    AlarmContributorId: _b,
    ...alarm
  } = JSON.parse(readFileSync('samples/notifications/log-alarm.json', 'utf8'));
  const AlarmContributors = ['x', 'y'].map((ContributorId) => ({ ContributorId, ContributorAttributes: { pod: ContributorId } }));
  const alerts: Alert[] = readAlerts(
    { text: JSON.stringify({ ...alarm, AlarmContributors }), id: 'm', sentAt: 0 },
    { receivedAt: Date.UTC(2026, 10, 21, 9), account: '111122223333', region: 'us-east-1' },
  );

  expect(alerts.map(({ key, labels }) => [key.split('#')[1], labels['pod']])).toEqual([
    ['x', 'x'],
    ['y', 'y'],
  ]);
});
