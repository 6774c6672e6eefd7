import type { Findings } from './findings.ts';
import { isTokenStart } from './token-start.ts';

/** GitHub, npm and Stripe, whose prefixes end in `_`; the lengths are the shortest that no other word has. */
const UNDERSCORE = /(?:gh[oprsu]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|npm_[A-Za-z0-9]{20,}|[rs]k_(?:live|test)_[A-Za-z0-9]{10,})/y;
/** GitLab, Slack, and what `aws eks get-token` prints: a signed address in base64 that is a cluster's bearer token for a quarter of an hour. */
const DASH = /(?:glpat-[\w-]{16,}|xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}|k8s-aws-v1\.[\w-]{16,})/y;
const PREFIX = /(?:k8s-aws|glpat|xapp|xox[a-z])$/;
const GOOGLE_KEY = /AIza[\w-]{30,}/y;
/** Whoever has the address of a Slack webhook may post. */
const SLACK_HOOK = /k\.com\/(?:services|workflows|triggers)\/([\w/-]{8,200})/y;
const KEY_ID = /A[KS]IA[A-Z0-9]{12,124}(?![A-Za-z0-9])/y;

/** Takes a token with an underscore in its prefix; `at` is where the underscore is. Returns where to go on. */
export function takeUnderscoreToken(findings: Findings, at: number): number {
  const { text } = findings;
  const length = text.startsWith('github_pat', at - 10) ? 10 : /[rs]k_(?:live|test)$/.test(text.slice(at - 7, at)) ? 7 : 3;
  return take(findings, UNDERSCORE, at - length);
}

/** The same for a dash. */
export function takeDashToken(findings: Findings, at: number): number {
  const before = findings.text.slice(Math.max(0, at - 7), at);
  const prefix = PREFIX.exec(before)?.[0];
  return prefix === undefined ? at : take(findings, DASH, at - prefix.length);
}

/** Takes an API key of Google that starts at `at`. */
export function takeGoogleKey(findings: Findings, at: number): number {
  return take(findings, GOOGLE_KEY, at);
}

/** Takes the path of a Slack webhook; `at` is the last letter of `slack`. */
export function takeSlackHook(findings: Findings, at: number): number {
  SLACK_HOOK.lastIndex = at;
  const path = findings.text.startsWith('slac', at - 4) ? SLACK_HOOK.exec(findings.text)?.[1] : undefined;
  if (path === undefined) return at + 1;
  findings.add('vendorToken', SLACK_HOOK.lastIndex - path.length, SLACK_HOOK.lastIndex);
  return SLACK_HOOK.lastIndex;
}

/** Takes an access key id of AWS that starts at `at`. */
export function takeKeyId(findings: Findings, at: number): number {
  KEY_ID.lastIndex = at;
  if (!isTokenStart(findings.text, at) || !KEY_ID.test(findings.text)) return at + 4;
  findings.add('awsAccessKeyId', at, KEY_ID.lastIndex);
  return KEY_ID.lastIndex;
}

function take(findings: Findings, shape: RegExp, start: number): number {
  const { text } = findings;
  shape.lastIndex = start;
  if (start < 0 || !isTokenStart(text, start) || !shape.test(text)) return start + 1;
  findings.add('vendorToken', start, shape.lastIndex);
  return shape.lastIndex;
}
