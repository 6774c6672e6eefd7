import { daemonSetRuntime, eventsRuntime } from '../../collector/fluent-bit/runtime.ts';
import type { LintExpectations } from '../../collector/lint/lint.ts';
import type { FluentBitTarget } from '../../collector/types.ts';
import type { Config } from '../../lib/config/load.ts';

/** What the pod of a target has, for the lint. */
export function expectationsOf(config: Config, target: FluentBitTarget): LintExpectations {
  const { memoryLimitMiB, terminationSeconds, environment } = target === 'events' ? eventsRuntime(config) : daemonSetRuntime(config);
  return {
    memoryLimitMiB,
    diskLimitMiB: config.collection.fluentBit.diskLimitMiB,
    // The chart of the add-on gives its pod ten seconds.
    terminationSeconds: target === 'addon' ? 10 : terminationSeconds,
    ownNamespaces: [config.collection.namespace],
    environment: Object.keys(environment),
  };
}
