import { chatRulesFor } from '../../../../lib/config/chat-rules.ts';
import { loadConfigText } from '../../../../lib/config/load.ts';

const SECRETS = 'arn:aws:secretsmanager:us-east-1:111122223333:secret';
const HEAD = `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources:
  - { name: app, cluster: prod, kind: application, route: direct }
  - { name: events, cluster: prod, kind: events, route: direct }
search: { mode: existing, endpoint: "https://search-logs-aaaaaaaaaaaaaaaaaaaaaaaaaa.us-east-1.es.amazonaws.com" }
slack:
  enabled: true
  operatorEmail: platform@example.com
  receivers: [{ name: platform, botToken: "${SECRETS}:slack-Ab12Cd", channel: C0123ABCD }]
`;
const CHAT = `  chat:
    enabled: true
    signingSecret: ${SECRETS}:signing-Ab12Cd
    workspaces: [T0123ABCD]
    channels: [C0123ABCD]
    users: ["*"]
    silencers: [U0123ABCD]
`;

const load = (text: string) => loadConfigText(text, 'a.yaml', { folder: '.', provesRegexes: false });

/** Problems and warnings of a file whose \`slack\` goes on like this, as \`line field: what\`. */
function findings(text: string): string[] {
  const loaded = load(text);
  const all = [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings];
  return all.filter(({ field }) => field.startsWith('slack.chat')).map(({ field, line, what }) => `${line} ${field}: ${what}`);
}

test('a secret, a workspace, a channel and people are enough', () => {
  expect(findings(HEAD + CHAT)).toEqual([]);
});

test.each<[string, string, RegExp]>([
  [
    'the secret itself',
    CHAT.replace(/signingSecret: .*/, 'signingSecret: 8f742231b10e8888abcd99yyyzzz85a5'),
    /15 slack.chat.signingSecret: name the place of the secret/,
  ],
  ['no secret', CHAT.replace(/ {4}signingSecret: .*\n/, ''), /nobody can tell a call of Slack’s from anybody else’s/],
  ['nobody', CHAT.replace(/users: .*/, 'users: []').replace(/silencers: .*/, 'silencers: []'), /nobody is listed: every call is refused/],
  ['no workspace', CHAT.replace(/workspaces: .*/, 'workspaces: []'), /no workspace is listed: every call is refused/],
  ['no channel', CHAT.replace(/channels: .*/, 'channels: []'), /no channel is listed/],
  ['nobody who may silence', CHAT.replace(/silencers: .*/, 'silencers: []'), /the buttons are shown, and refuse everybody/],
  ['everybody and somebody', CHAT.replace(/users: .*/, 'users: ["*", U0123ABCD]'), /the others say nothing/],
  ['a user by name', CHAT.replace(/users: .*/, 'users: ["@kim"]'), /not the id of a user/],
  ['a channel by name', CHAT.replace(/channels: .*/, 'channels: ["#alerts"]'), /not the id of a channel/],
  [
    'a query that is not saved',
    `${CHAT}    queries: [events/oom-kils]\n`,
    /20 slack.chat.queries\[0\]: there is no saved query of this name; did you mean events\/oom-kills\?/,
  ],
  ['a log group that no query asks', `${CHAT}    logGroups: [/aws/lambda/mine, "*"]\n`, /no saved query asks such a log group/],
  [
    'queries and log groups that do not go together',
    `${CHAT}    queries: ["events/*"]\n    logGroups: [/aws/containerinsights/prod/application]\n`,
    /no saved query is left/,
  ],
  ['a family that there is not', `${CHAT}    families: [eks-aplication]\n`, /no index family of this name; did you mean eks-application\?/],
  ['no bound on calls', `${CHAT}    limits: { commandConcurrency: 0 }\n`, /anybody can call the URL/],
  ['a command without a slash', `${CHAT}    command: logs\n`, /not a slash command/],
])('%s', (_name, chat, expected) => {
  expect(findings(HEAD + chat)).toEqual([expect.stringMatching(expected)]);
});

test('without a receiver there is no table to stand on', () => {
  expect(findings(HEAD.replace(/receivers: .*/, 'receivers: []') + CHAT)).toEqual([expect.stringMatching(/stands on the table of alerts/)]);
});

test('without a search its families are refused, and in a VPC the way out is asked for', () => {
  const none = HEAD.replace(/search: .*/, 'search: { mode: none }').replaceAll('route: direct', 'route: none');
  expect(findings(`${none}${CHAT}    families: ["*"]\n`)).toEqual([expect.stringMatching(/there is no search to ask/)]);

  const inside = HEAD.replace(
    'search: { mode: existing,',
    'search: { mode: existing, existing: { vpc: { vpcId: vpc-0123abcd, subnetIds: [subnet-0123abcd], securityGroupIds: [sg-0123abcd] } },',
  );
  expect(findings(`${inside}${CHAT}    families: ["*"]\n`)).toEqual([expect.stringMatching(/needs? a way to hooks.slack.com/)]);
});

test('only what is listed is in the rules: queries by name and by group, families by what they hold', () => {
  const loaded = load(
    `${HEAD}${CHAT}    queries: ["events/*", applications/latest-lines]\n    logGroups: ["*/events"]\n    families: ["*"]\n`,
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { indices, queries } = chatRulesFor(loaded.config);

  expect(new Set(queries.map(({ name }) => name.split('/')[0]))).toEqual(new Set(['events']));
  expect(queries.every(({ logGroups }) => logGroups['prod']?.join() === '/aws/containerinsights/prod/events')).toBe(true);
  expect(indices).toEqual({ records: ['eks-application'], events: ['eks-events'] });
});
