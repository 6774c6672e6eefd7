import { matchesWildcard } from '../../lambdas/core/rules/wildcard.ts';
import type { ApplicationConfig, ClusterConfig, Config } from '../../lib/config/resolve.ts';
import type { CollectConfig } from '../types.ts';

/** An application that says how the node reads it. */
export interface CollectedApplication {
  readonly name: string;
  readonly match: ApplicationConfig['match'];
  readonly collect: CollectConfig;
  /** Its part of the tag. */
  readonly tag: string;
  /**
   * What its records' tags begin with: `application` goes to the application group and `routed` only to sinks of its own. Labels are known after the file is
   * read, so records that are chosen by one get a new tag, whose root is another: the filters before must not take them twice.
   */
  readonly root: 'application' | 'routed' | 'application-by-label' | 'routed-by-label';
  /** The label that chooses its records; undefined where the file's name does. */
  readonly label: { readonly key: string; readonly value: string } | undefined;
}

/** What file names of containers begin with: the kubelet links every container's log there. */
export const CONTAINER_LOGS = '/var/log/containers';

/** Applications of a cluster with `collect`, in the file's order. */
export function collectedApplications(config: Config, cluster: ClusterConfig): CollectedApplication[] {
  return config.applications.flatMap((application) => {
    const { name, match, collect } = application;
    if (collect === undefined || (match.cluster !== undefined && !matchesWildcard(match.cluster, cluster.name))) return [];
    const [label] = Object.entries(match.labels ?? {});
    const root = collect.sinks.application ? 'application' : 'routed';
    return [
      {
        name,
        match,
        collect,
        tag: collect.tag ?? name,
        root: label === undefined ? root : (`${root}-by-label` as const),
        label: label && { key: label[0], value: label[1] },
      },
    ];
  });
}

/** A pattern of the application's records' tags. */
export function tagsOf({ root, tag }: CollectedApplication): string {
  return `${root}.${tag}.*`;
}

/**
 * Files of containers that an application's match allows: `<pod>_<namespace>_<container>-<id>.log`. No name of Kubernetes holds an underscore, and an
 * id has 64 digits, so the pattern takes the container `web` without taking `web-proxy`.
 */
export function filesOf({ match }: Pick<CollectedApplication, 'match'>): string {
  return `${CONTAINER_LOGS}/${match.pod ?? '*'}_${match.namespace ?? '*'}_${match.container ?? '*'}-${'?'.repeat(64)}.log`;
}

/** Files of every container of a namespace. */
export function filesOfNamespace(namespace: string): string {
  return `${CONTAINER_LOGS}/*_${namespace}_*.log`;
}

/** The tag that `tail` gives a file, below the part before `*`. */
export function tagOfPath(path: string): string {
  return path.replace(/^\//, '').replaceAll('/', '.');
}
