import { manifestFiles } from '../../collector/kubernetes/kustomization.ts';
import type { RenderPart } from './part.ts';

/** Objects of the cluster with a kustomization; the deploy installs the same. */
export const part: RenderPart = {
  summary: 'Kubernetes objects: Fluent Bit on nodes, events, use of volumes, Fargate; for kubectl apply -k and GitOps',
  render(config, cluster) {
    const files = manifestFiles(config, cluster);
    if (files.length === 0)
      throw new Error('the config collects nothing by objects of its own: logs: addon, and events, volumes and fargate are off');
    return files.map(({ path, text }) => ({ path: `manifests/${path}`, text }));
  },
};
