/** Where Fluent Bit puts a variable of its environment. */
function variable(name: string): string {
  return `\${${name}}`;
}

/** Name of the node, from the environment of the pod (downward API, spec.nodeName). */
export const NODE_NAME = variable('HOST_NAME');

/** Folder of the node that keeps positions and chunks over restarts of the pod. */
export const STATE_FOLDER = '/var/fluent-bit/state';

/** Longest line of a file, in bytes: containerd writes at most 16 KiB a line, Docker six times that when every byte is escaped. */
export const CONTAINER_LINE_BYTES = '256k';
/** The same for files that no runtime cuts: CloudWatch takes 1 MB. */
export const FILE_LINE_BYTES = '1M';

/** Event age at which CloudWatch drops events of a successful call without a word (PutLogEvents). */
export const OLDEST_EVENT = '14d';

/** Units of systemd that belong to the data plane; on nodes of EKS Auto Mode the network and DNS agents are units too. */
export const DATAPLANE_UNITS = [
  'docker.service',
  'containerd.service',
  'kubelet.service',
  'kube-proxy.service',
  'aws-node.service',
  'ipamd.service',
  'coredns.service',
  'eks-pod-identity-agent.service',
] as const;

/** `kube-system` containers of the data plane, by the beginning of their pods' names. */
export const DATAPLANE_PODS = ['aws-node-', 'kube-proxy-'] as const;

/** A regular expression between slashes: Fluent Bit takes them off, so one that itself begins and ends with a slash stays whole. */
export function slashed(regex: string): string {
  return `/${regex}/`;
}
