import { loadConfigText } from '../../../../lib/config/load.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:slack-Ab12Cd';
const HEAD = `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources: [{ name: app, cluster: prod, kind: application, route: none }]
search: { mode: none }
slack:
  enabled: true
  operatorEmail: platform@example.com
`;
const RECEIVERS = `  receivers: [{ name: platform, botToken: "${SECRET}", channel: C0123ABCD }]\n`;

/** Problems and warnings of a file whose `slack` goes on like this, as `line field: what`. */
function findings(rest: string): string[] {
  const loaded = loadConfigText(HEAD + rest, 'a.yaml', { folder: '.', provesRegexes: false });
  const all = [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings];
  return all.filter(({ field }) => field.startsWith('slack')).map(({ field, line, what }) => `${line} ${field}: ${what}`);
}

test('a receiver and nothing else is enough', () => {
  expect(findings(RECEIVERS)).toEqual([]);
});

test.each([
  [
    'a webhook itself',
    '  receivers: [{ name: a, webhook: "https://hooks.slack.com/services/T0/B0/x" }]\n',
    /10 slack.receivers\[0\].webhook: name the place of the secret, never the secret itself/,
  ],
  ['a token itself', '  receivers: [{ name: a, botToken: "xoxb-1234567890", channel: C0123ABCD }]\n', /never the secret itself/],
  ['neither of both', '  receivers: [{ name: a }]\n', /a receiver has one of webhook, botToken, pagerDuty, opsgenie/],
  ['a bot without a channel', `  receivers: [{ name: a, botToken: "${SECRET}" }]\n`, /a bot needs to know its channel/],
  ['a channel by its name', `  receivers: [{ name: a, botToken: "${SECRET}", channel: "#alerts" }]\n`, /not the id of a channel/],
  ['nobody', '  receivers: []\n', /there is nobody to tell/],
  [
    'a mention by name',
    `  receivers: [{ name: a, botToken: "${SECRET}", channel: C0123ABCD, mention: { critical: ["@kim"] } }]\n`,
    /not the id of a user/,
  ],
  ['an unknown receiver', `${RECEIVERS}  route: { receiver: platfrom }\n`, /did you mean platform\?/],
  [
    'a bad matcher',
    `${RECEIVERS}  route: { routes: [{ matchers: ['severity'] }] }\n`,
    /11 slack.route.routes\[0\].matchers\[0\]: not a matcher/,
  ],
  ['a bad expression', `${RECEIVERS}  route: { routes: [{ matchers: ['a=~"("'] }] }\n`, /not a regular expression/],
  [
    'a route behind one that takes all',
    `${RECEIVERS}  route: { routes: [{ receiver: platform }, { matchers: ['a="b"'] }] }\n`,
    /no alert gets here: route 1 before it takes all/,
  ],
  [
    'a repeat before a look',
    `${RECEIVERS}  route: { groupIntervalSeconds: 3600, repeatIntervalMinutes: 5 }\n`,
    /cannot be told again sooner/,
  ],
  [
    'an inhibition of everything',
    `${RECEIVERS}  inhibit: [{ name: a, source: ['a="b"'], target: ['c="d"'] }]\n`,
    /without equal one source anywhere/,
  ],
  [
    'an unknown query',
    `${RECEIVERS}  explain: [{ query: applications/latest-linse, logGroups: [/a] }]\n`,
    /did you mean applications\/latest-lines\?/,
  ],
  ['a query without groups', `${RECEIVERS}  explain: [{ query: applications/latest-lines }]\n`, /a query needs log groups/],
  [
    'a secret elsewhere',
    `  receivers: [{ name: a, webhook: "${SECRET.replace('us-east-1', 'eu-west-1')}" }]\n`,
    /in another account or Region/,
  ],
  ['topics for nobody', `${RECEIVERS}  publishers: []\n`, /slack.publishers: topics that nobody may publish to/],
  [
    'alarms that may not publish',
    `${RECEIVERS}  publishers: [events, aps]\nalarms: { enabled: true }\n`,
    /11 slack.publishers: alarms are deployed, and none of them may publish: add cloudwatch/,
  ],
])('%s is told with its place', (_name, rest, expected) => {
  expect(findings(rest).join('\n')).toMatch(expected);
});

test('without an e-mail address nobody would hear that Slack is away', () => {
  const loaded = loadConfigText((HEAD + RECEIVERS).replace('  operatorEmail: platform@example.com\n', ''), 'a.yaml', { folder: '.' });

  expect(loaded.warnings.map(({ what }) => what)).toContainEqual(expect.stringContaining('nobody hears when Slack does not take messages'));
});

test('the secret of a receiver is in no rule but by its place', async () => {
  const { notifierRulesFor } = await import('../../../../lib/config/notifier-rules.ts');
  const loaded = loadConfigText(HEAD + RECEIVERS, 'a.yaml', { folder: '.' });
  if (!loaded.ok) throw new Error('the config has problems');

  expect(notifierRulesFor(loaded.config).receivers).toEqual([
    expect.objectContaining({ kind: 'bot', secretArn: SECRET, channel: 'C0123ABCD' }),
  ]);
});
