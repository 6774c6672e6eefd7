// Machine time from SNS to Slack through the deployed bundles: queue, table, function and post, on the assembly of the last `npm start`. `node bench/alerts-delay.ts`
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LocalAccount } from '../local/account/account.ts';
import { Ledger } from '../local/account/ledger.ts';
import { MetricsLog } from '../local/account/metrics.ts';
import { AlertRun } from '../local/alerts/alert-run.ts';
import { AlertServices } from '../local/alerts/services.ts';
import { LogsApi } from '../local/aws/logs-api.ts';
import { MACHINE_CLOCK, RunClock } from '../local/clock/run-clock.ts';
import { BucketStore } from '../local/s3/bucket-store.ts';
import { readAssembly } from '../local/template/assembly.ts';
import { Resolver } from '../local/template/resolver.ts';

const ASSEMBLY = resolve('.eks-telemetry/cdk.out');
const ALARMS = 60;
const START = Date.UTC(2026, 10, 21, 8, 25);
const MINUTE = 60_000;

if (!existsSync(join(ASSEMBLY, 'manifest.json'))) {
  process.stderr.write('there is no assembly: run npm start -- --once first\n');
  process.exit(2);
}
const directory = mkdtempSync(join(tmpdir(), 'alerts-delay-'));
const clock = new RunClock(START, MACHINE_CLOCK);
const services = await AlertServices.start(() => clock.now());
const assembly = readAssembly(ASSEMBLY);
const resolver = new Resolver(assembly);
const account = new LocalAccount({
  clock,
  machine: MACHINE_CLOCK,
  assembly,
  store: new BucketStore(join(directory, 'buckets')),
  logs: new LogsApi('111122223333', 'us-east-1'),
  ledger: new Ledger(),
  metrics: new MetricsLog(join(directory, 'metrics')),
  endpoints: { search: 'http://127.0.0.1:9', s3: 'http://127.0.0.1:9', aws: 'http://127.0.0.1:9' },
  root: process.cwd(),
  functionEnvironment: services.environment,
});
try {
  account.wire(resolver);
  const alerts = await AlertRun.wire(account, resolver, services);
  if (!alerts) throw new Error('the config of the last run has no Slack');
  const topic = alerts.topics.arns.find((arn) => arn.endsWith('-critical')) ?? '';
  const alarm = JSON.parse(readFileSync('samples/notifications/metric-alarm.json', 'utf8')) as { [name: string]: unknown };
  let published = 0;
  const delays: number[] = [];
  services.sink.fault = ({ method }) => {
    if (method === 'chat.postMessage' || method === 'webhook') delays.push(performance.now() - published);
    return undefined;
  };
  for (let number = 0; number < ALARMS; number++) {
    clock.at(START + number * MINUTE, () => {
      const AlarmName = `alarm-${number}`;
      const AlarmArn = `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${AlarmName}`;
      const StateChangeTime = new Date(clock.now()).toISOString().replace('Z', '+0000');
      published = performance.now();
      alerts.publish(topic, JSON.stringify({ ...alarm, AlarmName, AlarmArn, StateChangeTime }));
    });
  }
  clock.at(START + ALARMS * MINUTE, () => clock.stop());
  await clock.drain();
  // The first one waits for the function to start.
  const [first = 0, ...warm] = delays;
  const sorted = warm.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  process.stdout.write(
    `${JSON.stringify({ messages: delays.length, coldMs: Math.round(first), p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) })}\n`,
  );
} finally {
  await account.stop();
  await services.close();
  rmSync(directory, { recursive: true, force: true });
}
