import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ContainerFile } from '../../lambdas/events/fluent-bit.ts';

/** Identity that a user's own file gets, so that an application of the config can claim it. */
export function inputIdentity(file: string, namespaceName: string, containerName: string): ContainerFile {
  const podName = basename(file)
    .toLowerCase()
    .replace(/\.gz$/, '')
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 63);
  return { podName: podName || 'input', namespaceName, containerName, containerId: createHash('sha256').update(file).digest('hex') };
}
