import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../../../lib/constructs/bundle-options.ts';
import { LocalAccount } from '../../../local/account/account.ts';
import { Forwarder } from '../../../local/account/forwarder.ts';
import { Ledger } from '../../../local/account/ledger.ts';
import { MetricsLog } from '../../../local/account/metrics.ts';
import { drainAll, wireSchedules } from '../../../local/account/scheduled.ts';
import { readRules, type Schedule, ScheduleRunner } from '../../../local/account/schedules.ts';
import { serveLambda } from '../../../local/aws/lambda-server.ts';
import { LogsApi } from '../../../local/aws/logs-api.ts';
import { MACHINE_CLOCK, RunClock } from '../../../local/clock/run-clock.ts';
import { BucketStore } from '../../../local/s3/bucket-store.ts';
import { serveBuckets } from '../../../local/s3/server.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { Resolver } from '../../../local/template/resolver.ts';
import { directTemplate, START, streamTemplate, type Template, writeAssembly } from '../scenario.ts';

const ROOT = resolve(__dirname, '../../..');
const MINUTE = 60_000;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-schedules-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The template with the deployed redrive and its rule. */
function withRedrive(template: Template, rule: object = {}): Template {
  Object.assign(template.Resources, {
    Redrive: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'redrive',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Timeout: 900,
        MemorySize: 512,
        Code: { S3Bucket: 'cdk-assets', S3Key: 'redrive.zip' },
        Environment: { Variables: { DEAD_LETTER_BUCKET: 'failures', METRIC_NAMESPACE: 'EksTelemetry' } },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ScheduleExpression: 'rate(15 minutes)',
        State: 'ENABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': ['Redrive', 'Arn'] } }],
        ...rule,
      },
    },
  });
  return template;
}

/** Plays messages until nothing is left to happen, as a local run does. */
async function play(template: Template, messages: readonly string[], environment: { readonly [name: string]: string } = {}) {
  const folder = join(directory, 'asset.redrive');
  mkdirSync(folder);
  buildSync(bundleOptions(ROOT, 'lambdas/redrive.ts', join(folder, 'index.js')));
  writeFileSync(join(folder, 'functions.json'), '["indexer"]');
  writeAssembly(directory, { Main: template }, [{ key: 'redrive.zip', folder: 'asset.redrive' }]);
  const log = join(directory, 'scenario.ndjson');
  const assembly = readAssembly(directory);
  const resolver = new Resolver(assembly);
  const clock = new RunClock(START, MACHINE_CLOCK);
  const store = new BucketStore(join(directory, 'buckets'));
  store.create('failures');
  const ledger = new Ledger();
  const s3 = await serveBuckets(store);
  const lambda = await serveLambda((name, event) => account.invoke(resolver, name, event));
  const account = new LocalAccount({
    ...{ clock, machine: MACHINE_CLOCK, assembly, store, ledger, root: ROOT },
    logs: new LogsApi('111122223333', 'us-east-1'),
    metrics: new MetricsLog(join(directory, 'metrics.ndjson')),
    endpoints: { search: 'http://127.0.0.1:9', s3: s3.url, lambda: lambda.url, aws: 'http://127.0.0.1:9' },
    functionEnvironment: { SCENARIO_LOG: log, ...environment },
  });
  try {
    account.wire(resolver);
    const scheduled = wireSchedules(account, resolver, false);
    const forwarder = new Forwarder(account, resolver, '111122223333');
    clock.at(START, () =>
      forwarder.put(
        '/app',
        'a',
        messages.map((message) => ({ timestamp: START, message })),
      ),
    );
    await clock.drain();
    const before = [...ledger.filters.values()].map(({ done, keptAside }) => ({ done, keptAside }))[0];
    await drainAll({ account, resolver, scheduled, store });
    const after = [...ledger.filters.values()].map(({ done, keptAside }) => ({ done, keptAside }))[0];
    const taken = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; value: string; nowMs: number })
      .filter(({ kind }) => kind === 'taken')
      .map(({ value, nowMs }) => ({ message: value, atMs: nowMs - START }));
    return {
      ...{ before, after, taken, idle: scheduled.idle, attempts: ledger.attempts.get('indexer') },
      starts: [...scheduled.runner.starts.values()],
      objects: store.list('failures').length,
      endMs: clock.now() - START,
    };
  } finally {
    await Promise.all([account.stop(), s3.close(), lambda.close()]);
  }
}

test('what Lambda gave up on is sent again by the rule of the template, on the run’s clock, and counts as taken', async () => {
  const template = withRedrive(directTemplate());
  template.Resources['Queue'].Properties.MaximumRetryAttempts = 0;

  const run = await play(template, ['once', 'after it']);

  expect(run.before).toEqual({ done: 0, keptAside: 2 });
  expect(run.after).toEqual({ done: 2, keptAside: 0 });
  expect(run.taken).toEqual([
    { message: 'once', atMs: 15 * MINUTE },
    { message: 'after it', atMs: 15 * MINUTE },
  ]);
  expect(run).toMatchObject({ starts: [1], objects: 0, endMs: 15 * MINUTE, idle: [] });
  expect(run.attempts).toEqual({ events: 4, unreported: 2 });
});

test('the same for a batch of a stream, and with the machine’s clock two years ahead', async () => {
  const template = withRedrive(streamTemplate());
  template.Resources['Mapping'].Properties.MaximumRetryAttempts = 0;
  template.Resources['Mapping'].Properties.BisectBatchOnFunctionError = false;

  const run = await play(template, ['once'], { EKS_TELEMETRY_TEST_CLOCK_SHIFT_MS: String(730 * 86_400_000) });

  expect(run).toMatchObject({ before: { done: 0, keptAside: 1 }, after: { done: 1, keptAside: 0 }, starts: [1], objects: 0 });
});

test('without the rule it stays in the bucket; what fails for good is tried once and stays, too', async () => {
  const off = withRedrive(directTemplate(), { State: 'DISABLED' });
  expect(await play(off, ['poison'])).toMatchObject({
    ...{ starts: [], objects: 1, after: { done: 0, keptAside: 1 } },
    idle: [{ path: 'Main/Rule', reason: 'it is turned off in the template' }],
  });

  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  expect(await play(withRedrive(directTemplate()), ['poison'])).toMatchObject({
    starts: [1],
    objects: 1,
    after: { done: 0, keptAside: 1 },
  });
});

test('a run that ends before the first start has none, and a clock that is moved past some leaves them out', async () => {
  const clock = new RunClock(START, MACHINE_CLOCK);
  const schedule = { everyMs: MINUTE } as Schedule;
  const at: number[] = [];
  const runner = new ScheduleRunner([schedule], { clock, invoke: async (_, nowMs) => at.push((nowMs - START) / MINUTE) });
  clock.at(START + MINUTE / 2, () => undefined);
  await clock.drain();
  expect(at).toEqual([]);

  clock.at(START + 2.5 * MINUTE, () => undefined);
  await clock.drain();
  clock.moveTo(START + 5.5 * MINUTE);
  clock.at(START + 7 * MINUTE, () => undefined);
  await clock.drain();

  expect(at).toEqual([1, 2, 5.5, 6, 7]);
  expect(runner.starts.get(schedule)).toBe(5);
});

test.each([
  [{ ScheduleExpression: 'cron(0 3 * * ? *)' }, 'cron(0 3 * * ? *) is no steady rate, and only these run here'],
  [{ ScheduleExpression: 'rate(0 minutes)' }, 'rate(0 minutes) is no steady rate, and only these run here'],
  [
    { ScheduleExpression: undefined, EventPattern: { source: ['aws.eks'] } },
    'it waits for events of AWS, which do not happen on this machine',
  ],
  [{ Targets: [{ Arn: 'arn:aws:sqs:us-east-1:111122223333:q' }] }, 'its target arn:aws:sqs:us-east-1:111122223333:q is no function'],
])('a rule that has no counterpart is named with its reason: %j', (properties, reason) => {
  writeAssembly(directory, { Main: withRedrive(directTemplate(), properties) });

  expect(readRules(new Resolver(readAssembly(directory)))).toEqual({ schedules: [], idle: [{ path: 'Main/Rule', reason }] });
});
