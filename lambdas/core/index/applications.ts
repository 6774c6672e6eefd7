import type { ApplicationRule } from '../rules/rules.ts';
import { matchesWildcard } from '../rules/wildcard.ts';

/** What of a container's metadata decides whose it is. */
export interface ContainerIdentity {
  readonly namespace?: string | undefined;
  readonly pod?: string | undefined;
  readonly container?: string | undefined;
  readonly labels: { readonly [label: string]: string };
}

/** Whether an application owns a container of a cluster: all that its `match` names must match, and something must be named. */
export function ownsContainer(match: ApplicationRule['match'], cluster: string, identity: ContainerIdentity): boolean {
  const { labels = {} } = match;
  return (
    fits(match.cluster, cluster) &&
    fits(match.namespace, identity.namespace) &&
    fits(match.container, identity.container) &&
    fits(match.pod, identity.pod) &&
    Object.entries(labels).every(([label, pattern]) =>
      fits(pattern, Object.hasOwn(identity.labels, label) ? identity.labels[label] : undefined),
    )
  );
}

function fits(pattern: string | undefined, text: string | undefined): boolean {
  return pattern === undefined || (text !== undefined && matchesWildcard(pattern, text));
}
