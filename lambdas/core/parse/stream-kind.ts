import type { ControlPlaneKind } from '../rules/rules.ts';
import type { Format } from './types.ts';

// Order matters: the audit stream's name starts with the api stream's.
const PREFIXES: readonly (readonly [string, ControlPlaneKind])[] = [
  ['kube-apiserver-audit', 'audit'],
  ['kube-apiserver', 'api'],
  ['authenticator', 'authenticator'],
  ['kube-controller-manager', 'controllerManager'],
  ['cloud-controller-manager', 'controllerManager'],
  ['kube-scheduler', 'scheduler'],
];

/** What a stream of `/aws/eks/<cluster>/cluster` holds, by its name's prefix; undefined for a prefix that EKS has not used so far. */
export function controlPlaneKind(logStream: string): ControlPlaneKind | undefined {
  for (const [prefix, kind] of PREFIXES) {
    if (!logStream.startsWith(prefix)) continue;
    const next = logStream.charAt(prefix.length);
    // EKS ends a stream's name in `-` and 32 hex digits; sample files have a bare name or an extension.
    if (next === '' || next === '-' || next === '.') return kind;
  }
  return undefined;
}

/** Format of a stream kind's records. An api stream also holds zap lines and plain text: the parser's fallback deals with them. */
export function formatOfKind(kind: ControlPlaneKind): Format {
  if (kind === 'audit') return 'audit';
  return kind === 'authenticator' ? 'logrus' : 'klog';
}
