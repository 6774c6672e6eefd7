import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { InputEvent } from '../logs/log-group.ts';

/** A line of a container, its pieces joined. */
export interface ContainerLine {
  /** RFC 3339, with nanoseconds where the runtime wrote it. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly log: string;
}

/** What Fluent Bit's kubernetes filter adds from a container file's name. */
export interface ContainerIdentity {
  readonly podName: string;
  readonly namespaceName: string;
  readonly containerName: string;
  readonly containerId: string;
}

/** Node that the samples' containers are said to run on; it is one of the two of the control-plane samples. */
export const NODE_NAME = 'ip-10-0-11-35.ec2.internal';

const CONTAINER_FILE = /^([a-z0-9.-]+)_([a-z0-9-]+)_([a-z0-9.-]+)-([0-9a-f]{64})\.log(?:\.gz)?$/;

/** Reads `POD_NAMESPACE_CONTAINER-ID.log`, the name of a file under /var/log/containers; undefined for another name. */
export function identityOf(file: string): ContainerIdentity | undefined {
  const match = CONTAINER_FILE.exec(basename(file));
  if (!match) return undefined;
  const [, podName = '', namespaceName = '', containerName = '', containerId = ''] = match;
  return { podName, namespaceName, containerName, containerId };
}

/** Identity that a user's own file gets, so that an application of the config can claim it. */
export function inputIdentity(file: string, namespaceName: string, containerName: string): ContainerIdentity {
  const podName = basename(file)
    .toLowerCase()
    .replace(/\.gz$/, '')
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 63);
  return { podName: podName || 'input', namespaceName, containerName, containerId: createHash('sha256').update(file).digest('hex') };
}

/** The record that Fluent Bit sends for a line, as the text of a CloudWatch event; its time is the event's time. */
export function fluentBitEvent(line: ContainerLine, identity: ContainerIdentity): InputEvent {
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
export function containerStream(identity: ContainerIdentity): string {
  const { podName, namespaceName, containerName, containerId } = identity;
  return `${NODE_NAME}-application.var.log.containers.${podName}_${namespaceName}_${containerName}-${containerId}.log`;
}
