import type { ApplicationConfig, ClusterConfig, Config } from '../lib/config/resolve.ts';

/** A file that is installed, or written by `eks-telemetry render`. */
export interface RenderedFile {
  /** Path under the output folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Where a Fluent Bit configuration runs: our DaemonSet; the one-replica pod that reads Kubernetes events; the add-on amazon-cloudwatch-observability,
 * whose chart fills templates in it; the log router of EKS on Fargate, which takes filters, outputs and parsers only.
 */
export type FluentBitTarget = 'daemonset' | 'events' | 'addon' | 'fargate';

/** What every renderer of the folder is given. */
export interface RenderContext {
  readonly config: Config;
  readonly cluster: ClusterConfig;
  readonly target: FluentBitTarget;
}

export type CollectConfig = NonNullable<ApplicationConfig['collect']>;
