import { excludedTotal, imbalance } from '../../lambdas/core/delivery/counts.ts';
import { counterpartOf } from '../account/counterparts.ts';
import { summarizeAlarms } from '../alarms/summary.ts';
import { summarizeAlerts } from '../alerts/summary.ts';
import { queryDefinitions } from '../queries/definitions.ts';
import { judgeQuery } from '../queries/run-queries.ts';
import { clusterNames } from '../run/clusters.ts';
import { SearchClient } from '../search/client.ts';
import { askQuestions } from '../search/questions.ts';
import { checkRun } from './checks.ts';
import { readDeadLetters } from './dead-letters.ts';
import { percentiles } from './delays.ts';
import { deliveryStreamReports } from './delivery-streams.ts';
import type { Report, ReportInput } from './types.ts';

/** Asks the engine and adds everything up. */
export async function buildReport(input: ReportInput): Promise<Report> {
  const { account, clock, ledger, metrics, search, store } = input;
  const hasEngine = search.kind === 'engine';
  const client = new SearchClient(search.url);
  if (hasEngine) await client.refresh('*');
  const indices = hasEngine ? await newDocuments(client, input.baseline) : new Map(search.fileCounts?.() ?? []);
  const continuations = hasEngine ? await client.continuationCounts('*') : new Map<string, number>();
  // CloudWatch's test message belongs to no source.
  const sources = [...metrics.bySource]
    .filter(([, counts]) => counts.received > 0)
    .map(([source, counts]) => ({
      source,
      counts,
      excludedTotal: excludedTotal(counts),
      unaccounted: imbalance(counts),
    }));
  const letters = readDeadLetters(store);
  const checks = checkRun(input, sources, indices, letters);
  return {
    ok: checks.every(({ ok }) => ok),
    config: input.config,
    search: { what: search.what, kind: search.kind, url: search.url, ...(search.reason === undefined ? {} : { reason: search.reason }) },
    runTime: {
      from: new Date(input.startMs).toISOString(),
      to: new Date(clock.now()).toISOString(),
      skippedHours: Math.round(clock.skippedMs / 3_600_000),
    },
    machineSeconds: {
      synth: seconds(input.synthesized.machineMs),
      isSynthCached: input.synthesized.isCached,
      searchStart: seconds(search.startMs),
      feed: seconds(input.feedMachineMs),
      total: seconds(input.totalMachineMs),
    },
    groups: [...ledger.groups].map(([logGroup, counts]) => ({ logGroup, ...counts })),
    filters: [...ledger.filters.values()],
    sources,
    controlMessages: [...metrics.bySource.values()].reduce((sum, counts) => sum + counts.controlMessages, 0),
    indices: [...indices]
      .filter(([, documents]) => documents > 0)
      .map(([index, documents]) => ({ index, documents, continuations: continuations.get(index) ?? 0 })),
    delays: percentiles(ledger.delays),
    deliveryStreams: deliveryStreamReports(input),
    redelivery: input.redelivery,
    deadLetters: tally(letters.map(({ source, reason }) => ({ source, reason }))),
    functions: [...account.functions.values()].map(({ spec, usage }) => ({
      name: spec.name,
      ...usage,
      initCpuMs: Math.round(usage.initCpuMs),
      busyMs: Math.round(usage.busyMs),
      memoryMb: spec.memoryMb,
    })),
    schedules: input.scheduled.runner.schedules.map((schedule) => ({
      rule: schedule.rule.path,
      expression: schedule.expression,
      function: account.host(input.resolver, schedule.functionArn).spec.name,
      starts: input.scheduled.runner.starts.get(schedule) ?? 0,
    })),
    searches: hasEngine ? await askQuestions(client) : [],
    savedQueries: queryDefinitions(input.resolver).map((definition) => judgeQuery(definition, input.events.files, clock.now())),
    alarms: summarizeAlarms(input.alarms),
    alerts: summarizeAlerts(input.alerts),
    customResources: input.customRuns,
    notRun: notRun(input),
    checks,
  };
}

async function newDocuments(client: SearchClient, baseline: ReadonlyMap<string, number>): Promise<Map<string, number>> {
  const counts = await client.documentCounts('*');
  return new Map([...counts].map(([index, count]) => [index, count - (baseline.get(index) ?? 0)]));
}

/** Everything that a deploy would have and this machine has not, each with its reason. */
function notRun(input: ReportInput): Report['notRun'] {
  const counted = new Map<string, { what: string; count: number; reason: string }>();
  const add = (what: string, reason: string, count = 1): void => {
    const entry = counted.get(`${what} ${reason}`) ?? { what, count: 0, reason };
    entry.count += count;
    counted.set(`${what} ${reason}`, entry);
  };
  for (const { type } of input.resolver.inventory()) {
    const { isWired, note } = counterpartOf(type);
    if (!isWired) add(type, note);
  }
  for (const { path, outcome } of input.customRuns) if (outcome.kind === 'skipped') add(`custom resource ${path}`, outcome.reason);
  for (const { path, reason } of input.scheduled.idle) add(`rule ${path}`, reason);
  if (input.search.kind === 'engine') {
    add(
      'index state management (ISM policies)',
      'the open source engine of the local run has no such plugin; a deploy creates the policies',
    );
    add('security (roles, role mapping, sign-in)', 'the open source engine of the local run has no such plugin; a deploy maps the roles');
  } else {
    add('search, index templates, ISM policies, security', input.search.reason ?? 'there is no engine');
  }
  for (const cluster of unfedClusters(input))
    add(
      `cluster ${cluster}`,
      'nothing was sent to its log groups: the samples are of one cluster, and the first one of the config gets them',
    );
  const unanswered = Map.groupBy(summarizeAlarms(input.alarms)?.unanswered ?? [], ({ reason }) => reason);
  for (const [reason, alarms] of unanswered) add('alarms', `${reason}: ${alarms.map(({ alarm }) => alarm).join(', ')}`, alarms.length);
  for (const call of input.apis.unknownCalls) add(`API call ${call}`, 'a function made it; nothing here answers it');
  return [...counted.values()];
}

/** Clusters whose groups a subscription takes, and that got no event in this run. */
function unfedClusters(input: ReportInput): string[] {
  const fed = [...input.ledger.groups.keys()];
  return clusterNames(input).filter((cluster) => !fed.some((group) => group.split('/').includes(cluster)));
}

function tally(entries: readonly { readonly source: string; readonly reason: string }[]): Report['deadLetters'] {
  const counted = new Map<string, { source: string; reason: string; events: number }>();
  for (const { source, reason } of entries) {
    const entry = counted.get(`${source} ${reason}`) ?? { source, reason, events: 0 };
    entry.events++;
    counted.set(`${source} ${reason}`, entry);
  }
  return [...counted.values()];
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
