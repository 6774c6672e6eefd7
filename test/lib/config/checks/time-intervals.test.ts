import { loadConfigText } from '../../../../lib/config/load.ts';
import { notifierRulesFor } from '../../../../lib/config/notifier-rules.ts';

const HEAD = `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod, kubernetesVersion: "1.33" }]
sources: [{ name: app, cluster: prod, kind: application, route: none }]
search: { mode: none }
slack:
  enabled: true
  operatorEmail: platform@example.com
  receivers: [{ name: platform, webhook: "arn:aws:secretsmanager:us-east-1:111122223333:secret:slack-Ab12Cd" }]
`;
const load = (rest: string) => loadConfigText(HEAD + rest, 'a.yaml', { folder: '.', provesRegexes: false });

function findings(rest: string): string[] {
  const loaded = load(rest);
  return [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings].map(
    ({ column, field, line, what }) => `${line}:${column} ${field}: ${what}`,
  );
}

const NIGHT = '  timeIntervals: [{ name: night, intervals: [{ times: ["22:00-24:00", "00:00-06:00"], timeZone: Asia/Seoul }] }]\n';

test('intervals and the routes that name them travel to the notifier', () => {
  const rest = `${NIGHT}  route: { routes: [{ matchers: ['team="a"'], muteTimeIntervals: [night], routes: [{ activeTimeIntervals: [night] }] }] }\n`;
  const loaded = load(rest);

  expect(findings(rest)).toEqual([]);
  expect(loaded.ok && notifierRulesFor(loaded.config)).toMatchObject({
    timeIntervals: [{ name: 'night', intervals: [{ times: ['22:00-24:00', '00:00-06:00'], timeZone: 'Asia/Seoul' }] }],
    route: { routes: [{ muteTimes: ['night'], routes: [{ activeTimes: ['night'] }] }] },
  });
});

test.each([
  [
    'a name that no interval has',
    `${NIGHT}  route: { routes: [{ matchers: ['team="a"'], muteTimeIntervals: [nigth] }, { matchers: ['a="b"'], activeTimeIntervals: [night] }] }\n`,
    '12:67 slack.route.routes[0].muteTimeIntervals[0]: there is no interval of this name; did you mean night?',
  ],
  [
    'a name where there are none',
    '  route: { routes: [{ routes: [{ matchers: [\'a="b"\'], activeTimeIntervals: [night] }], matchers: [\'c="d"\'] }] }\n',
    '11:77 slack.route.routes[0].routes[0].activeTimeIntervals[0]: there is no interval of this name',
  ],
  ['an interval that nobody names', NIGHT, '11:27 slack.timeIntervals[0].name: no route names this interval'],
  [
    'a time over midnight',
    NIGHT.replace('22:00-24:00', '22:00-06:00'),
    '11:56 slack.timeIntervals[0].intervals[0].times[0]: it ends before it begins: over midnight write two, until 24:00 and from 00:00',
  ],
  [
    'a zone that Intl does not know',
    NIGHT.replace('Asia/Seoul', 'KST9'),
    '11:97 slack.timeIntervals[0].intervals[0].timeZone: nobody knows this time zone',
  ],
  [
    'two of one name',
    NIGHT.replace(']\n', ', { name: night, intervals: [{}] }]\n'),
    expect.stringContaining('timeIntervals[1].name: two intervals have this name'),
  ],
  [
    'an interval without parts',
    '  timeIntervals: [{ name: a, intervals: [] }]\n',
    expect.stringContaining('slack.timeIntervals[0].intervals'),
  ],
])('%s is told at its place', (_name, rest, expected) => {
  expect(findings(rest)).toEqual(expect.arrayContaining([expected]));
});
