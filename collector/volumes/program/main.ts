// How full persistent volumes are, asked of every kubelet, into CloudWatch. Runs in one pod; its text is in the manifests. Wiring only.
import { writeFileSync } from 'node:fs';
import { createPutLines } from '../../../lambdas/clients/log-lines.ts';
import { createHttpClient } from '../../../lambdas/clients/signed-http.ts';
import { createClusterApi } from './cluster-api.ts';
import { createPodCredentials } from './pod-credentials.ts';
import { runRound } from './round.ts';

/** A file that is written after each round that went well: the probe looks at its age. */
const MARK = '/tmp/last-round';

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const region = needed('AWS_REGION');
const settings = {
  clusterName: needed('CLUSTER_NAME'),
  logGroup: needed('LOG_GROUP'),
  thresholdPercent: Number(needed('THRESHOLD_PERCENT')),
};
const intervalMs = Number(needed('INTERVAL_SECONDS')) * 1000;
const credentials = createPodCredentials(process.env, Date.now);
const http = createHttpClient({ service: 'logs', region, credentials: credentials.current, now: Date.now });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const ports = {
  cluster: createClusterApi(`https://${needed('KUBERNETES_SERVICE_HOST')}:${needed('KUBERNETES_SERVICE_PORT')}`),
  put: createPutLines(region, { http, sleep: pause }),
  now: Date.now,
};

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));

// Runs until the pod ends; a round that fails says so and the next one begins at its own time.
async function run(): Promise<never> {
  for (;;) {
    const startMs = Date.now();
    try {
      await credentials.refresh();
      const { nodes, volumes, failures } = await runRound(settings, ports);
      writeFileSync(MARK, '');
      if (failures.length > 0) console.error(`${failures.length} of ${nodes} kubelets did not answer: ${failures.slice(0, 5).join('; ')}`);
      else console.log(`${volumes} volumes on ${nodes} nodes`);
    } catch (error) {
      console.error(`round failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    await pause(Math.max(1000, intervalMs - (Date.now() - startMs)));
  }
}

void run();
