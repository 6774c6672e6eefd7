import type { Explanation } from '../../lambdas/core/alerts/explanation.ts';
import { type Matcher, parseMatcher } from '../../lambdas/core/alerts/matchers.ts';
import type { NotifierRules, ReceiverRule } from '../../lambdas/core/alerts/notifier-rules.ts';
import type { RouteRule } from '../../lambdas/core/alerts/routes.ts';
import type { TimeIntervalRule, TimeSpec } from '../../lambdas/core/alerts/time-intervals.ts';
import { withDefaults } from './alarm-explanations.ts';
import { redactionRules } from './redaction-rules.ts';
import type { Config } from './resolve.ts';

type Slack = Config['slack'];
type RouteConfig = Slack['route']['routes'][number] | Slack['route']['routes'][number]['routes'][number];

/** The rules that alert-notifier carries in its asset; `explanations` are those of the alarms that this app deploys. A config that passed its checks has no bad matcher. */
export function notifierRulesFor(config: Config, explanations: readonly Explanation[] = []): NotifierRules {
  const { account, region, redaction, slack } = config;
  return {
    account,
    region,
    language: slack.language,
    receivers: slack.receivers.map(receiverOf),
    route: rootOf(slack),
    ...(slack.timeIntervals.length === 0 ? {} : { timeIntervals: slack.timeIntervals.map(intervalOf) }),
    inhibit: slack.inhibit.map(({ name, source, target, equal }) => ({
      name,
      source: matchersOf(source),
      target: matchersOf(target),
      equal,
    })),
    owners: slack.owners,
    storm: { messages: slack.storm.messages, windowMs: slack.storm.minutes * 60_000 },
    // What the config says stands before what the catalogue says.
    explanations: [...slack.explain.map((one) => explanationOf(one, config)), ...explanations],
    redaction: redactionRules(redaction),
    ...(slack.approvals.pipelines.length === 0 ? {} : { approvable: slack.approvals.pipelines }),
    isInteractive: slack.chat.enabled,
  };
}

function receiverOf(receiver: Slack['receivers'][number]): ReceiverRule {
  const { channel, graph, mention, name, secretKey, sendResolved, site } = receiver;
  const [kind, secretArn] = kindOf(receiver);
  return {
    name,
    kind,
    secretArn,
    ...(secretKey === undefined ? {} : { secretKey }),
    ...(channel === undefined ? {} : { channel }),
    ...(site === undefined ? {} : { site }),
    sendResolved,
    graph: graph && kind === 'bot',
    mentions: mention,
  };
}

/** What a receiver is and where its secret lies; a config that passed its checks names one place. */
export function kindOf({
  botToken,
  opsgenie,
  pagerDuty,
  webhook,
}: Slack['receivers'][number]): [kind: ReceiverRule['kind'], secretArn: string] {
  if (botToken !== undefined) return ['bot', botToken];
  if (pagerDuty !== undefined) return ['pagerduty', pagerDuty];
  return opsgenie === undefined ? ['webhook', webhook ?? ''] : ['opsgenie', opsgenie];
}

function rootOf({ receivers, route }: Slack): RouteRule {
  const { groupBy, groupIntervalSeconds, groupWaitSeconds, receiver, repeatIntervalMinutes, routes } = route;
  return {
    receiver: receiver ?? receivers[0]?.name ?? '',
    groupBy,
    groupWaitMs: groupWaitSeconds * 1000,
    groupIntervalMs: groupIntervalSeconds * 1000,
    repeatIntervalMs: repeatIntervalMinutes * 60_000,
    routes: routes.map(routeOf),
  };
}

function routeOf(route: RouteConfig): RouteRule {
  const { groupBy, groupIntervalSeconds, groupWaitSeconds, matchers, receiver, repeatIntervalMinutes } = route;
  return {
    ...(receiver === undefined ? {} : { receiver }),
    matchers: matchersOf(matchers),
    continue: route.continue,
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(groupWaitSeconds === undefined ? {} : { groupWaitMs: groupWaitSeconds * 1000 }),
    ...(groupIntervalSeconds === undefined ? {} : { groupIntervalMs: groupIntervalSeconds * 1000 }),
    ...(repeatIntervalMinutes === undefined ? {} : { repeatIntervalMs: repeatIntervalMinutes * 60_000 }),
    ...(route.muteTimeIntervals.length === 0 ? {} : { muteTimes: route.muteTimeIntervals }),
    ...(route.activeTimeIntervals.length === 0 ? {} : { activeTimes: route.activeTimeIntervals }),
    ...('routes' in route ? { routes: route.routes.map(routeOf) } : {}),
  };
}

function intervalOf({ intervals, name }: Slack['timeIntervals'][number]): TimeIntervalRule {
  // Only what is given: an absent list is no restriction.
  const given = (spec: object): TimeSpec => Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined));
  return { name, intervals: intervals.map(given) };
}

function matchersOf(texts: readonly string[]): Matcher[] {
  return texts.flatMap((text) => {
    const parsed = parseMatcher(text);
    return parsed.ok ? [parsed.matcher] : [];
  });
}

function explanationOf(
  { dashboard, logGroups, matchers, owner, query, runbook, showLines }: Slack['explain'][number],
  config: Config,
): Explanation {
  const text = query === undefined ? undefined : queryText(query, config);
  return {
    matchers: matchersOf(matchers),
    ...(logGroups === undefined ? {} : { logGroups }),
    ...(text === undefined ? {} : { query: text }),
    ...(dashboard === undefined ? {} : { dashboard }),
    ...(runbook === undefined ? {} : { runbook }),
    ...(owner === undefined ? {} : { owner }),
    ...(showLines ? { showsLines: true } : {}),
  };
}

/** A saved query by its name, ready to be filled in. Undefined where there is no such query. */
function queryText(name: string, { savedQueries }: Pick<Config, 'savedQueries'>): string | undefined {
  const file = savedQueries.queries.find((query) => query.name === name)?.checked.file;
  return file && withDefaults(file);
}
