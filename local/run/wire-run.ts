import { appendFileSync } from 'node:fs';
import { LocalAccount } from '../account/account.ts';
import { createCustomResources, readsSearch } from '../account/custom-resources.ts';
import { Forwarder } from '../account/forwarder.ts';
import { Ledger } from '../account/ledger.ts';
import { MetricsLog } from '../account/metrics.ts';
import { wireSchedules } from '../account/scheduled.ts';
import { AlarmRun } from '../alarms/alarm-run.ts';
import { AlertRun } from '../alerts/alert-run.ts';
import { AlertServices } from '../alerts/services.ts';
import { type SendMessage, serveApis } from '../aws/api-server.ts';
import { EksApi } from '../aws/eks-api.ts';
import { serveLambda } from '../aws/lambda-server.ts';
import { LogsApi } from '../aws/logs-api.ts';
import { generatedSecrets } from '../aws/secrets.ts';
import { ChatRun } from '../chat/chat-run.ts';
import { type MachineClock, RunClock } from '../clock/run-clock.ts';
import { EventStore } from '../logs/event-store.ts';
import { QueryApi } from '../queries/query-api.ts';
import type { BucketStore } from '../s3/bucket-store.ts';
import { serveBuckets } from '../s3/server.ts';
import { SearchClient } from '../search/client.ts';
import type { Synthesized } from '../synth/synthesize.ts';
import { readAssembly } from '../template/assembly.ts';
import { resourceName } from '../template/attributes.ts';
import { type CustomResult, Resolver } from '../template/resolver.ts';
import { clustersOf } from './clusters.ts';
import type { SearchTarget } from './search-target.ts';
import type { StatePaths } from './state.ts';
import type { Wired } from './wired.ts';

/** What a run's account is wired from. */
export interface WireParts {
  readonly synthesized: Synthesized;
  readonly search: SearchTarget;
  /** Directory of this repository. */
  readonly root: string;
  readonly paths: StatePaths;
  /** Variables added to every function. */
  readonly env: { readonly [name: string]: string };
  readonly machine: MachineClock;
  /** Run seconds per machine second. @default - as fast as possible */
  readonly speed?: number;
  /** Where the run's clock begins, ms since the epoch. */
  readonly startMs: number;
  readonly store: BucketStore;
  /** Waits for a server, which ends with the run. */
  readonly keepServer: <T extends { close(): Promise<void> }>(starting: Promise<T>) => Promise<T>;
  /** Has something done when the run ends. */
  readonly onClose: (close: () => Promise<void> | void) => void;
  readonly tell: (step: string) => void;
  readonly onMetrics: () => void;
}

/** Makes the account of the synthesized templates: its services, custom resources, functions and routes, alarms, messages and chat. */
export async function wireRun(parts: WireParts): Promise<Wired> {
  const { keepServer, machine, paths, root, search, startMs, store, synthesized } = parts;
  const assembly = readAssembly(synthesized.directory);
  const { account: accountId, region } = assembly.stacks[0] ?? { account: '', region: '' };
  const resolver = new Resolver(assembly);
  const clock = new RunClock(startMs, machine, parts.speed);
  const logs = new LogsApi(accountId, region);
  for (const bucket of resolver.resources((type) => type === 'AWS::S3::Bucket')) store.create(resourceName(bucket));
  for (const group of resolver.resources((type) => type === 'AWS::Logs::LogGroup')) logs.group(resourceName(group));
  const eks = new EksApi(clustersOf(resolver), () => clock.now());
  const s3 = await keepServer(serveBuckets(store));
  let sendMessage: SendMessage = () => false;
  const events = new EventStore(paths.logGroups);
  const queries = new QueryApi({
    account: accountId,
    files: events.files,
    hasGroup: (name) => logs.groups.has(name),
    now: () => clock.now(),
  });
  const apis = await keepServer(
    serveApis(
      logs,
      eks,
      (url, body) => sendMessage(url, body),
      (action, body) => queries.answer(action, body),
      { putRecords: (name, data) => account.putRecords(name, data) },
    ),
  );
  const lambda = await keepServer(
    serveLambda(
      (name, event) => account.invoke(wiredResolver, name, event),
      (name, event) => account.invokeLater(wiredResolver, name, event),
    ),
  );
  const ledger = new Ledger();
  const metrics = new MetricsLog(paths.metrics);
  const alertServices = await keepServer(AlertServices.start(() => clock.now()));
  const account: LocalAccount = new LocalAccount({
    ...{ clock, machine, assembly, store, logs, events, ledger, metrics, root },
    endpoints: { search: search.url, s3: s3.url, lambda: lambda.url, aws: apis.url },
    functionEnvironment: { ...alertServices.environment, ...parts.env },
    onLine: (name, line) => appendFileSync(paths.functionLog, `${new Date(clock.now()).toISOString()} ${name} ${line}\n`),
    onMetrics: parts.onMetrics,
  });
  parts.onClose(() => account.stop());
  sendMessage = (url, body) => account.messages.send(url, body);
  logs.onEvents = (group, stream, lines) =>
    events.put(
      group,
      stream,
      lines.map((line, at) => ({ ...line, id: `${stream}-${line.timestamp}-${at}` })),
    );
  parts.tell('creating the custom resources');
  const results = new Map<string, CustomResult>();
  const customRuns = await createCustomResources(account, resolver, results, (resource) =>
    search.kind === 'files' && readsSearch(account, resolver, resource.properties) ? 'there is no engine to set up' : undefined,
  );
  const wiredResolver = new Resolver(assembly, results);
  account.wire(wiredResolver);
  const made = generatedSecrets(wiredResolver);
  const alerts = await AlertRun.wire(account, wiredResolver, alertServices);
  const given = alertServices.hooks.secret;
  alertServices.hooks.secret = (place) => made.get(place) ?? given(place);
  const chat = await ChatRun.wire(account, wiredResolver, alertServices);
  if (chat !== undefined) parts.onClose(() => chat.close());
  const publish = (topicArn: string, message: string, subject: string) => alerts?.publish(topicArn, message, subject);
  const alarms = AlarmRun.wire(wiredResolver, { clock, account: accountId, region, startMs, publish });
  events.onPut = (group, stream, stored) => alarms?.take(group, stream, stored);
  const forwarder = new Forwarder(account, wiredResolver, accountId);
  const fed = forwarder.selfFed();
  if (fed.length > 0)
    throw new Error(`the account's subscription takes the pipeline's own logs (${fed.join(', ')}): it would feed itself without end`);
  const baseline = search.kind === 'engine' ? await new SearchClient(search.url).documentCounts('*') : new Map<string, number>();
  return {
    account,
    alarms,
    alerts,
    apis,
    baseline,
    chat,
    clock,
    customRuns,
    events,
    forwarder,
    ledger,
    logs,
    metrics,
    resolver: wiredResolver,
    scheduled: wireSchedules(account, wiredResolver, alerts !== undefined),
    startMs,
    search,
    store,
    synthesized,
  };
}
