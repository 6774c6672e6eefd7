import { logGroupOf } from '../../lib/config/log-groups.ts';
import { VOLUME_PROGRAM } from '../volumes/program-text.ts';
import { VOLUMES_AGENT } from './names.ts';
import { clusterRole, configMap, placement, podMetadata, serviceAccount, singlePod } from './pod.ts';
import type { Component, Manifest, ManifestContext, Plain } from './types.ts';

const PROGRAM_FILE = 'volume-usage.mjs';
const PROGRAM_FOLDER = '/app';
/** Node itself takes 50 MiB; a summary of a full node 2 MB, eight at a time, as text and as objects. */
const HEAP_MIB = 128;
const MEMORY_LIMIT_MIB = 224;
/** User `node` of the image. */
const USER = 1000;
/** Rounds that may fail before the pod is started anew. */
const FAILED_ROUNDS = 10;

/** The one pod that asks every kubelet how full the volumes on its node are. */
export function volumesAgent(context: ManifestContext): Component {
  const { namespace } = context.config.collection;
  const files = [{ path: PROGRAM_FILE, text: VOLUME_PROGRAM }];
  return {
    name: 'volumes',
    isKept: false,
    manifests: [
      serviceAccount(VOLUMES_AGENT, namespace),
      ...clusterRole(
        { name: VOLUMES_AGENT, namespace },
        [
          { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
          { apiGroups: [''], resources: ['nodes/stats'], verbs: ['get'] },
        ],
        {
          'rules.1':
            'numbers of the kubelet and no more: nodes/proxy, which the way through the API server needs, would allow to run commands in any pod.',
        },
      ),
      configMap(VOLUMES_AGENT, namespace, files),
      deployment(context, podMetadata(VOLUMES_AGENT, files)),
    ],
  };
}

function deployment(context: ManifestContext, metadata: Plain): Manifest {
  const { config, cluster } = context;
  const { namespace, volumes } = config.collection;
  const variables: { readonly [name: string]: string } = {
    AWS_REGION: config.region,
    CLUSTER_NAME: cluster.name,
    LOG_GROUP: logGroupOf('performance', cluster.name),
    INTERVAL_SECONDS: String(volumes.intervalSeconds),
    THRESHOLD_PERCENT: String(volumes.thresholdPercent),
  };
  const staleMinutes = Math.max(5, Math.ceil((volumes.intervalSeconds * FAILED_ROUNDS) / 60));
  return {
    about: 'How full persistent volumes are. Written by eks-telemetry from the config; change that, not this text.',
    object: singlePod(VOLUMES_AGENT, namespace, {
      metadata,
      spec: {
        serviceAccountName: VOLUMES_AGENT,
        automountServiceAccountToken: true,
        terminationGracePeriodSeconds: 5,
        ...placement(context),
        securityContext: { runAsNonRoot: true, runAsUser: USER, runAsGroup: USER, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'volumes',
            image: volumes.image,
            imagePullPolicy: 'IfNotPresent',
            command: ['node', `--max-old-space-size=${HEAP_MIB}`, `${PROGRAM_FOLDER}/${PROGRAM_FILE}`],
            env: Object.entries(variables).map(([name, value]) => ({ name, value })),
            resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: `${MEMORY_LIMIT_MIB}Mi` } },
            livenessProbe: {
              exec: { command: ['sh', '-c', `test -n "$(find /tmp/last-round -mmin -${staleMinutes})"`] },
              initialDelaySeconds: staleMinutes * 60,
              periodSeconds: 60,
              timeoutSeconds: 10,
            },
            securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
            volumeMounts: [
              { name: 'program', mountPath: PROGRAM_FOLDER, readOnly: true },
              { name: 'tmp', mountPath: '/tmp' },
            ],
          },
        ],
        volumes: [
          { name: 'program', configMap: { name: VOLUMES_AGENT } },
          { name: 'tmp', emptyDir: { sizeLimit: '16Mi' } },
        ],
      },
    }),
    notes: {
      'spec.strategy': 'two pods would count every volume twice.',
      'spec.template.spec.automountServiceAccountToken': 'nodes are listed at the API server, numbers come from each kubelet.',
      'spec.template.spec.containers.0.image': 'collection.volumes.image: Node 24, which the program below is for.',
      'spec.template.spec.containers.0.livenessProbe': `the program touches a file after each round; none for ${staleMinutes} minutes starts it anew.`,
    },
  };
}
