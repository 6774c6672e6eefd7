/** A line of a container, its pieces joined. */
export interface ContainerLine {
  /** RFC 3339, with nanoseconds where the runtime wrote it. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly log: string;
}

/** What Fluent Bit's kubernetes filter adds from a container file's name. */
export interface ContainerFile {
  readonly podName: string;
  readonly namespaceName: string;
  readonly containerName: string;
  readonly containerId: string;
}

/** Event as PutLogEvents takes it. */
export interface CollectedEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Node that containers whose files do not tell are said to run on; it is one of the two of the recorded control plane. */
export const NODE_NAME = 'ip-10-0-11-35.ec2.internal';

const CONTAINER_FILE = /^([a-z0-9.-]+)_([a-z0-9-]+)_([a-z0-9.-]+)-([0-9a-f]{64})\.log(?:\.gz)?$/;

/** Reads `POD_NAMESPACE_CONTAINER-ID.log`, the name of a file under /var/log/containers, with or without its folder; undefined for another name. */
export function identityOf(file: string): ContainerFile | undefined {
  const match = CONTAINER_FILE.exec(file.slice(file.lastIndexOf('/') + 1));
  if (!match) return undefined;
  const [, podName = '', namespaceName = '', containerName = '', containerId = ''] = match;
  return { podName, namespaceName, containerName, containerId };
}

/** The record that Fluent Bit sends for a line, as the text of a CloudWatch event; its time is the event's time. */
export function fluentBitEvent(line: ContainerLine, identity: ContainerFile): CollectedEvent {
  const message = JSON.stringify({
    time: line.time,
    stream: line.stream,
    _p: 'F',
    log: line.log,
    kubernetes: {
      pod_name: identity.podName,
      namespace_name: identity.namespaceName,
      host: NODE_NAME,
      container_name: identity.containerName,
      docker_id: identity.containerId,
    },
  });
  return { timestamp: Date.parse(line.time), message };
}

/** Log stream that the Container Insights configuration gives a container file. */
export function containerStream({ podName, namespaceName, containerName, containerId }: ContainerFile): string {
  return `${NODE_NAME}-application.var.log.containers.${podName}_${namespaceName}_${containerName}-${containerId}.log`;
}
