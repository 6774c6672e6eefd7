import { changed, type Entry, entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { CONTAINER_LOGS, type CollectedApplication, collectedApplications, filesOf, filesOfNamespace } from './applications.ts';
import { renamedSections, withRenamed } from './renamed.ts';
import { databasePath, ownDatabase, tailSection } from './tail.ts';
import { DATAPLANE_PODS } from './values.ts';

/** The runtime's framing; lines that it cut are joined. */
export const CRI = changed(
  'multiline.parser',
  'cri',
  'officially `docker, cri`: nodes of EKS have containerd, and the first parser costs a try per line.',
);

/** Files of the data plane's own containers. */
export const DATAPLANE_FILES: readonly string[] = DATAPLANE_PODS.map((pod) => `${CONTAINER_LOGS}/${pod}*_kube-system_*.log`);

/** Inputs of containers: one for each application that its file names choose, and one for all others. */
export function containerInputs(context: RenderContext): Section[] {
  const { config, cluster } = context;
  if (!config.collection.inputs.application) return [];
  const byFile = collectedApplications(config, cluster).filter(({ label }) => label === undefined);
  const pathWhy = pathReason(config.collection.fluentBit.kubernetesMetadata);
  const excluded = [
    ...[...new Set([config.collection.namespace, ...config.collection.excludeNamespaces])].map(filesOfNamespace),
    ...DATAPLANE_FILES,
    ...byFile.map(filesOf),
  ];
  return [
    ...renamedSections(context),
    ...byFile.map((application) => applicationInput(application, excluded.slice(0, -byFile.length), pathWhy)),
    tailSection({
      about: 'Every container that has no input of its own.',
      alias: 'in-application',
      tag: entry('Tag', 'application.*'),
      path: changed('Path', withRenamed([`${CONTAINER_LOGS}/*.log`]).join(', '), 'also links to files that were renamed a moment ago.'),
      exclude: changed(
        'Exclude_Path',
        withRenamed(excluded).join(', '),
        'our own namespace and those of collection.excludeNamespaces, the data plane (below), and applications with an input of their own. Officially by the name of the pod alone, in any namespace.',
      ),
      parser: CRI,
      pathWhy,
      database: entry('DB', databasePath('flb_container.db')),
    }),
  ];
}

function applicationInput(application: CollectedApplication, neverRead: readonly string[], pathWhy: string | undefined): Section {
  const { name, tag, root, match } = application;
  const excluded = neverReadBy(match.namespace, neverRead);
  return tailSection({
    about: `Application ${name}.`,
    alias: `in-${name}`,
    tag: changed('Tag', `${root}.${tag}.*`, 'what follows is for this application alone.'),
    path: pathOf(application),
    ...(excluded.length === 0
      ? {}
      : {
          exclude: changed(
            'Exclude_Path',
            withRenamed(excluded).join(', '),
            'what its match reaches besides: never our own namespace, nor the data plane.',
          ),
        }),
    parser: CRI,
    pathWhy,
    database: ownDatabase(`flb_app_${name}.db`),
  });
}

/** What a match could reach of the files that are never an application's. */
function neverReadBy(namespace: string | undefined, neverRead: readonly string[]): readonly string[] {
  if (namespace === undefined || namespace.includes('*')) return neverRead;
  return namespace === 'kube-system' ? DATAPLANE_FILES : [];
}

function pathOf(application: CollectedApplication): Entry {
  return changed(
    'Path',
    withRenamed([filesOf(application)]).join(', '),
    `applications[${application.name}].match; ? stands for each of the 64 digits of the container’s id. The second is for links to renamed files.`,
  );
}

function pathReason(metadata: 'fileName' | 'kubelet'): string | undefined {
  return metadata === 'fileName' ? 'pod, namespace and container are read from the file’s name below.' : undefined;
}
