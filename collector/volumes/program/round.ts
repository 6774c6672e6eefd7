import type { PutLines } from '../../../lambdas/clients/log-lines.ts';
import { mergeUsages, usagesOf, VOLUME_STREAM, type VolumeUsage, volumeEvent } from '../usage.ts';
import type { ClusterApi } from './cluster-api.ts';

/** Kubelets that are asked at a time. */
const AT_ONCE = 8;

/** What a round needs. */
export interface RoundPorts {
  readonly cluster: ClusterApi;
  readonly put: PutLines;
  readonly now: () => number;
}

/** Settings of every round. */
export interface RoundSettings {
  readonly clusterName: string;
  readonly logGroup: string;
  readonly thresholdPercent: number;
}

/** What a round did. */
export interface RoundResult {
  readonly nodes: number;
  readonly volumes: number;
  /** Nodes whose kubelet did not answer, with the reason. */
  readonly failures: readonly string[];
}

/** Asks every kubelet and puts one event per claim. A kubelet that does not answer is named and the others go on; rejects where CloudWatch takes nothing. */
export async function runRound(settings: RoundSettings, ports: RoundPorts): Promise<RoundResult> {
  const nodes = await ports.cluster.nodes();
  const usages: VolumeUsage[] = [];
  const failures: string[] = [];
  const waiting = [...nodes];
  const ask = async (): Promise<void> => {
    for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
      try {
        usages.push(...usagesOf(await ports.cluster.summary(node), node.name));
      } catch (error) {
        failures.push(`${node.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  if (nodes.length > 0 && failures.length === nodes.length) throw new Error(`no kubelet answered; the first: ${failures[0]}`);
  const nowMs = ports.now();
  const merged = mergeUsages(usages);
  const lines = merged.map((usage) => ({ timeMs: nowMs, text: volumeEvent(usage, { ...settings, nowMs }) }));
  if (lines.length > 0) {
    const failure = await ports.put(settings.logGroup, VOLUME_STREAM, lines);
    if (failure !== undefined) throw new Error(failure);
  }
  return { nodes: nodes.length, volumes: merged.length, failures: failures.sort() };
}
