import { eventsRuntime } from '../fluent-bit/runtime.ts';
import { STATE_FOLDER } from '../fluent-bit/values.ts';
import { renderFluentBit } from '../fluent-bit.ts';
import { EVENTS_AGENT } from './names.ts';
import {
  clusterRole,
  configMap,
  containerNotes,
  fluentBitContainer,
  placement,
  podMetadata,
  serviceAccount,
  singlePod,
  volumeName,
} from './pod.ts';
import type { Component, ManifestContext } from './types.ts';

/** Room for chunks (128M) and rejected ones (64M), in MiB. */
const STATE_MIB = 256;

/** The one pod that reads the cluster's events. */
export function eventsAgent(context: ManifestContext): Component {
  const { config, cluster } = context;
  const { namespace } = config.collection;
  const files = renderFluentBit(config, cluster, 'events');
  const runtime = eventsRuntime(config);
  const container = fluentBitContainer({ ...runtime, folders: [{ path: STATE_FOLDER, isReadOnly: false }] }, false);
  const path = 'spec.template.spec';
  return {
    name: 'events',
    isKept: false,
    manifests: [
      serviceAccount(EVENTS_AGENT, namespace),
      ...clusterRole({ name: EVENTS_AGENT, namespace }, [{ apiGroups: [''], resources: ['events'], verbs: ['get', 'list', 'watch'] }], {
        rules: 'events and nothing else.',
      }),
      configMap(EVENTS_AGENT, namespace, files),
      {
        about: 'Kubernetes events into CloudWatch. Written by eks-telemetry from the config; change that, not this text.',
        object: singlePod(EVENTS_AGENT, namespace, {
          metadata: podMetadata(EVENTS_AGENT, files),
          spec: {
            serviceAccountName: EVENTS_AGENT,
            automountServiceAccountToken: true,
            priorityClassName: 'system-cluster-critical',
            terminationGracePeriodSeconds: runtime.terminationSeconds,
            ...placement(context),
            containers: [container],
            volumes: [
              { name: 'config', configMap: { name: EVENTS_AGENT } },
              { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
              { name: volumeName(STATE_FOLDER), emptyDir: { sizeLimit: `${STATE_MIB}Mi` } },
            ],
          },
        }),
        notes: {
          'spec.strategy': 'two pods would send every event twice; those of the seconds between are read again from the cluster.',
          [`${path}.automountServiceAccountToken`]: 'events are read from the API server.',
          [`${path}.volumes.2`]:
            'the cluster keeps events for an hour: a pod that starts anew reads them again. In the index each state of an event is one document.',
          ...containerNotes(path),
        },
      },
    ],
  };
}
