import type { Caller } from '../../../../lambdas/core/chat/request.ts';
import type { ChatRules } from '../../../../lambdas/core/chat/rules.ts';
import { parseQueryFile } from '../../../../lambdas/core/insights/query-file.ts';
import { compileRedaction } from '../../../../lambdas/core/redact/redactor.ts';
import { DEFAULT_REDACTION } from '../../../../lambdas/core/redact/rule-names.ts';
import type { Block, SlackMessage } from '../../../../lambdas/core/slack/blocks.ts';

/** The run's time in these tests. */
export const NOW = Date.parse('2026-11-21T08:25:00Z');

export const CALLER: Caller = { team: 'T0123ABCD', userTeam: '', channel: 'C0123ABCD', user: 'U0123ABCD' };

const redactor = compileRedaction(DEFAULT_REDACTION);
export const redact = (text: string): string => redactor.text(text);

const saved = (name: string, text: string, groups: readonly string[]) => {
  const { parameters, query, question } = parseQueryFile(text);
  return { name, question, parameters, query, logGroups: { prod: groups } };
};

/** A query with a placeholder in every place that there is: quotes, an expression, bare, a field in backticks. */
export const EVERY_PLACE = `# Question: what has every place?
# Source: application
# Columns: c
# Parameter: text - inside of double quotes
# Parameter: single = x - inside of single quotes
# Parameter: regex = y - inside of an expression
# Parameter: number = 5 - bare
# Parameter: period = 5m - bare, a period
# Parameter: field = a - in backticks
filter log like "{{text}}" and a = '{{single}}' and b like /^{{regex}}/ and c >= {{number}}
| stats count(*) as c by bin({{period}}), \`{{field}}\`
`;

export const RULES: ChatRules = {
  account: '111122223333',
  region: 'us-east-1',
  language: 'en',
  command: '/logs',
  signingSecret: { arn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:slack-signing-Ab12Cd' },
  access: {
    workspaces: ['T0123ABCD'],
    channels: ['C0123ABCD'],
    users: ['U0123ABCD', 'U0456EFGH'],
    silencers: ['U0123ABCD'],
    approvers: [],
  },
  limits: { maxScanBytes: 5e9, maxRangeMs: 86_400_000, defaultRangeMs: 3_600_000, timeoutMs: 60_000, maxRows: 500 },
  logGroups: ['/aws/containerinsights/*'],
  queries: [
    saved('applications/every-place', EVERY_PLACE, ['/aws/containerinsights/prod/application']),
    saved(
      'control-plane/node-not-ready',
      '# Question: which nodes stopped being ready?\n# Source: controllerManager\n# Columns: @timestamp, @message\nfields @timestamp, @message\n| filter @message like /NodeNotReady/\n',
      ['/aws/eks/prod/cluster'],
    ),
  ],
  clusters: [
    { name: 'prod', indexName: 'prod' },
    { name: 'Test_2', indexName: 'test-2' },
  ],
  indices: { records: ['eks-application', 'checkout'], events: ['eks-events'] },
  hasClassicMetrics: true,
  pipelines: [],
  pricePerGb: 0.005,
  redaction: DEFAULT_REDACTION,
};

/** Texts that Slack reads as its Markdown: where a mention would live. */
export function markdownOf({ attachments, blocks, text }: SlackMessage): string[] {
  const ofBlock = (block: Block): string[] => {
    if (block.type === 'section') return [block.text?.text ?? '', ...(block.fields ?? []).map((field) => field.text)];
    return block.type === 'context' ? block.elements.map((element) => element.text) : [];
  };
  return [text, ...[...blocks, ...(attachments?.[0].blocks ?? [])].flatMap(ofBlock)];
}

/** Whatever in a text Slack would make a mention, a channel or a link of; dates are ours. */
export function liveParts(text: string): string[] {
  return (text.match(/<[^<>]*>?/g) ?? []).filter((part) => !/^<!date\^\d+\^[^|^<>]*\|[^<>|]*>$/.test(part));
}
