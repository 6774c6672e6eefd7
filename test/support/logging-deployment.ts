import type { CdkCustomResourceEvent, CdkCustomResourceIsCompleteEvent, Context } from 'aws-lambda';
import { FakeEks } from './fake-eks.ts';
import { arnOf, FakeLogGroups } from './fake-log-groups.ts';

const GROUP = '/aws/eks/prod/cluster';
const NOTE = 'eks-telemetry:control-plane-logging';

type Entry = typeof import('../../lambdas/control-plane-logging.ts');
/** The event that `isComplete` gets: the request with what `onEvent` answered. */
export type Request = CdkCustomResourceIsCompleteEvent;

/** The custom resource of cluster `prod` with the services around it, played as CDK's provider framework plays it. */
export class LoggingDeployment {
  readonly eks: FakeEks = new FakeEks();
  readonly logs: FakeLogGroups = new FakeLogGroups();
  private entry: Entry | undefined;

  async start(): Promise<void> {
    await Promise.all([this.eks.service.start(), this.logs.service.start()]);
    process.env['AWS_ENDPOINT_URL_EKS'] = this.eks.service.endpoint;
    process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'] = this.logs.service.endpoint;
    process.env['AWS_REGION'] = 'us-east-1';
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    this.entry = await import('../../lambdas/control-plane-logging.ts');
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
  }

  async stop(): Promise<void> {
    await Promise.all([this.eks.service.stop(), this.logs.service.stop()]);
  }

  /** An ACTIVE cluster with these types on, and its log group. */
  reset(enabled: readonly string[] = []): void {
    this.eks.reset(enabled);
    this.logs.reset();
    this.logs.put(GROUP);
  }

  /** `onEvent`; resolves to the request that `isComplete` gets. */
  async begin(type: 'Create' | 'Update' | 'Delete', changes: { [name: string]: unknown } = {}): Promise<Request> {
    const properties = {
      ServiceToken: 'token',
      ClusterName: 'prod',
      LogTypes: ['api', 'audit'],
      LogGroupArn: arnOf(GROUP),
      DisableOnDelete: 'false',
      ...changes,
    };
    const event = { RequestType: type, PhysicalResourceId: 'id', ResourceProperties: properties };
    const answer = await this.loaded().onEvent(event as unknown as CdkCustomResourceEvent, contextWith(60_000));
    return { ...event, ...answer } as unknown as Request;
  }

  /** One question; `remainingMs` is what Lambda would say is left. */
  async ask(request: Request, remainingMs = 60_000): Promise<boolean> {
    return (await this.loaded().isComplete(request, contextWith(remainingMs))).IsComplete;
  }

  /** Asks until it is done; resolves to the number of questions. */
  async wait(request: Request, maxAsks = 20): Promise<number> {
    for (let asks = 1; asks <= maxAsks; asks++) if (await this.ask(request)) return asks;
    throw new Error(`not done after ${maxAsks} questions`);
  }

  async deploy(type: 'Create' | 'Update' | 'Delete', changes: { [name: string]: unknown } = {}): Promise<number> {
    return this.wait(await this.begin(type, changes));
  }

  /** Types that are on, sorted. */
  enabled(): string[] {
    return [...(this.eks.cluster?.enabled ?? [])].sort();
  }

  setStatus(status: string): void {
    if (this.eks.cluster) this.eks.cluster.status = status;
  }

  /** The note on the log group. */
  note(): string | undefined {
    return this.logs.groups.get(GROUP)?.tags[NOTE];
  }

  private loaded(): Entry {
    if (!this.entry) throw new Error('start() comes first');
    return this.entry;
  }
}

function contextWith(remainingMs: number): Context {
  return { getRemainingTimeInMillis: () => remainingMs } as Context;
}
