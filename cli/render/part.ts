import type { RenderedFile } from '../../collector/types.ts';
import type { ClusterConfig, Config } from '../../lib/config/load.ts';

/** A thing that `eks-telemetry render` writes. A file of this folder exports one, and `parts.ts` lists it. */
export interface RenderPart {
  /** One line for the help. */
  readonly summary: string;
  /** The files of a cluster, their paths relative to the cluster's own folder. Throws with a sentence for people where the config has nothing to render. */
  render(config: Config, cluster: ClusterConfig): readonly RenderedFile[] | Promise<readonly RenderedFile[]>;
}
