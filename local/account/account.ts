import { join } from 'node:path';
import type { EmfCounts } from '../../lambdas/core/reconcile/emf.ts';
import type { LogsApi } from '../aws/logs-api.ts';
import type { MachineClock, RunClock } from '../clock/run-clock.ts';
import type { DeliveryStream } from '../firehose/delivery-stream.ts';
import { wireDeliveryStream } from '../firehose/wire.ts';
import { EventSourceMapping } from '../kinesis/mapping.ts';
import { type FailureObject, kinesisFailureObject as kinesisObject } from '../kinesis/records.ts';
import { KinesisStream } from '../kinesis/stream.ts';
import { AsyncQueue, asyncFailureObject as asyncObject } from '../lambda/async-queue.ts';
import { FunctionHost, type InvocationResult } from '../lambda/function-host.ts';
import type { EventStore } from '../logs/event-store.ts';
import type { BucketStore } from '../s3/bucket-store.ts';
import type { Assembly } from '../template/assembly.ts';
import { resourceArn, uuidOf } from '../template/attributes.ts';
import type { Resolver, Resource } from '../template/resolver.ts';
import { Aside } from './aside.ts';
import { keepFunctionLog } from './function-log.ts';
import { type Endpoints, planFunction, runtimeEnvironment } from './function-specs.ts';
import type { Ledger, Shipment } from './ledger.ts';
import { MessageQueues } from './message-queues.ts';
import type { MetricsLog } from './metrics.ts';
import { readAsyncSpec, readMappingSpec, readStreamSpec } from './specs.ts';

/** What an account is made of. */
export interface AccountParts {
  readonly clock: RunClock;
  readonly machine: MachineClock;
  readonly assembly: Assembly;
  readonly store: BucketStore;
  readonly logs: LogsApi;
  readonly ledger: Ledger;
  readonly metrics: MetricsLog;
  readonly endpoints: Endpoints;
  /** Keeps the events of the log groups. @default - they are not kept */
  readonly events?: EventStore;
  /** Directory of this repository: the functions' runtime lies in it. */
  readonly root: string;
  /** Variables added to every function: a test shifts the machine's clock with one. */
  readonly functionEnvironment?: { readonly [name: string]: string };
  /** Told about every line that is no metric, and about every metric. */
  readonly onLine?: (functionName: string, line: string) => void;
  readonly onMetrics?: (metrics: EmfCounts) => void;
}

/** The account on this machine: functions, streams, mappings and queues, as the templates say. */
export class LocalAccount {
  readonly parts: AccountParts;
  readonly functions = new Map<string, FunctionHost>();
  readonly streams = new Map<string, KinesisStream<Shipment>>();
  readonly queues = new Map<string, AsyncQueue<Shipment>>();
  readonly mappings: EventSourceMapping<Shipment>[] = [];
  readonly messages: MessageQueues;
  /** By ARN. */
  readonly deliveryStreams = new Map<string, DeliveryStream<Shipment>>();
  readonly #aside = new Aside();
  #requests = 0;
  #isStopped = false;

  constructor(parts: AccountParts) {
    this.parts = parts;
    this.messages = new MessageQueues(parts);
  }

  /** Makes what the resources describe. Functions start with their first invocation. */
  wire(resolver: Resolver): void {
    const resources = resolver.resources((type) => WIRED_TYPES.has(type));
    const ofType = (type: string): Resource[] => resources.filter((resource) => resource.type === type);
    for (const resource of ofType('AWS::Kinesis::Stream')) {
      const spec = readStreamSpec(resource);
      this.streams.set(spec.arn, new KinesisStream(spec));
    }
    for (const resource of ofType('AWS::SQS::Queue')) this.messages.make(resource);
    for (const resource of ofType('AWS::S3::Bucket')) this.messages.listenTo(resource);
    for (const resource of ofType('AWS::KinesisFirehose::DeliveryStream')) this.#wireDeliveryStream(resolver, resource);
    for (const resource of ofType('AWS::Lambda::EventSourceMapping')) this.#wireMapping(resolver, resource);
    for (const resource of ofType('AWS::Lambda::EventInvokeConfig')) this.#wireQueue(resolver, resource);
  }

  /** The execution environment of a function, by ARN or name. Throws with the reason where it cannot run here. */
  host(resolver: Resolver, functionArn: string): FunctionHost {
    const known = this.functions.get(functionArn);
    if (known) return known;
    const resource = this.functionResource(resolver, functionArn);
    const { assembly, endpoints, root, functionEnvironment } = this.parts;
    const plan = planFunction(resource, assembly.assets, endpoints);
    if (!plan.ok) throw new Error(`function ${resource.path}: ${plan.reason}`);
    const environment = { ...runtimeEnvironment(resource, endpoints), ...functionEnvironment };
    const host = new FunctionHost(plan.spec, { runtime: join(root, 'local/lambda/runtime.ts'), environment });
    this.functions.set(functionArn, host);
    // What a delivery stream or a queue still hands on while the run ends must not start a process that nobody ends.
    if (this.#isStopped) void host.stop();
    return host;
  }

  /** The template's resource of a function. */
  functionResource(resolver: Resolver, functionArn: string): Resource {
    const found = resolver
      .resources((type) => type === 'AWS::Lambda::Function')
      .find((candidate) => resourceArn(candidate) === functionArn);
    if (!found) throw new Error(`no function ${functionArn} in the templates`);
    return found;
  }

  /** The asynchronous queue before a function: with Lambda's defaults where the template has no EventInvokeConfig. */
  queue(resolver: Resolver, functionArn: string): AsyncQueue<Shipment> {
    const known = this.queues.get(functionArn);
    if (known) return known;
    const host = this.host(resolver, functionArn);
    return this.#makeQueue(host, readAsyncSpec(host.spec.name, functionArn, undefined));
  }

  /** Invokes a function outside of routes: custom resources. Its lines are taken like any other's. */
  async call(host: FunctionHost, event: object): Promise<InvocationResult> {
    const result = await host.invoke(JSON.stringify(event), this.#requestId(host), this.parts.clock.now());
    this.#takeLines(host, result);
    return result;
  }

  /** Invokes a function and waits, as others do by Lambda's API. Undefined where the templates have none of this name. */
  async invoke(resolver: Resolver, name: string, event: string): Promise<InvocationResult | undefined> {
    const functions = resolver.resources((type) => type === 'AWS::Lambda::Function');
    const arn = functions.map(resourceArn).find((candidate) => candidate?.endsWith(`:function:${name}`));
    if (arn === undefined) return undefined;
    const result = await this.#invokeCounted(this.host(resolver, arn), event, this.#aside.of(event));
    this.parts.ledger.takenLater(this.#aside.finish(event, result), this.parts.machine.elapsedMs());
    return result;
  }

  /** Has a function work on an event without anybody waiting, as Lambda's `Event` does. False where the templates have none of this name. */
  invokeLater(resolver: Resolver, name: string, event: string): boolean {
    const functions = resolver.resources((type) => type === 'AWS::Lambda::Function');
    const arn = functions.map(resourceArn).find((candidate) => candidate?.endsWith(`:function:${name}`));
    if (arn === undefined) return false;
    // What fails stands in the function's lines.
    void this.call(this.host(resolver, arn), JSON.parse(event) as object);
    return true;
  }

  /** Ends every child process; no other is started afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.functions.values()].map((host) => host.stop()));
  }

  /** Puts records into a delivery stream, as its API does; undefined where the templates have none of this name. */
  putRecords(name: string, data: readonly Buffer[]): string[] | undefined {
    const stream = [...this.deliveryStreams.values()].find(({ spec }) => spec.name === name);
    return stream && data.map((record) => stream.put(record));
  }

  /** Has delivery streams hand on what waits in their buffers, as if the time had come. Whether anything waited. */
  flushDelivery(): boolean {
    const waiting = [...this.deliveryStreams.values()].filter((stream) => stream.waiting > 0);
    for (const stream of waiting) stream.flush();
    return waiting.length > 0;
  }

  #wireDeliveryStream(resolver: Resolver, resource: Resource): void {
    const stream = wireDeliveryStream(resource, this.parts, (functionArn, event, notes) =>
      this.#invokeCounted(this.host(resolver, functionArn), event, notes),
    );
    this.deliveryStreams.set(stream.spec.arn, stream);
  }

  #wireMapping(resolver: Resolver, resource: Resource): void {
    const functionArn = this.#functionArn(resolver, resource);
    const isOfQueue = this.messages.wireMapping(resource, functionArn, () => {
      const host = this.host(resolver, functionArn);
      return (event, shipments) => this.#invokeCounted(host, event, shipments);
    });
    if (isOfQueue) return;
    const spec = readMappingSpec(resource, functionArn);
    if (!spec) return;
    const stream = this.streams.get(spec.streamArn);
    if (!stream) throw new Error(`${resource.path}: no stream ${spec.streamArn} in the templates`);
    const host = this.host(resolver, functionArn);
    const { clock, ledger, machine } = this.parts;
    const notes = (records: readonly { readonly note: Shipment }[]): Shipment[] => records.map(({ note }) => note);
    this.mappings.push(
      new EventSourceMapping<Shipment>(spec, stream, {
        now: () => clock.now(),
        at: (atMs, run) => clock.at(atMs, run),
        track: (work) => clock.track(work),
        invoke: (event, records) => this.#invokeCounted(host, event, notes(records)),
        onDone: (records) => ledger.done(notes(records), machine.elapsedMs()),
        onExpired: (records) => ledger.lost(notes(records), `expired in stream ${stream.spec.name} after ${stream.spec.retentionHours} h`),
        onDiscard: (discard) => {
          const shipments = notes(discard.records);
          if (spec.onFailureBucket === undefined) {
            ledger.lost(shipments, `${discard.condition} in the mapping of ${host.spec.name}, which has no on-failure destination`);
            return;
          }
          this.#putFailure(spec.onFailureBucket, kinesisObject(discard, spec, clock.now(), this.#objectId(host)), shipments);
        },
      }),
    );
  }

  #wireQueue(resolver: Resolver, resource: Resource): void {
    const functionArn = this.#functionArn(resolver, resource);
    const host = this.host(resolver, functionArn);
    this.#makeQueue(host, readAsyncSpec(host.spec.name, functionArn, resource));
  }

  #makeQueue(host: FunctionHost, spec: ReturnType<typeof readAsyncSpec>): AsyncQueue<Shipment> {
    const { clock, ledger, machine } = this.parts;
    const queue = new AsyncQueue<Shipment>(spec, {
      now: () => clock.now(),
      at: (atMs, run) => clock.at(atMs, run),
      track: (work) => clock.track(work),
      invoke: (event, note) => this.#invokeCounted(host, event, [note]),
      onDone: (note) => ledger.done([note], machine.elapsedMs()),
      onDiscard: (discard) => {
        if (spec.onFailureBucket === undefined) {
          ledger.lost([discard.note], `${discard.condition} in the queue of ${host.spec.name}, which has no on-failure destination`);
          return;
        }
        this.#putFailure(spec.onFailureBucket, asyncObject(discard, spec, clock.now(), this.#objectId(host)), [discard.note]);
      },
    });
    this.queues.set(spec.functionArn, queue);
    return queue;
  }

  /** Invokes with log events, and counts them against what the function's metrics say. */
  async #invokeCounted(host: FunctionHost, event: string, shipments: readonly Shipment[]): Promise<InvocationResult> {
    const attempt = this.parts.ledger.attempt(host.spec.name);
    const events = shipments.reduce((sum, shipment) => sum + shipment.events, 0);
    const result = await host.invoke(event, this.#requestId(host), this.parts.clock.now());
    attempt.events += events;
    // Many EMF lines of one invocation are usual: one per source.
    const hasReported = this.#takeLines(host, result);
    if (!hasReported && result.error) attempt.unreported += events;
    return result;
  }

  #takeLines(host: FunctionHost, result: InvocationResult): boolean {
    let hasReported = false;
    const { clock, events } = this.parts;
    if (events) keepFunctionLog(events, host, result, clock.now());
    for (const line of result.lines) {
      const metrics = this.parts.metrics.take(line);
      if (metrics) {
        hasReported = true;
        this.parts.onMetrics?.(metrics);
      } else {
        this.parts.onLine?.(host.spec.name, line);
      }
    }
    if (result.error) this.parts.onLine?.(host.spec.name, `ERROR ${result.error.errorType}: ${result.error.errorMessage}`);
    return hasReported;
  }

  #functionArn(resolver: Resolver, resource: Resource): string {
    const given = String(resource.properties['FunctionName'] ?? '');
    if (given.startsWith('arn:')) return given;
    const functions = resolver.resources((type) => type === 'AWS::Lambda::Function');
    const found = functions.map(resourceArn).find((arn) => arn?.endsWith(`:function:${given}`));
    if (!found) throw new Error(`${resource.path}: no function ${given} in the templates`);
    return found;
  }

  #putFailure(bucket: string, object: FailureObject, shipments: readonly Shipment[]): void {
    this.parts.store.put(bucket, object.key, Buffer.from(object.body), { contentType: 'application/json' });
    this.parts.ledger.keptAside(shipments);
    this.#aside.keep(object, shipments);
  }

  #requestId(host: FunctionHost): string {
    return uuidOf(`${host.spec.name}/request/${this.#requests++}`);
  }

  #objectId(host: FunctionHost): string {
    return uuidOf(`${host.spec.name}/failure/${this.#requests++}`);
  }
}

const WIRED_TYPES = new Set([
  'AWS::Kinesis::Stream',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::SQS::Queue',
  'AWS::S3::Bucket',
]);
