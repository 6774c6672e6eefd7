import { readFileSync } from 'node:fs';
import { ALERT_KINDS } from '../../../../lambdas/core/alerts/alert.ts';
import { AMAZON_Q_VIEWS } from '../../../../lib/config/amazon-q.ts';
import { loadConfigText } from '../../../../lib/config/load.ts';
import { summarize } from '../../../../lib/config/summary.ts';

const KEY = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:pager-Ab12Cd';
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
const Q = 'name: q, workspace: T0123ABCD, channel: C0123ABCD';

function load(rest: string, head = HEAD) {
  return loadConfigText(head + rest, 'a.yaml', { folder: '.', provesRegexes: false });
}

/** Problems and warnings of a file whose `slack` goes on like this, as `line field: what`. */
function findings(rest: string, head = HEAD): string[] {
  const loaded = load(rest, head);
  const all = [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings];
  return all.filter(({ field }) => field.startsWith('slack')).map(({ field, line, what }) => `${line} ${field}: ${what}`);
}

test.each([
  ['PagerDuty', `  receivers: [{ name: a, pagerDuty: "${KEY}", site: eu }]\n`],
  ['Opsgenie', `  receivers: [{ name: a, opsgenie: "${KEY}", site: jsm }]\n`],
  ['e-mails alone', '  emails: [{ address: a@example.com, severities: [critical] }]\n'],
  ['Amazon Q alone', `  amazonQ: [{ ${Q} }]\n`],
])('%s is enough', (_name, rest) => {
  expect(findings(rest)).toEqual([]);
});

test('without a notifier nobody watches it by e-mail', () => {
  const head = HEAD.replace('  operatorEmail: platform@example.com\n', '');

  expect(findings('  emails: [{ address: a@example.com, severities: [critical] }]\n', head)).toEqual([]);
  expect(findings(`  receivers: [{ name: a, pagerDuty: "${KEY}" }]\n`, head).join()).toContain('nobody hears when');
});

test.each([
  ['an integration key itself', '  receivers: [{ name: a, pagerDuty: 0123456789abcdef0123456789abcdef }]\n', /never the secret itself/],
  ['two kinds at once', `  receivers: [{ name: a, pagerDuty: "${KEY}", webhook: "${KEY}" }]\n`, /a receiver has one of/],
  ['a pager with a channel', `  receivers: [{ name: a, pagerDuty: "${KEY}", channel: C0123ABCD }]\n`, /a pager has none; remove channel/],
  [
    'a site of another pager',
    `  receivers: [{ name: a, pagerDuty: "${KEY}", site: jsm }]\n`,
    /10 slack.receivers\[0\].site: only opsgenie has jsm/,
  ],
  ['a pager that never closes', `  receivers: [{ name: a, opsgenie: "${KEY}", sendResolved: false }]\n`, /nobody closes stays open/],
  [
    'an address twice',
    '  emails: [{ address: a@example.com, severities: [critical] }, { address: A@example.com, severities: [info] }]\n',
    /there already/,
  ],
  ['no severity', '  emails: [{ address: a@example.com, severities: [] }]\n', /10 slack.emails\[0\].severities/],
  [
    'the default guardrail',
    `  amazonQ: [{ ${Q}, guardrails: ["arn:aws:iam::aws:policy/AdministratorAccess"] }]\n`,
    /10 slack.amazonQ\[0\].guardrails\[0\]: this policy is no guardrail/,
  ],
  ['reading everything', `  amazonQ: [{ ${Q}, guardrails: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }]\n`, /may read nearly everything/],
  ['a channel twice', `  amazonQ: [{ ${Q} }, { ${Q.replace('name: q', 'name: r')} }]\n`, /a channel has one configuration of Amazon Q/],
  [
    'a channel that a bot tells',
    `  receivers: [{ name: a, botToken: "${KEY}", channel: C0123ABCD }]\n  amazonQ: [{ ${Q} }]\n`,
    /stands there twice/,
  ],
  [
    'buttons for nobody',
    `  receivers: [{ name: a, pagerDuty: "${KEY}" }]\n  approvals: { pipelines: [checkout] }\n`,
    /nobody is told of it: set tell/,
  ],
  [
    'buttons without anybody behind them',
    `  receivers: [{ name: a, pagerDuty: "${KEY}" }]\n  approvals: { tell: true, pipelines: [checkout] }\n`,
    /nobody answers to the buttons[\s\S]*nobody may press the buttons/,
  ],
  ['no repository', `  receivers: [{ name: a, pagerDuty: "${KEY}" }]\n  gitHub: { repositories: [checkout] }\n`, /not a repository/],
])('%s is told with its place', (_name, rest, expected) => {
  expect(findings(rest).join('\n')).toMatch(expected);
});

test('Amazon Q is not in every partition', () => {
  expect(findings(`  amazonQ: [{ ${Q} }]\n`, HEAD.replace('us-east-1', 'us-gov-west-1')).join()).toContain('not in this partition');
});

test('the summary says who hears from the topics, and what Amazon Q lacks', () => {
  const loaded = load(`  amazonQ: [{ ${Q} }]\n  emails: [{ address: a@example.com, severities: [critical, info] }]\n`);
  if (!loaded.ok) throw new Error('the config is refused');
  const { slack } = summarize(loaded.config, 0);

  expect(slack?.direct).toEqual(['a@example.com (e-mail of critical, info)', 'q (Amazon Q, C0123ABCD: critical, warning, events)']);
  expect(slack?.lostInAmazonQ).toEqual(expect.arrayContaining(['groups', 'redaction', 'alerts of Prometheus']));
});

test('what Amazon Q makes of a kind is said for every kind', () => {
  expect(Object.keys(AMAZON_Q_VIEWS).sort()).toEqual(ALERT_KINDS.filter((kind) => kind !== 'storm').sort());
});

test('docs/channels.md says the same', () => {
  const rows = [...readFileSync('docs/channels.md', 'utf8').matchAll(/^\| ([a-z-]+) +\| (form|title|nothing|unknown) +\|$/gm)];

  expect(Object.fromEntries(rows.map(([, kind, view]) => [kind, view]))).toEqual(AMAZON_Q_VIEWS);
});
