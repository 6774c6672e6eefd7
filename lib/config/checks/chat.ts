import { RESERVED_WORDS } from '../../../lambdas/core/chat/parse-command.ts';
import { matchesWildcard } from '../../../lambdas/core/rules/wildcard.ts';
import { chatRulesFor, chatSearches } from '../chat-rules.ts';
import { nearestName } from '../nearest-name.ts';
import type { Path } from '../problems.ts';
import { planQueries } from '../query-plan.ts';
import type { Config } from '../resolve.ts';
import type { Check, CheckReport } from './context.ts';

const CHAT: Path = ['slack', 'chat'];
/** What the account keeps for all other functions, at least (Lambda's quota of unreserved concurrency, 2026). */
const UNRESERVED = 100;

/** The slash command and the buttons: who may do what, and what cannot be done. */
export const checkChat: Check = ({ config, isGiven, isIncomplete }, report) => {
  const { chat, enabled, receivers } = config.slack;
  if (isIncomplete(['slack']) || !chat.enabled) return;
  if (!enabled || receivers.length === 0) {
    const what = 'the chat stands on the table of alerts, which there is with slack.enabled and a receiver only';
    report.problem({ path: [...CHAT, 'enabled'], what, limit: 'slack.enabled: true and receivers', value: true });
    return;
  }
  if (chat.signingSecret === undefined)
    report.problem({
      path: CHAT,
      what: 'without the signing secret nobody can tell a call of Slack’s from anybody else’s: add signingSecret',
      limit: 'its ARN; the secret is in Basic Information of the app',
    });
  checkPeople(config, report);
  if (isIncomplete(['clusters']) || isIncomplete(['sources'])) return;
  checkQueries(config, report);
  checkFamilies(config, isGiven, report);
  const { commandConcurrency, workerConcurrency } = chat.limits;
  if (commandConcurrency === 0)
    report.warning({
      path: [...CHAT, 'limits', 'commandConcurrency'],
      what: 'anybody can call the URL, and without a bound calls with a wrong signature take the place of other functions of the account',
      limit: `1 to 100; the account must have ${UNRESERVED} left`,
      value: 0,
    });
  if (workerConcurrency === 0)
    report.warning({
      path: [...CHAT, 'limits', 'workerConcurrency'],
      what: 'without a bound as many queries run at once as people ask; the account has 100 for log alarms and everybody',
      limit: '1 to 100',
      value: 0,
    });
};

function checkPeople({ slack }: Config, report: CheckReport): void {
  const { channels, silencers, users, workspaces } = slack.chat;
  const nobody = (name: string, what: string, limit: string): void => report.warning({ path: [...CHAT, name], what, limit });
  if (workspaces.length === 0) nobody('workspaces', 'no workspace is listed: every call is refused', 'workspaces: [T…]');
  if (channels.length === 0) nobody('channels', 'no channel is listed: every call is refused', 'channels: [C…]');
  if (users.length === 0 && silencers.length === 0)
    nobody('users', 'nobody is listed: every call is refused', 'users: [U…], or [*] for everybody in the channels');
  else if (silencers.length === 0)
    nobody('silencers', 'nobody may silence: the buttons are shown, and refuse everybody', 'silencers: [U…]');
  for (const name of ['users', 'silencers'] as const) {
    const list = slack.chat[name];
    if (!list.includes('*') || list.length === 1) continue;
    nobody(name, '* is everybody in the listed channels; the others say nothing', `${name}: ["*"]`);
  }
}

function checkQueries(config: Config, report: CheckReport): void {
  const { logGroups, queries } = config.slack.chat;
  const names = config.savedQueries.queries.map(({ name }) => name);
  const plans = config.clusters.map((cluster) => planQueries(config, cluster));
  let isMistyped = false;
  for (const [index, pattern] of queries.entries()) {
    if (names.some((name) => matchesWildcard(pattern, name))) continue;
    isMistyped = true;
    const near = nearestName(pattern, names);
    report.problem({
      path: [...CHAT, 'queries', index],
      what: `there is no saved query of this name${near === undefined ? '' : `; did you mean ${near}?`}`,
      limit: 'a name of docs/queries.md, or of queries.folders',
      value: pattern,
    });
  }
  const groups = new Set(plans.flatMap(({ deployed }) => deployed.flatMap(({ logGroupNames }) => logGroupNames)));
  for (const [index, pattern] of logGroups.entries()) {
    if ([...groups].some((group) => matchesWildcard(pattern, group))) continue;
    report.warning({ path: [...CHAT, 'logGroups', index], what: 'no saved query asks such a log group', value: pattern });
  }
  const open = chatRulesFor(config).queries;
  if (open.length === 0 && !isMistyped)
    report.warning({
      path: [...CHAT, 'queries'],
      what: 'no saved query is left that may be run',
      limit: 'queries and logGroups that go together',
    });
  for (const { name, parameters } of open) {
    const taken = parameters.find((parameter) => (RESERVED_WORDS as readonly string[]).includes(parameter.name));
    if (taken === undefined) continue;
    const what = `the parameter ${taken.name} of ${name} cannot be given in a channel: the word means something else there`;
    report.warning({ path: [...CHAT, 'queries'], what, limit: `another name than ${RESERVED_WORDS.join(', ')}` });
  }
}

function checkFamilies(config: Config, isGiven: (path: Path) => boolean, report: CheckReport): void {
  const { families, search, slack } = config;
  const names = families.map(({ name }) => name);
  for (const [index, name] of slack.chat.families.entries()) {
    if (name === '*' || names.includes(name)) continue;
    const near = nearestName(name, names);
    report.problem({
      path: [...CHAT, 'families', index],
      what: `there is no index family of this name${near === undefined ? '' : `; did you mean ${near}?`}`,
      limit: names.join(' '),
      value: name,
    });
  }
  if (slack.chat.families.length > 0 && search.mode === 'none' && isGiven([...CHAT, 'families']))
    report.problem({ path: [...CHAT, 'families'], what: 'there is no search to ask: search.mode is none', limit: 'families: []' });
  const isInside =
    search.mode === 'managed' ? search.domain.vpc !== undefined : search.mode === 'existing' && search.existing.vpc !== undefined;
  if (chatSearches(config) && isInside)
    report.warning({
      path: [...CHAT, 'families'],
      what: 'the domain is in a VPC, so chat-worker runs there too: its subnets need a way to hooks.slack.com and to CloudWatch Logs (a NAT gateway)',
      limit: 'families: [] keeps it outside',
    });
}
