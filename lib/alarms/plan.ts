import { parseRule } from '../../lambdas/core/alarms/composite-rule.ts';
import type { AlarmDefinition, CompositeAlarm } from '../../lambdas/core/alarms/definition.ts';
import { planQueries } from '../config/query-plan.ts';
import type { ClusterConfig, Config } from '../config/resolve.ts';
import type { AlarmChange, AlarmConfig, CheckConfig } from '../config/schema-alarms.ts';
import type { AlarmTarget } from './alarm-target.ts';
import { loadCatalogue } from './catalogue.ts';
import { changedAlarm, changedCheck } from './changed.ts';
import { definitionOf } from './definition-of.ts';
import { describeAlarm, tagsOf } from './describe.ts';
import { mutesOf } from './mutes.ts';
import { forNamespaces, type NamespaceCheck, whyNoNamespaces } from './namespaces.ts';
import type { AlarmPlan, LeftOutAlarm, PlannedAlarm } from './planned.ts';
import { deployedRule } from './rules.ts';
import { matchesName, secondsOf } from './spec.ts';
import { fitsVersion, isOfAccount, targetsOf } from './targets.ts';

/** An alarm before it is looked at for a scope: of the catalogue or of one's own, with the changes of the config. */
interface Candidate {
  readonly name: string;
  readonly alarm: AlarmConfig;
  readonly change: AlarmChange | undefined;
}

/** Plans of all scopes: every cluster, then the account. Empty where alarms are switched off. */
export function planAlarms(config: Config): AlarmPlan[] {
  if (!config.alarms.enabled) return [];
  return [...config.clusters.map((cluster) => planScope(config, cluster)), planScope(config, undefined)];
}

/** Decides for each alarm whether a cluster (or without one, the account) gets it, on what, and with which numbers. */
export function planScope(config: Config, cluster: ClusterConfig | undefined): AlarmPlan {
  const planner = new Planner(config, cluster);
  for (const candidate of candidatesOf(config, cluster)) planner.add(candidate);
  planner.addRules();
  return {
    cluster: cluster?.name,
    alarms: planner.alarms,
    leftOut: planner.leftOut,
    mutes: mutesOf(config, cluster?.name, planner.alarms),
  };
}

/** Alarms of the catalogue and of one's own; one's own takes the place of one of the same name. */
function candidatesOf(config: Config, cluster: ClusterConfig | undefined): Candidate[] {
  const all = new Map<string, AlarmConfig>();
  for (const { name, alarm } of loadCatalogue().alarms) all.set(name, alarm);
  for (const [name, alarm] of Object.entries(config.alarms.own)) all.set(name, alarm);
  return [...all]
    .filter(([, alarm]) => isOfAccount(alarm) === (cluster === undefined))
    .map(([name, alarm]) => {
      const given = config.alarms.change[name];
      const isHere = given?.clusters === undefined || (cluster !== undefined && given.clusters.includes(cluster.name));
      const change = isHere ? given : undefined;
      return { name, alarm: changedAlarm(alarm, change), change };
    });
}

class Planner {
  readonly alarms: PlannedAlarm[] = [];
  readonly leftOut: LeftOutAlarm[] = [];
  readonly #config: Config;
  readonly #cluster: ClusterConfig | undefined;
  readonly #queries: ReturnType<typeof planQueries> | undefined;
  readonly #rules: { readonly candidate: Candidate; readonly check: CheckConfig }[] = [];

  constructor(config: Config, cluster: ClusterConfig | undefined) {
    this.#config = config;
    this.#cluster = cluster;
    this.#queries = cluster === undefined ? undefined : planQueries(config, cluster);
  }

  add(candidate: Candidate): void {
    const { name, alarm } = candidate;
    const check = checkFor(this.#config, alarm);
    const leftOut = this.#switchedOff(candidate) ?? this.#impossible(check, alarm);
    if (leftOut !== undefined) this.leftOut.push({ name, ...leftOut });
    else if (check?.rule !== undefined) this.#rules.push({ candidate, check });
    else if (check !== undefined) {
      for (const target of targetsOf(this.#config, this.#cluster, alarm).targets) this.#addFor(candidate, check, target);
    }
  }

  #switchedOff({ name, alarm, change }: Candidate): Omit<LeftOutAlarm, 'name'> | undefined {
    const { disable, own } = this.#config.alarms;
    // It is a list of the catalogue's: one's own are switched off by taking them away.
    const isNamed = !Object.hasOwn(own, name) && disable.some((pattern) => matchesName(pattern, name));
    if (isNamed) return { reason: 'alarms.disable names it', isWanted: true };
    if (!alarm.enabled)
      return {
        reason: change?.enabled === false ? 'alarms.change switches it off' : 'off unless alarms.change switches it on',
        isWanted: true,
      };
    if (!fitsVersion(alarm.kubernetes, this.#cluster?.kubernetesVersion))
      return { reason: `the cluster's version is not ${alarm.kubernetes}`, isWanted: true };
    return undefined;
  }

  #impossible(check: CheckConfig | undefined, alarm: AlarmConfig): Omit<LeftOutAlarm, 'name'> | undefined {
    const { metrics } = this.#config.collection;
    if (check === undefined) return { reason: `collection.metrics is ${metrics}: there are no such metrics`, isWanted: false };
    if (check.rule !== undefined) return undefined;
    const { targets, none } = targetsOf(this.#config, this.#cluster, alarm);
    const reason = targets.length === 0 ? none : this.#missing(check);
    return reason === undefined ? undefined : { reason, isWanted: false };
  }

  /** Why a check has nothing to look at here. */
  #missing(check: CheckConfig): string | undefined {
    if (check.pattern !== undefined && this.#logGroupOf(check.pattern.source) === undefined) return `no source ${check.pattern.source}`;
    if (check.logs === undefined) return undefined;
    const query = this.#queries?.deployed.find(({ name }) => name === check.logs?.query);
    if (query !== undefined) return undefined;
    const reason = this.#queries?.leftOut.find(({ name }) => name === check.logs?.query)?.reason;
    return `the saved query ${check.logs.query} is not deployed${reason === undefined ? '' : `: ${reason}`}`;
  }

  /** The log group of a pattern's source, by its kind or by its name. */
  #logGroupOf(source: string): string | undefined {
    const own = this.#config.sources.filter(({ cluster, logGroup }) => cluster === this.#cluster?.name && !logGroup.endsWith('*'));
    return (own.find(({ name }) => name === source) ?? own.find(({ kind }) => kind === source))?.logGroup;
  }

  #addFor(candidate: Candidate, check: CheckConfig, target: AlarmTarget): void {
    const namespaces = Object.entries(candidate.change?.namespaces ?? {});
    if (namespaces.length === 0 || whyNoNamespaces(check) !== undefined) {
      this.#addOne(candidate, { check, without: [] }, target, undefined);
      return;
    }
    const names = namespaces.map(([name]) => name);
    this.#addOne(candidate, forNamespaces(check, names), target, undefined);
    for (const [namespace, { enabled, severity, owner, ...numbers }] of namespaces) {
      if (!enabled) continue;
      const alarm = { ...candidate.alarm, ...(severity === undefined ? {} : { severity }), ...(owner === undefined ? {} : { owner }) };
      const own = forNamespaces(changedCheck(check, numbers as Parameters<typeof changedCheck>[1]), namespace);
      this.#addOne({ ...candidate, alarm }, own, target, namespace);
    }
  }

  #addOne({ name, alarm }: Candidate, part: NamespaceCheck, target: AlarmTarget, namespace: string | undefined): void {
    const id = [name, target.suffix, namespace].filter((piece) => piece !== undefined && piece !== '').join(':');
    const { check } = part;
    const { definition, filters } = definitionOf({
      ...part,
      id,
      deployedName: this.#deployedName(id),
      scopeName: this.#cluster?.name ?? 'account',
      values: target.values,
      logGroup: check.pattern === undefined ? undefined : this.#logGroupOf(check.pattern.source),
      query: this.#queries?.deployed.find((query) => query.name === check.logs?.query),
    });
    this.#keep({ name, id, alarm, definition, filters, namespace });
  }

  /** A rule is made last, with the names of what is deployed; a rule on rules behind those that it names. */
  addRules(): void {
    let waiting = this.#rules;
    for (let round = 0; waiting.length > 0; round++) {
      const later: typeof waiting = [];
      const waitingNames = new Set(waiting.map(({ candidate }) => candidate.name));
      for (const each of waiting) {
        const rule = parseRule(each.check.rule ?? '');
        const isReady =
          round >= this.#rules.length ||
          ![...waitingNames].some((name) => name !== each.candidate.name && namesIn(each.check.rule ?? '', name));
        if (!isReady) later.push(each);
        else
          this.#addRule(
            each.candidate,
            deployedRule(rule, (name) => this.alarms.filter((one) => one.name === name).map(({ definition }) => definition.name)),
          );
      }
      waiting = later;
    }
    // Who has a rule that tells for it is quiet, if that rule is there.
    for (const [index, planned] of this.alarms.entries()) {
      const teller = planned.alarm.tellBy;
      if (teller !== undefined && this.alarms.some(({ name }) => name === teller)) this.alarms[index] = { ...planned, tells: false };
    }
  }

  #addRule({ name, alarm }: Candidate, rule: string | undefined): void {
    if (rule === undefined) {
      this.leftOut.push({ name, reason: 'too few of the alarms that it watches are deployed', isWanted: false });
      return;
    }
    const suppressor = this.alarms.find((one) => one.name === alarm.suppressor?.alarm);
    const definition: CompositeAlarm = {
      kind: 'composite',
      name: this.#deployedName(name),
      rule,
      ...(alarm.suppressor === undefined || suppressor === undefined
        ? {}
        : {
            suppressor: {
              alarm: suppressor.definition.name,
              waitSeconds: secondsOf(alarm.suppressor.wait),
              extensionSeconds: secondsOf(alarm.suppressor.extension),
            },
          }),
    };
    this.#keep({ name, id: name, alarm, definition, filters: [], namespace: undefined });
  }

  #keep({
    name,
    id,
    alarm,
    definition,
    filters,
    namespace,
  }: Omit<PlannedAlarm, 'severity' | 'owner' | 'tells' | 'namespace'> & { namespace: string | undefined }): void {
    const config = this.#config;
    const cluster = this.#cluster;
    const { severity } = alarm;
    const owner = alarm.owner ?? config.alarms.owner;
    const about = {
      config,
      cluster: cluster?.name,
      name,
      alarm,
      severity,
      owner,
      namespace,
      query: this.#queries?.deployed.find((query) => query.name === alarm.query)?.definitionName,
    };
    const warmUp =
      definition.kind === 'metric' || definition.kind === 'log'
        ? { warmUp: { minutes: Math.max(1, Math.ceil(secondsOf(alarm.warmUp ?? config.alarms.warmUp) / 60)), wholeTime: false } }
        : {};
    const whole: AlarmDefinition = { ...definition, ...warmUp, description: describeAlarm(about), tags: tagsOf(about) };
    this.alarms.push({
      name,
      id,
      alarm,
      severity,
      owner,
      definition: whole,
      filters,
      tells: true,
      ...(namespace === undefined ? {} : { namespace }),
    });
  }

  #deployedName(id: string): string {
    return `${this.#config.prefix}/${this.#cluster?.name ?? 'account'}/${id}`;
  }
}

function namesIn(rule: string, name: string): boolean {
  return new RegExp(`(^|[^\\w-])${name}($|[^\\w-])`).test(rule);
}

/** The check of an alarm that a config uses, whatever its kind; undefined where its profile has none. */
export function checkFor({ collection }: Pick<Config, 'collection'>, alarm: AlarmConfig): CheckConfig | undefined {
  return alarm.check ?? (collection.metrics === 'otel' ? alarm.otel : collection.metrics === 'classic' ? alarm.classic : undefined);
}
