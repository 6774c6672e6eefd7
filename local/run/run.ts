import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { AccessLogRules } from '../../lambdas/core/access-logs/rules.ts';
import { logGroupOf } from '../../lib/config/log-groups.ts';
import { drainAll } from '../account/scheduled.ts';
import { takesGroup } from '../account/subscriptions.ts';
import { MACHINE_CLOCK, type MachineClock } from '../clock/run-clock.ts';
import { type AccessLogFile, accessLogFiles } from '../feed/access-logs.ts';
import { firstEventTime, startFeed } from '../feed/feeder.ts';
import { scenarioSources } from '../feed/scenario.ts';
import { type FeedSource, groupsOf, sampleSources } from '../feed/sources.ts';
import { buildReport } from '../report/build.ts';
import type { Report } from '../report/types.ts';
import { BucketStore } from '../s3/bucket-store.ts';
import { synthesize } from '../synth/synthesize.ts';
import { clusterOf } from './clusters.ts';
import { emptyFolder, inputSource, runConfig, scenarioFolder } from './input.ts';
import type { RunOptions } from './options.ts';
import { type SearchTarget, startSearchTarget } from './search-target.ts';
import type { StatePaths } from './state.ts';
import { emptyStatus, type Phase, type RunStatus, refreshStatus } from './status.ts';
import { wireRun } from './wire-run.ts';
import type { Wired } from './wired.ts';

/** What a run needs besides its options. */
export interface RunEnvironment {
  /** Directory of this repository. */
  readonly root: string;
  readonly paths: StatePaths;
  readonly env: NodeJS.ProcessEnv;
  /** @default the machine's */
  readonly machine?: MachineClock;
  /** Variables added to every function: a test shifts the machine's clock with one. */
  readonly functionEnvironment?: { readonly [name: string]: string };
  /** Directory of the recorded files. @default samples */
  readonly samples?: string;
  /** Starts the search. @default - the real engine, or what stands in for it where there is no Java */
  readonly startSearch?: () => Promise<SearchTarget>;
  /** Called whenever the status changed. */
  readonly onStatus?: (status: RunStatus) => void;
}

/** How long the news of an engine's end may take, machine ms. */
const DEATH_NEWS_MS = 300;

/** One local run, from the synth to the report. Everything it starts is ended by `stop`. */
export class LocalRun {
  readonly status: RunStatus = emptyStatus();
  readonly #options: RunOptions;
  readonly #environment: RunEnvironment;
  readonly #machine: MachineClock;
  readonly #closers: (() => Promise<void> | void)[] = [];
  readonly #begunMs: number;
  #wired: Wired | undefined;
  readonly #ending = new AbortController();
  #mayBreak = false;
  #stopping: Promise<void> | undefined;
  #break: (cause: Error) => void = () => {};
  /** Resolves with the cause when the run cannot go on, at any time: its engine ended. */
  readonly broken = new Promise<Error>((resolve) => {
    this.#break = resolve;
  });

  constructor(options: RunOptions, environment: RunEnvironment) {
    this.#options = options;
    this.#environment = environment;
    this.#machine = environment.machine ?? MACHINE_CLOCK;
    this.#begunMs = this.#machine.elapsedMs();
  }

  /** The engine or what stands in for it, once it runs. */
  get search(): SearchTarget | undefined {
    return this.#wired?.search;
  }

  /** The wired account, once it is. */
  get wired(): Wired | undefined {
    return this.#wired;
  }

  /** Starts everything, sends the files, and makes the report. */
  async execute(): Promise<Report> {
    try {
      return await Promise.race([this.#work(), this.broken.then((cause) => Promise.reject(cause))]);
    } catch (error) {
      // A refused connection is often heard of before the end of the engine, which is its cause.
      const cause = this.#mayBreak ? await Promise.race([this.broken, this.#machine.sleep(DEATH_NEWS_MS)]) : undefined;
      const failure = cause ?? error;
      this.#tell('failed', failure instanceof Error ? failure.message : String(failure));
      throw failure;
    }
  }

  async #work(): Promise<Report> {
    const { paths } = this.#environment;
    const wired = await this.#start();
    this.#wired = wired;
    const sources = await this.#sources(clusterOf(wired));
    this.#tell('feeding', `sending ${sources.length} files`);
    this.status.files = sources.map(({ file, logStream }) => ({ file: relative(this.#environment.root, file), logStream, events: 0 }));
    const feedBegan = this.#machine.elapsedMs();
    const files = this.#accessLogs(wired);
    await this.#feed(wired, sources, files);
    const feedMs = this.#machine.elapsedMs() - feedBegan;
    const before = { indexed: wired.metrics.indexedTotal(), duplicates: wired.metrics.duplicateTotal() };
    this.#tell('redelivering', 'sending a few payloads a second time');
    const redelivered = wired.forwarder.redeliver() + this.#putFiles(wired, files, true);
    await drainAll(wired);
    this.#tell('reporting', 'asking the search');
    const report = await buildReport({
      ...wired,
      config: this.#options.config,
      redelivery: { events: redelivered, newDocuments: wired.metrics.indexedTotal() - before.indexed },
      duplicatesBefore: before.duplicates,
      feedMachineMs: feedMs,
      totalMachineMs: this.#machine.elapsedMs() - this.#begunMs,
    });
    writeFileSync(paths.report, `${JSON.stringify(report, null, 2)}\n`);
    this.#tell('done', '');
    return report;
  }

  /** Puts further events (of a watched file) at the time the run would have by now, and waits until they are delivered. */
  async deliver(
    logGroup: string,
    logStream: string,
    events: readonly { readonly timestamp: number; readonly message: string }[],
  ): Promise<void> {
    const wired = this.#wired;
    if (!wired || events.length === 0) return;
    const { clock, ledger, forwarder } = wired;
    const source: FeedSource = {
      file: logStream,
      logGroup,
      logStream,
      async *events() {
        yield* events;
      },
    };
    await startFeed([source], {
      clock,
      ledger,
      put: (group, stream, batch) => forwarder.put(group, stream, batch),
      onBatch: () => this.#update(),
    });
    await drainAll(wired);
    this.#update();
  }

  /** Says that the files are followed from now on. */
  watch(): void {
    this.#tell('watching', '');
  }

  /** Ends what the run started: functions, engine, servers. May be called at any time, and twice. */
  stop(): Promise<void> {
    this.#ending.abort();
    this.#stopping ??= this.#close();
    return this.#stopping;
  }

  async #close(): Promise<void> {
    this.#wired?.clock.stop();
    const results = await Promise.allSettled(
      this.#closers
        .splice(0)
        .reverse()
        .map(async (close) => close()),
    );
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  }

  async #start(): Promise<Wired> {
    const { root, paths, env, functionEnvironment } = this.#environment;
    const configFile = runConfig(this.#options, root, paths.base);
    this.#tell('starting', 'synthesizing the app and starting the search');
    // The two longest steps need nothing of each other; the first failure ends the run, and the other is ended with it.
    const [synthesized, search] = await Promise.all([
      synthesize({ root, configFile, stateDirectory: paths.base, onChild: (child) => this.#closers.push(() => child.kill()) }),
      this.#keep(
        this.#environment.startSearch?.() ?? startSearchTarget(paths, env, (step) => this.#tell('starting', step), this.#ending.signal),
      ),
    ]);
    if (this.#ending.signal.aborted) throw new Error('the run was ended');
    this.status.search = search.what;
    const wired = await wireRun({
      ...{ synthesized, search, root, paths, env: functionEnvironment ?? {}, machine: this.#machine },
      ...(this.#options.speed === undefined ? {} : { speed: this.#options.speed }),
      // The time of a file's first event does not hang on the group that it goes to.
      startMs: (await firstEventTime(await this.#sources(''))) ?? 0,
      store: new BucketStore(this.#options.archive === undefined ? paths.buckets : emptyFolder(this.#options.archive, root)),
      keepServer: (starting) => this.#keepServer(starting),
      onClose: (close) => this.#closers.push(close),
      tell: (step) => this.#tell('starting', step),
      onMetrics: () => this.#update(),
    });
    return wired;
  }

  async #sources(cluster: string): Promise<FeedSource[]> {
    const events = logGroupOf('events', cluster);
    const takesEvents = this.#wired?.forwarder.subscriptions.some((subscription) => takesGroup(subscription, events)) === true;
    const groups = { ...groupsOf(cluster), ...(takesEvents ? { events } : {}) };
    const sources = await sampleSources(this.#environment.samples ?? join(this.#environment.root, 'samples'), groups);
    const { scenario } = this.#options;
    if (scenario !== undefined) sources.push(...(await scenarioSources(scenarioFolder(scenario, this.#environment.root), cluster)));
    const startMs = (await firstEventTime(sources)) ?? 0;
    for (const file of this.#options.input) sources.push(inputSource(resolve(this.#environment.root, file), groups.application, startMs));
    return sources;
  }

  /** Access log files of the samples, for the sources that the function's own rules name; none where there is no such function. */
  #accessLogs({ account }: Wired): AccessLogFile[] {
    const directory = this.#environment.samples ?? join(this.#environment.root, 'samples');
    for (const { spec } of account.functions.values()) {
      const file = join(spec.assetDirectory, 'access-logs.json');
      if (existsSync(file)) return accessLogFiles(directory, JSON.parse(readFileSync(file, 'utf8')) as AccessLogRules);
    }
    return [];
  }

  /** Puts the files when their service would. The second time only their events come again, of the first two. Returns the lines of what came again. */
  #putFiles({ account, clock }: Wired, files: readonly AccessLogFile[], isRedelivery: boolean): number {
    const put = isRedelivery ? files.slice(0, 2) : files;
    for (const { bucket, key, body, lines, deliveredMs } of put)
      clock.at(deliveredMs, () => void account.messages.putObject(bucket, key, body, lines, isRedelivery));
    return isRedelivery ? put.reduce((sum, { lines }) => sum + lines, 0) : 0;
  }

  async #feed(wired: Wired, sources: readonly FeedSource[], files: readonly AccessLogFile[]): Promise<void> {
    const { clock, ledger, forwarder } = wired;
    this.#putFiles(wired, files, false);
    const progress = new Map(sources.map((source, at) => [source, this.status.files[at]]));
    await startFeed(sources, {
      clock,
      ledger,
      put: (group, stream, events) => forwarder.put(group, stream, events),
      onBatch: (source, events) => {
        const file = progress.get(source);
        if (file) file.events += events;
        this.#update();
      },
    });
    await drainAll(wired);
    if (this.#ending.signal.aborted) throw new Error('the run was ended');
  }

  async #keep(starting: Promise<SearchTarget>): Promise<SearchTarget> {
    // Even if the run is ended meanwhile: an engine that comes up later is stopped as soon as it is there.
    this.#closers.push(() =>
      starting.then(
        (target) => target.stop(),
        () => undefined,
      ),
    );
    const target = await starting;
    this.#mayBreak = target.died !== undefined;
    void target.died?.then(this.#break);
    return target;
  }

  async #keepServer<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
    const server = await starting;
    this.#closers.push(() => server.close());
    return server;
  }

  #tell(phase: Phase, step: string): void {
    this.status.phase = phase;
    this.status.step = step;
    this.#update();
  }

  #update(): void {
    if (this.#wired) refreshStatus(this.status, this.#wired);
    this.#environment.onStatus?.(this.status);
  }
}
