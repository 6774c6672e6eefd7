import { parseMatcher } from '../../../lambdas/core/alerts/matchers.ts';
import { nearestName } from '../nearest-name.ts';
import type { Path } from '../problems.ts';
import type { Config } from '../resolve.ts';
import { checkChannels } from './channels.ts';
import { type Check, type CheckReport, reportDuplicates } from './context.ts';

type Slack = Config['slack'];
const SLACK = ['slack'];

/** Messages to Slack: receivers, routes, matchers, inhibition, explanations. */
export const checkSlack: Check = ({ config, isIncomplete }, report) => {
  const { slack } = config;
  if (isIncomplete(SLACK) || !slack.enabled) return;
  checkReceivers(config, report);
  checkRoutes(slack, report);
  checkInhibition(slack, report);
  checkExplanations(config, report);
  checkChannels(config, report);
  checkPublishers(config, report);
  if (slack.operatorEmail === undefined && slack.receivers.length > 0) {
    const what = 'nobody hears when Slack does not take messages: an alarm on them can only go by e-mail';
    report.warning({ path: SLACK, what, limit: 'operatorEmail: name@example.com' });
  }
};

/** Who may not publish is refused by the topic, and the refusal stands in no log: what should arrive is missed, and nobody knows. */
function checkPublishers({ alarms, slack }: Config, report: CheckReport): void {
  const path: Path = ['slack', 'publishers'];
  if (slack.publishers.length === 0)
    report.problem({ path, what: 'topics that nobody may publish to', limit: 'cloudwatch, and others', value: [] });
  else if (alarms.enabled && !slack.publishers.includes('cloudwatch'))
    report.problem({ path, what: 'alarms are deployed, and none of them may publish: add cloudwatch', limit: 'cloudwatch' });
}

function checkReceivers({ account, region, slack }: Config, report: CheckReport): void {
  // E-mails and Amazon Q stand on the topics alone.
  if (slack.receivers.length === 0 && slack.emails.length + slack.amazonQ.length > 0) return;
  if (slack.receivers.length === 0) {
    report.problem({
      path: SLACK,
      what: 'there is nobody to tell: add receivers',
      limit: '- { name, webhook }, - { name, botToken, channel } or - { name, pagerDuty }',
    });
    return;
  }
  const path = (index: number, ...rest: string[]): Path => ['slack', 'receivers', index, ...rest];
  reportDuplicates(
    slack.receivers,
    { key: ({ name }) => name, path: (index) => path(index, 'name'), what: 'two receivers have this name' },
    report,
  );
  for (const [index, receiver] of slack.receivers.entries()) {
    const { botToken, channel, opsgenie, pagerDuty, sendResolved, site, webhook } = receiver;
    const places = Object.entries({ webhook, botToken, pagerDuty, opsgenie }).filter(([, place]) => place !== undefined);
    if (places.length !== 1)
      report.problem({
        path: path(index),
        what: 'a receiver has one of webhook, botToken, pagerDuty, opsgenie',
        limit: 'one of them',
        value: receiver.name,
      });
    if (botToken !== undefined && channel === undefined)
      report.problem({
        path: path(index),
        what: 'a bot needs to know its channel: add channel',
        limit: 'C…, at the end of the channel’s link',
      });
    if (botToken === undefined && channel !== undefined)
      report.problem({
        path: path(index, 'channel'),
        what: 'a webhook always posts to the channel that it was made for, and a pager has none; remove channel',
        value: channel,
      });
    const isPager = pagerDuty !== undefined || opsgenie !== undefined;
    if (site !== undefined && (!isPager || (site === 'jsm' && opsgenie === undefined)))
      report.problem({
        path: path(index, 'site'),
        what: 'only opsgenie has jsm, and only pagers have a site',
        limit: 'us, eu',
        value: site,
      });
    if (isPager && !sendResolved)
      report.problem({
        path: path(index, 'sendResolved'),
        what: 'an incident that nobody closes stays open, and the next one is part of it',
        limit: 'true',
      });
    const [field, arn] = places[0] ?? [];
    if (field === undefined || arn === undefined) continue;
    const [, , , arnRegion, arnAccount] = arn.split(':');
    if (arnRegion !== region || arnAccount !== account) {
      const what = 'the secret lies in another account or Region: the function reads it there, and that account’s policy must allow it';
      report.warning({
        path: path(index, field),
        what,
        limit: `${region}, ${account}`,
        value: arn,
      });
    }
  }
}

function checkRoutes(slack: Slack, report: CheckReport): void {
  const names = slack.receivers.map(({ name }) => name);
  const used = new Set<string>();
  const checkReceiver = (name: string | undefined, path: Path): void => {
    if (name === undefined) return;
    used.add(name);
    if (names.includes(name)) return;
    const near = nearestName(name, names);
    report.problem({
      path,
      what: `no receiver has this name${near === undefined ? '' : `; did you mean ${near}?`}`,
      limit: names.join(' '),
      value: name,
    });
  };
  const { receiver = names[0], routes } = slack.route;
  if (receiver === undefined && routes.length > 0) checkReceiver('', ['slack', 'route', 'routes']);
  checkReceiver(receiver, ['slack', 'route', 'receiver']);
  const checkTimes = (
    route: { groupIntervalSeconds?: number | undefined; repeatIntervalMinutes?: number | undefined },
    path: Path,
  ): void => {
    const interval = route.groupIntervalSeconds ?? slack.route.groupIntervalSeconds;
    const repeat = (route.repeatIntervalMinutes ?? slack.route.repeatIntervalMinutes) * 60;
    if (repeat >= interval) return;
    const what = 'groups are looked at each groupIntervalSeconds, so they cannot be told again sooner';
    report.warning({ path: [...path, 'repeatIntervalMinutes'], what, limit: `at least ${Math.ceil(interval / 60)}`, value: repeat / 60 });
  };
  checkTimes(slack.route, ['slack', 'route']);
  const walk = (list: Slack['route']['routes'], path: Path): void => {
    let catchAll: number | undefined;
    for (const [index, route] of list.entries()) {
      const at = [...path, index];
      checkReceiver(route.receiver, [...at, 'receiver']);
      checkMatchers(route.matchers, [...at, 'matchers'], report);
      checkTimes(route, at);
      if (catchAll !== undefined)
        report.problem({
          path: at,
          what: `no alert gets here: route ${catchAll + 1} before it takes all`,
          limit: 'matchers, or continue: true, there',
        });
      if (route.matchers.length === 0 && !route.continue) catchAll ??= index;
      if (route.routes !== undefined) walk(route.routes as Slack['route']['routes'], [...at, 'routes']);
    }
  };
  walk(routes, ['slack', 'route', 'routes']);
  for (const [index, name] of names.entries()) {
    if (!used.has(name))
      report.warning({ path: ['slack', 'receivers', index, 'name'], what: 'no route leads to this receiver', value: name });
  }
}

function checkInhibition({ inhibit }: Slack, report: CheckReport): void {
  const path = (index: number, ...rest: string[]): Path => ['slack', 'inhibit', index, ...rest];
  reportDuplicates(inhibit, { key: ({ name }) => name, path: (index) => path(index, 'name'), what: 'two rules have this name' }, report);
  for (const [index, rule] of inhibit.entries()) {
    checkMatchers(rule.source, path(index, 'source'), report);
    checkMatchers(rule.target, path(index, 'target'), report);
    if (rule.equal.length === 0) {
      const what = 'without equal one source anywhere silences every target, those of other clusters too';
      report.warning({ path: path(index), what, limit: 'equal: [cluster, …]', value: rule.name });
    }
  }
}

function checkExplanations({ savedQueries, slack }: Config, report: CheckReport): void {
  const names = savedQueries.queries.map(({ name }) => name);
  for (const [index, explanation] of slack.explain.entries()) {
    const path = ['slack', 'explain', index];
    checkMatchers(explanation.matchers, [...path, 'matchers'], report);
    const { logGroups, query, showLines } = explanation;
    if (query !== undefined && !names.includes(query)) {
      const near = nearestName(query, names);
      report.problem({
        path: [...path, 'query'],
        what: `there is no saved query of this name${near === undefined ? '' : `; did you mean ${near}?`}`,
        value: query,
      });
    }
    if (query !== undefined && logGroups === undefined)
      report.problem({
        path,
        what: 'a query needs log groups to ask: add logGroups',
        limit: 'such as /aws/containerinsights/{cluster}/application',
      });
    if (query === undefined && (logGroups !== undefined || showLines))
      report.problem({ path, what: 'log groups without a question: add query', limit: 'the name of a saved query (query --list)' });
  }
}

function checkMatchers(texts: readonly string[], path: Path, report: CheckReport): void {
  for (const [index, text] of texts.entries()) {
    const parsed = parseMatcher(text);
    if (!parsed.ok)
      report.problem({
        path: [...path, index],
        what: parsed.reason,
        limit: 'label="value", != for not, =~ and !~ for expressions',
        value: text,
      });
  }
}
