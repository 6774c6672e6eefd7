import { quoteJson } from './json-text.ts';
import { type Key, pairs } from './key-values.ts';

/** Fields of an aws-iam-authenticator line, and whether it granted access. */
export interface Identity {
  /** Member text that begins with a comma, or is empty. */
  readonly members: string;
  readonly outcome?: 'success' | 'failure';
}

interface Roles {
  readonly arn: number;
  readonly accountid: number;
  readonly session: number;
  readonly username: number;
  readonly groups: number;
  readonly uid: number;
  readonly client: number;
  readonly error: number;
}

const NOT_AUTHENTICATOR: Identity = { members: '' };

// The same callers come again and again: an ARN's account, role and session are worked out once.
const arns = new Map<string, string>();
const MAX_ARNS = 1_000;

/**
 * `authenticator.*` from the pairs read last: outcome granted or denied, ARN with account, role and session, user name, groups, uid, client and
 * error. Other logrus programs' lines give nothing: they have no `client` and do not answer a request.
 */
export function authenticatorMembers(message: string, role: Roles): Identity {
  const granted = message === '"access granted"';
  const denied = !granted && message === '"access denied"';
  if (!granted && !denied && message !== '"STS response"') return NOT_AUTHENTICATOR;
  let members = granted ? '"outcome":"granted"' : denied ? '"outcome":"denied"' : '';
  let seen = 0;
  let account = '';
  let arn = '';
  for (let k = 0; k < pairs.count; k++) {
    const found = (pairs.keys[k] as Key).role;
    const value = pairs.values[k] as string;
    if (seen & (1 << found)) continue;
    seen |= 1 << found;
    let member = '';
    if (found === role.arn) arn = value;
    else if (found === role.accountid) account = value;
    else if (found === role.username) member = `"username":${value}`;
    else if (found === role.uid) member = `"uid":${value}`;
    else if (found === role.client) member = `"client":${value}`;
    else if (found === role.error) member = `"error":${value}`;
    else if (found === role.groups) member = `"groups":[${groupList(value)}]`;
    if (member !== '') members += members === '' ? member : `,${member}`;
  }
  const identity = arn === '' ? (account === '' ? '' : `"account":${account}`) : arnMembers(arn);
  if (identity !== '') members += members === '' ? identity : `,${identity}`;
  const text = members === '' ? '' : `,"authenticator":{${members}}`;
  return granted ? { members: text, outcome: 'success' } : denied ? { members: text, outcome: 'failure' } : { members: text };
}

/** A Go slice `[a b]` as JSON strings; names with blanks cannot be told apart, Go prints no quotes here. */
function groupList(value: string): string {
  const inner = value.slice(1, -1);
  if (!inner.startsWith('[') || !inner.endsWith(']')) return value;
  const names = inner.slice(1, -1);
  if (names === '') return '';
  if (!names.includes(' ')) return `"${names}"`;
  return names
    .split(' ')
    .filter((name) => name !== '')
    .map((name) => `"${name}"`)
    .join(',');
}

function arnMembers(json: string): string {
  const known = arns.get(json);
  if (known !== undefined) return known;
  const match = /^arn:[^:]*:(?:iam|sts)::(\d{12}):([^/]+)(?:\/(.*))?$/.exec(JSON.parse(json) as string);
  let members = `"arn":${json}`;
  if (match) {
    const [, account, type, path = ''] = match;
    members += `,"account":"${account}"`;
    const parts = path.split('/');
    if (type === 'assumed-role' || type === 'role')
      members += `,"role":${quoteJson(type === 'role' ? (parts.at(-1) ?? '') : (parts[0] ?? ''))}`;
    if (type === 'assumed-role' && parts.length > 1) members += `,"session":${quoteJson(parts.slice(1).join('/'))}`;
  }
  if (arns.size < MAX_ARNS) arns.set(json, members);
  return members;
}
