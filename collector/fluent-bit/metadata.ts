import { changed, type Entry, entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { collectedApplications, tagsOf } from './applications.ts';
import { aliasEntry, PATH_KEY } from './tail.ts';
import { NODE_NAME, slashed } from './values.ts';

/** Parsers of container files' names, in parsers.conf. */
export const FILE_NAME_PARSER = 'container_file';
export const TAG_PARSER = 'container_tag';

/** Pod, namespace, container and id in a container file's name. No name of Kubernetes holds an underscore. */
const FILE_NAME =
  '(?<pod_name>[a-z0-9][a-z0-9.-]*)_(?<namespace_name>[a-z0-9-]+)_(?<container_name>[a-z0-9-]+)-(?<docker_id>[0-9a-f]{64})\\.log$';
export const FILE_NAME_REGEX = `/${FILE_NAME}`;
/** What stands before it in a tag: the folder of the kubelet's links, or that of ours to renamed files. */
const TAG_FOLDERS = '\\.(?:log\\.containers|state)\\.';
export const TAG_REGEX = `${TAG_FOLDERS}${FILE_NAME}`;

const NAMES = ['pod_name', 'namespace_name', 'container_name', 'docker_id', 'host'] as const;

/** Filters that give a container's record its `kubernetes` member: from its file's name, or from the kubelet. */
export function metadataFilters(context: RenderContext): Section[] {
  const { config, cluster } = context;
  const roots = new Set(collectedApplications(config, cluster).map(({ root }) => root));
  // Records that are chosen by a label have their metadata already when they get their tag.
  const tags = roots.has('routed') ? ['application.*', 'routed.*'] : ['application.*'];
  return config.collection.fluentBit.kubernetesMetadata === 'fileName'
    ? tags.flatMap(fromFileName)
    : tags.flatMap((tag) => fromKubelet(tag, context));
}

function fromFileName(tag: string): Section[] {
  const why = 'officially by the kubelet’s API, which needs the right nodes/proxy; names and ids are in the file’s name.';
  return [
    {
      name: 'FILTER',
      about: 'Pod, namespace, container and id from the name of the file: no API call, no rights in the cluster.',
      entries: [
        changed('Name', 'parser', why),
        matchEntry(tag),
        changed('Key_Name', PATH_KEY, 'the path that the input keeps.'),
        changed('Parser', FILE_NAME_PARSER, 'in parsers.conf.'),
        changed('Reserve_Data', 'On', 'everything else stays: time with its nanoseconds, stream and log make the document’s id.'),
        changed('Preserve_Key', 'Off', 'the path itself has done its work.'),
      ],
    },
    {
      name: 'FILTER',
      entries: [
        changed('Name', 'record_modifier', 'what the name of the file does not tell.'),
        matchEntry(tag),
        changed('Record', `host ${NODE_NAME}`, 'the node, as the kubelet would name it.'),
        changed('Remove_key', '_p', 'the runtime’s mark of a cut line: it stays on the joined one and says nothing any more.'),
      ],
    },
    {
      name: 'FILTER',
      entries: [
        changed('Name', 'nest', 'the shape that the kubelet’s metadata has.'),
        matchEntry(tag),
        changed('Operation', 'nest', 'into one member.'),
        ...NAMES.map((name) => changed('Wildcard', name, 'a member of kubernetes.')),
        changed('Nest_under', 'kubernetes', 'where parsers and queries look for them.'),
      ],
    },
  ];
}

function fromKubelet(tag: string, { config }: RenderContext): Section[] {
  const needsLabels = config.applications.some(({ match }) => match.labels !== undefined);
  return [
    {
      name: 'FILTER',
      entries: [
        entry('Name', 'kubernetes'),
        aliasEntry(`metadata-${tag.slice(0, -2)}`),
        matchEntry(tag),
        entry('Kube_URL', 'https://kubernetes.default.svc:443'),
        changed('Kube_Tag_Prefix', tag.slice(0, -2), 'the parser below finds the file’s name behind it, whatever an application’s tag is.'),
        changed(
          'Regex_Parser',
          TAG_PARSER,
          'in parsers.conf; the built-in one would take an application’s tag for a part of the pod’s name.',
        ),
        changed(
          'Merge_Log',
          'Off',
          'officially On: every JSON line would leave the node twice, as text and as log_processed. Our functions read the text.',
        ),
        changed('K8S-Logging.Parser', 'Off', 'parsers are named in this configuration, not by annotations of pods.'),
        entry('K8S-Logging.Exclude', 'Off'),
        needsLabels ? changed('Labels', 'On', 'applications are matched by labels.') : entry('Labels', 'Off'),
        entry('Annotations', 'Off'),
        entry('Use_Kubelet', 'On'),
        entry('Kubelet_Port', 10250),
        entry('Buffer_Size', 0),
        changed(
          'Kube_Meta_Cache_TTL',
          '10m',
          'labels that change are seen within ten minutes; the default keeps them for the life of the agent.',
        ),
      ],
    },
    {
      name: 'FILTER',
      entries: [
        changed('Name', 'record_modifier', 'one member less to send.'),
        matchEntry(tag),
        changed('Remove_key', '_p', 'the runtime’s mark of a cut line: it stays on the joined one and says nothing any more.'),
      ],
    },
  ];
}

/** Filters that give records a tag of their application by a label, which only the metadata tell. */
export function labelFilters({ config, cluster }: RenderContext): Section[] {
  return collectedApplications(config, cluster).flatMap((application) => {
    const { name, label, root, tag, match } = application;
    if (label === undefined) return [];
    const [pod, namespace, container] = [match.pod, match.namespace, match.container].map((part) => wildcardRegex(part ?? '*', '[^_]*'));
    return [
      {
        name: 'FILTER',
        about: `Application ${name}, by its label.`,
        entries: [
          changed('Name', 'rewrite_tag', 'officially none.'),
          aliasEntry(`label-${name}`),
          changed(
            'Match_Regex',
            `^application\\.(?:.*\\.)?(?:log\\.containers|state)\\.${pod}_${namespace}_${container}-[0-9a-f]{64}\\.log$`,
            'files whose name allows it.',
          ),
          changed(
            'Rule',
            `$kubernetes['labels']['${label.key}'] ${slashed(`^${wildcardRegex(label.value, '.*')}$`)} ${root}.${tag}.$TAG false`,
            `the new tag is ${tagsOf(application)}; the record leaves the old one.`,
          ),
          changed('Emitter_Name', `emit-label-${name}`, 'its name in the metrics.'),
          changed(
            'Emitter_Storage.type',
            'filesystem',
            'the filter has a buffer of its own, in memory by default: what is in it would be lost with the pod.',
          ),
          changed('Emitter_Mem_Buf_Limit', '10M', 'the default; above it the filter waits.'),
        ],
      } satisfies Section,
    ];
  });
}

function wildcardRegex(wildcard: string, any: string): string {
  return wildcard
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join(any);
}

function matchEntry(tag: string): Entry {
  return tag === 'application.*'
    ? entry('Match', tag)
    : changed('Match', tag, 'applications whose records do not go to the application group.');
}
