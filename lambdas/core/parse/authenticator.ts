import { type Key, pairs } from './key-values.ts';
import type { parsedLine } from './parsed-line.ts';

/** Roles of the keys that aws-iam-authenticator writes. */
export const ROLE = {
  time: 1,
  level: 2,
  msg: 3,
  arn: 4,
  accountid: 5,
  session: 6,
  username: 7,
  groups: 8,
  uid: 9,
  client: 10,
  error: 11,
  method: 12,
  path: 13,
} as const;

/** Bits of the roles that become members of `authenticator`. `accountid` is not one: next to an ARN it is not used. */
export const IDENTITY_ROLES =
  (1 << ROLE.arn) | (1 << ROLE.username) | (1 << ROLE.groups) | (1 << ROLE.uid) | (1 << ROLE.client) | (1 << ROLE.error);

/**
 * `,"authenticator":{…}` from the pairs read last: outcome granted or denied, ARN with account, role and session, user name, groups, uid, client and
 * error; the outcome also goes to `parsed`. Empty for lines that do not answer a request.
 */
export function authenticatorMembers(message: string, parsed: ReturnType<typeof parsedLine>): string {
  const granted = message === '"access granted"';
  const denied = !granted && message === '"access denied"';
  if (!granted && !denied && message !== '"STS response"') return '';
  let members = granted ? '"outcome":"granted"' : denied ? '"outcome":"denied"' : '"outcome":null';
  if (granted) parsed.eventMembers = '"outcome":"success"';
  else if (denied) parsed.eventMembers = '"outcome":"failure"';
  let seen = 0;
  let account = '';
  let hasArn = false;
  for (let k = 3; k < pairs.count; k++) {
    const { role } = pairs.keys[k] as Key;
    if (role < ROLE.arn || seen & (1 << role)) continue;
    seen |= 1 << role;
    const value = pairs.values[k] as string;
    switch (role) {
      case ROLE.arn:
        members += arnMembers(value);
        hasArn = true;
        break;
      case ROLE.accountid:
        account = value;
        break;
      case ROLE.username:
        members += `,"username":${value}`;
        break;
      case ROLE.uid:
        members += `,"uid":${value}`;
        break;
      case ROLE.client:
        members += `,"client":${value}`;
        break;
      case ROLE.error:
        members += `,"error":${value}`;
        break;
      case ROLE.groups:
        members += `,"groups":[${groupList(value)}]`;
        break;
      default:
    }
  }
  if (!hasArn && account !== '') members += `,"account":${account}`;
  return `,"authenticator":{${members}}`;
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

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` and `arn:aws:iam::ACCOUNT:role/PATH/ROLE`, taken apart as JSON text: quotes are at the ends only. */
function arnMembers(json: string): string {
  const members = `,"arn":${json}`;
  const partition = json.indexOf(':', 5);
  const service = json.indexOf(':', partition + 1);
  const account = service + 2;
  const isArn =
    json.startsWith('"arn:') && partition > 0 && service > 0 && json.charCodeAt(service + 1) === 58 && json.charCodeAt(account + 12) === 58;
  if (!isArn || json.includes('\\') || !/^\d{12}$/.test(json.slice(account, account + 12))) return members;
  const type = account + 13;
  const withAccount = `${members},"account":"${json.slice(account, account + 12)}"`;
  if (json.startsWith('role/', type)) return `${withAccount},"role":"${json.slice(json.lastIndexOf('/') + 1)}`;
  if (!json.startsWith('assumed-role/', type)) return withAccount;
  const role = type + 'assumed-role/'.length;
  const slash = json.indexOf('/', role);
  if (slash < 0) return `${withAccount},"role":"${json.slice(role)}`;
  return `${withAccount},"role":"${json.slice(role, slash)}","session":"${json.slice(slash + 1)}`;
}
