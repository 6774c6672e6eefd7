import { parse } from 'yaml';
import { renderFluentBit } from '../../../collector/fluent-bit.ts';
import { manifestFiles } from '../../../collector/kubernetes/kustomization.ts';
import { componentsOf } from '../../../collector/kubernetes/manifests.ts';
import { NODE_AGENT } from '../../../collector/kubernetes/names.ts';
import type { KubernetesObject } from '../../../collector/kubernetes/types.ts';
import { manifestYaml } from '../../../collector/kubernetes/yaml.ts';
import type { Config } from '../../../lib/config/resolve.ts';
import { configWith } from '../../lib/config/texts.ts';
import { clusterOf, FULL, KUBELET, PLAIN } from '../configs.ts';

const objectsOf = (config: Config): KubernetesObject[] =>
  componentsOf(config, clusterOf(config)).flatMap(({ manifests }) => manifests.map(({ object }) => object));

// biome-ignore lint/suspicious/noExplicitAny: an object of Kubernetes is JSON of any shape, and the assertions say which one is expected
const podOf = (config: Config, kind: string, name = ''): any => {
  const found = objectsOf(config).find((object) => object.kind === kind && object.metadata.name.includes(name));
  // biome-ignore lint/suspicious/noExplicitAny: as above
  return (found as any).spec.template.spec;
};

// biome-ignore lint/suspicious/noExplicitAny: as above
const podMetadataOf = (config: Config): any => (objectsOf(config).find(({ kind }) => kind === 'DaemonSet') as any).spec.template.metadata;

const EVERYTHING = configWith({
  collection: {
    fargate: true,
    containerInsights: { prometheusControlPlane: true },
    nodeSelector: { 'example.com/pool': 'apps' },
    tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }],
    files: [{ name: 'batch', paths: ['/opt/batch/*.log'] }],
  },
});

describe.each([
  ['of the smallest config', PLAIN],
  ['with every way to read an application', FULL],
  ['with the kubelet’s metadata', KUBELET],
  ['with everything switched on', EVERYTHING],
])('objects %s', (_name, config) => {
  test('come back from YAML as they were', () => {
    for (const { manifests } of componentsOf(config, clusterOf(config)))
      for (const manifest of manifests) expect(parse(manifestYaml(manifest))).toEqual(manifest.object);
  });

  test('have a comment only at a value that is there', () => {
    for (const { manifests } of componentsOf(config, clusterOf(config)))
      for (const { object, notes } of manifests)
        for (const [path, note] of Object.entries(notes)) {
          const value = path.split('.').reduce<unknown>((at, step) => (at as { [step: string]: unknown })?.[step], object);
          expect([path, value === undefined]).toEqual([path, false]);
          expect(note).toMatch(/\S/);
        }
  });

  test('have names of their own, and every pod’s account, files and role are among them', () => {
    const objects = objectsOf(config);
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const kind of ['DaemonSet', 'Deployment']) {
      for (const { metadata } of objects.filter((object) => object.kind === kind)) {
        const pod = podOf(config, kind, metadata.name);
        expect(names).toContain(`ServiceAccount ${pod.serviceAccountName}`);
        for (const { configMap } of pod.volumes) if (configMap !== undefined) expect(names).toContain(`ConfigMap ${configMap.name}`);
        for (const { volumeMounts } of pod.containers)
          expect(pod.volumes.map(({ name }: { name: string }) => name)).toEqual(
            expect.arrayContaining(volumeMounts.map(({ name }: { name: string }) => name)),
          );
      }
    }
  });

  test('stay far below what kubectl can note of an object, 262,144 bytes', () => {
    for (const object of objectsOf(config)) expect(JSON.stringify(object).length).toBeLessThan(131_072);
  });
});

test('the DaemonSet carries the rendered configuration, and starts anew when it changes', () => {
  const files = renderFluentBit(FULL, clusterOf(FULL), 'daemonset');
  const config = objectsOf(FULL).find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === NODE_AGENT);
  expect(config?.['data']).toEqual(Object.fromEntries(files.map(({ path, text }) => [path, text])));

  const annotations = [FULL, KUBELET].map((each) => JSON.stringify(podMetadataOf(each)));
  expect(annotations[0]).not.toEqual(annotations[1]);
});

test('a pod outlives what Fluent Bit needs to send its last chunks', () => {
  const grace = /Grace +(\d+)/.exec(
    renderFluentBit(PLAIN, clusterOf(PLAIN), 'daemonset').find(({ path }) => path === 'fluent-bit.conf')?.text ?? '',
  );
  expect(podOf(PLAIN, 'DaemonSet').terminationGracePeriodSeconds).toBeGreaterThan(Number(grace?.[1]));
});

test('with metadata from file names the node’s pod cannot talk to the cluster', () => {
  expect(podOf(PLAIN, 'DaemonSet').automountServiceAccountToken).toBe(false);
  expect(objectsOf(PLAIN).filter(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === NODE_AGENT)).toEqual([]);
});

test.each([
  ['1.33', 'nodes/proxy'],
  ['1.36', 'nodes/pods'],
])('with the kubelet’s metadata on %s the right is %s: nodes may be three versions behind', (kubernetesVersion, resource) => {
  const config = configWith({
    clusters: [{ name: 'prod', kubernetesVersion }],
    collection: { fluentBit: { kubernetesMetadata: 'kubelet' } },
  });
  const role = objectsOf(config).find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === NODE_AGENT);
  expect(JSON.stringify(role?.['rules'])).toContain(resource);
});

test('no pod but the kubelet’s reader may reach more than it reads', () => {
  const rules = objectsOf(PLAIN)
    .filter(({ kind }) => kind === 'ClusterRole')
    .map(({ metadata, rules: all }) => [metadata.name, all]);
  expect(Object.fromEntries(rules as [string, unknown][])).toEqual({
    'eks-telemetry-events': [{ apiGroups: [''], resources: ['events'], verbs: ['get', 'list', 'watch'] }],
    'eks-telemetry-volumes': [
      { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
      { apiGroups: [''], resources: ['nodes/stats'], verbs: ['get'] },
    ],
  });
});

test('folders of files outside of /var/log are mounted, and files of other users can be read', () => {
  const pod = podOf(EVERYTHING, 'DaemonSet');
  expect(pod.volumes).toContainEqual({ name: 'node-opt-batch', hostPath: { path: '/opt/batch' } });
  expect(pod.containers[0].securityContext.capabilities).toEqual({ drop: ['ALL'], add: ['DAC_READ_SEARCH'] });
  expect(podOf(PLAIN, 'DaemonSet').containers[0].securityContext.capabilities).toEqual({ drop: ['ALL'] });
});

test.each([
  ['that only differ in a sign', ['/opt/a_b/x.log', '/opt/a-b/x.log', '/opt/a/b/x.log', '/opt/A/b/x.log']],
  ['of great length', [`/opt/${'a'.repeat(80)}/1/x.log`, `/opt/${'a'.repeat(80)}/2/x.log`]],
  ['called like a volume of the pod', ['/config/x.log', '/root/x.log']],
])('folders %s are volumes of their own', (_name, paths) => {
  const { volumes, containers } = podOf(configWith({ collection: { files: [{ name: 'own', paths }] } }), 'DaemonSet');
  const names = volumes.map(({ name }: { name: string }) => name);
  const mounts = containers[0].volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);

  expect(new Set(names).size).toBe(names.length);
  expect(new Set(mounts).size).toBe(mounts.length);
  for (const name of names) expect(name).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
});

test('where nothing is read on nodes no agent is installed there: without an input it does not start', () => {
  const config = configWith({ collection: { inputs: { application: false, dataplane: false, host: false } } });

  expect(objectsOf(config).filter(({ kind }) => kind === 'DaemonSet')).toEqual([]);
  expect(objectsOf(config).filter(({ kind }) => kind === 'Deployment')).toHaveLength(2);
});

test('labels of nodes and tolerations come from the config', () => {
  for (const [kind, name] of [
    ['DaemonSet', ''],
    ['Deployment', 'events'],
    ['Deployment', 'volumes'],
  ] as const) {
    expect(podOf(EVERYTHING, kind, name)).toMatchObject({
      nodeSelector: { 'kubernetes.io/os': 'linux', 'example.com/pool': 'apps' },
      tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }],
    });
  }
});

test('events and volumes are read by one pod each, which never runs twice', () => {
  const deployments = objectsOf(PLAIN).filter(({ kind }) => kind === 'Deployment');
  expect(deployments.map(({ spec }) => spec)).toEqual([
    expect.objectContaining({ replicas: 1, strategy: { type: 'Recreate' } }),
    expect.objectContaining({ replicas: 1, strategy: { type: 'Recreate' } }),
  ]);
});

test('what is switched off leaves no object, not even the namespace', () => {
  const off = configWith({ collection: { logs: 'addon', events: { enabled: false }, volumes: { enabled: false } } });
  expect(objectsOf(off)).toEqual([]);
  expect(manifestFiles(off, clusterOf(off))).toEqual([]);
});

test('the kustomization names every file, in the order in which objects need each other', () => {
  const [kustomization, ...files] = manifestFiles(FULL, clusterOf(FULL));
  const { resources } = parse(kustomization?.text ?? '') as { resources: string[] };
  expect(resources).toEqual(files.map(({ path }) => path));
  expect(resources[0]).toBe('namespace-amazon-cloudwatch.yaml');
  expect(manifestFiles(FULL, clusterOf(FULL))).toEqual([kustomization, ...files]);
});
