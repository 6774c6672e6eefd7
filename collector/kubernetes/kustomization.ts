import type { ClusterConfig, Config } from '../../lib/config/resolve.ts';
import type { RenderedFile } from '../types.ts';
import { componentsOf } from './manifests.ts';
import { manifestFile, manifestYaml, valuesYaml } from './yaml.ts';

/** A file per object, and a kustomization that lists them in the order in which they are installed, for `kubectl apply -k` and GitOps. Empty where there is nothing. */
export function manifestFiles(config: Config, cluster: ClusterConfig): readonly RenderedFile[] {
  const manifests = componentsOf(config, cluster).flatMap((component) => component.manifests);
  if (manifests.length === 0) return [];
  const files = manifests.map((manifest) => ({ path: manifestFile(manifest.object), text: manifestYaml(manifest) }));
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: files.map(({ path }) => path),
  };
  const about = `What collects logs of ${cluster.name}. Written by eks-telemetry from the config; change that, not this text.`;
  return [{ path: 'kustomization.yaml', text: valuesYaml(about, kustomization, {}) }, ...files];
}
