import type { Alert } from '../alert.ts';
import { type ReadInput, reportedAt } from '../incoming.ts';
import { givenLink, noticeOf } from './notice.ts';

/** `Key: value` lines of a text, by key; the first of two. */
function keyValues(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split(/\r?\n/, 200)) {
    const colon = line.indexOf(':');
    if (colon < 1 || colon > 60) continue;
    const key = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (value !== '' && !found.has(key)) found.set(key, value);
  }
  return found;
}

/** AWS Budgets write plain text; its first words tell it, not that it is no JSON. */
export function readBudget(input: ReadInput): Alert[] | undefined {
  if (input.json !== undefined || !/^\s*AWS Budget(?:s)? (?:Notification|Action|Alert)/i.test(input.text)) return undefined;
  const values = keyValues(input.text);
  const name = values.get('Budget Name') ?? 'budget';
  const amount = values.get('ACTUAL Amount') ?? values.get('FORECASTED Amount') ?? values.get('Current Amount');
  return [
    noticeOf(
      {
        kind: 'budget',
        id: `${name}/${values.get('Alert Type') ?? ''}/${values.get('Alert Threshold') ?? ''}/${input.id}`,
        title: `Budget ${name}: ${(values.get('Alert Type') ?? 'spend').toLowerCase()} ${amount ?? ''}`.trim(),
        severity: 'warning',
        alertname: `budget ${name}`,
        state: 'once',
        at: reportedAt(undefined, input),
        account: /AWS Account (\d{12})/.exec(input.text)?.[1],
        labels: [['budget', name]],
        details: [
          ['Budgeted', values.get('Budgeted Amount')],
          ['Type', values.get('Budget Type')],
          ['Threshold', values.get('Alert Threshold')],
          ['Now', amount],
        ],
        links: [givenLink('console', 'https://console.aws.amazon.com/billing/home#/budgets')],
      },
      input,
    ),
  ];
}

/** AWS Backup: a fixed subject and a text that may contradict itself ("was completed but was failed"): the attributes decide. */
export function readBackup(input: ReadInput): Alert[] | undefined {
  if (input.subject !== 'Notification from AWS Backup') return undefined;
  const attribute = (name: string): string | undefined => input.attributes?.[name];
  const state = attribute('State') ?? /\b(COMPLETED|FAILED|ABORTED|EXPIRED|PARTIAL|CREATED|RUNNING)\b/.exec(input.text)?.[1] ?? 'unknown';
  const job = (attribute('EventType') ?? 'BACKUP_JOB').replaceAll('_', ' ').toLowerCase();
  const isBad = /FAILED|ABORTED|EXPIRED|PARTIAL/.test(state);
  const id = attribute('Id') ?? input.id;
  return [
    noticeOf(
      {
        kind: 'backup',
        id: `${id}/${state}`,
        title: `${job} ${state.toLowerCase()}`,
        severity: isBad ? 'warning' : 'info',
        alertname: `backup ${state.toLowerCase()}`,
        state: 'once',
        at: reportedAt(attribute('StartTime'), input),
        account: attribute('AccountId'),
        reason: input.text.trim(),
        details: [['Job', id]],
      },
      input,
    ),
  ];
}

/** `Key='value'` from line to line, by key; a value may have lines of its own. One look at each character, whatever the text is. */
function quotedValues(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (let at = 0; at < text.length; ) {
    const lineEnd = endOf(text, '\n', at);
    const key = /^(\w{1,60})='/.exec(text.slice(at, Math.min(lineEnd, at + 64)))?.[1];
    if (key === undefined) {
      at = lineEnd + 1;
      continue;
    }
    const begin = at + key.length + 2;
    const end = endOf(text, "'\n", begin);
    if (!values.has(key)) values.set(key, text.slice(begin, end).replace(/'$/, ''));
    at = end + 2;
  }
  return values;
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found;
}

/** CloudFormation's lines of `key='value'`: only the stack as a whole is news. An empty list means: understood, and nothing to tell. */
export function readCloudFormation(input: ReadInput): Alert[] | undefined {
  if (input.json !== undefined || !/^StackId='arn:aws[a-z-]*:cloudformation:/.test(input.text)) return undefined;
  const values = quotedValues(input.text);
  const stack = values.get('StackName') ?? 'stack';
  const status = values.get('ResourceStatus') ?? 'UNKNOWN';
  const arn = values.get('StackId') ?? '';
  const isStack = values.get('LogicalResourceId') === stack;
  const isBad = /FAILED|ROLLBACK/.test(status);
  if (!isStack && !/FAILED/.test(status)) return [];
  const [, , , region, account] = arn.split(':');
  return [
    noticeOf(
      {
        kind: 'cloudformation',
        id: `${arn}/${values.get('EventId') ?? input.id}`,
        title: `${isStack ? stack : `${stack} › ${values.get('LogicalResourceId')}`}: ${status.toLowerCase().replaceAll('_', ' ')}`,
        severity: isBad ? 'warning' : 'info',
        alertname: `stack ${stack}`,
        state: 'once',
        at: reportedAt(values.get('Timestamp'), input),
        account,
        region,
        reason: values.get('ResourceStatusReason'),
        labels: [['stack', stack]],
        details: [['Resource', values.get('ResourceType')]],
      },
      input,
    ),
  ];
}
