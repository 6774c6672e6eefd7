import { changed, type Entry, entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { CRI, DATAPLANE_FILES } from './container-inputs.ts';
import { withRenamed } from './renamed.ts';
import { aliasEntry, databasePath, tailSection } from './tail.ts';
import { DATAPLANE_UNITS } from './values.ts';

/** Units whose lines are the data plane's already. */
const OFFICIAL_UNITS: ReadonlySet<string> = new Set(['docker.service', 'containerd.service', 'kubelet.service']);

/** The node's agents: units of systemd, and the two DaemonSets that every node has. */
export function dataplaneSections(context: RenderContext): Section[] {
  return [
    journalInput({
      alias: 'in-dataplane-journal',
      tag: 'dataplane.systemd.*',
      database: 'systemd.db',
      filters: DATAPLANE_UNITS.map((unit) =>
        OFFICIAL_UNITS.has(unit)
          ? entry('Systemd_Filter', `_SYSTEMD_UNIT=${unit}`)
          : changed(
              'Systemd_Filter',
              `_SYSTEMD_UNIT=${unit}`,
              'on nodes of EKS Auto Mode it is a unit and has no pod; where it is missing this costs nothing.',
            ),
      ),
    }),
    tailSection({
      alias: 'in-dataplane-pods',
      tag: entry('Tag', 'dataplane.tail.*'),
      path: changed('Path', withRenamed(DATAPLANE_FILES).join(', '), 'officially by the beginning of the pod’s name in any namespace.'),
      parser: CRI,
      database: entry('DB', databasePath('flb_dataplane_tail.db')),
    }),
    keepOnly('dataplane.systemd.*', [
      ['_HOSTNAME', 'hostname'],
      ['_SYSTEMD_UNIT', 'systemd_unit'],
      ['MESSAGE', 'message'],
      ['PRIORITY', 'priority'],
    ]),
    ...instanceFilter('dataplane.*', context),
  ].flat();
}

/** The node's journal: kernel, system, logins. No line twice. */
export function hostSections(context: RenderContext): Section[] {
  const priorities = [0, 1, 2, 3, 4, 5, 6].map((priority) => entry('Systemd_Filter', `PRIORITY=${priority}`));
  const units = DATAPLANE_UNITS.map((unit) => unit.replace('.service', '')).join('|');
  return [
    journalInput({
      alias: 'in-host-dmesg',
      tag: 'host.dmesg',
      database: 'flb_dmesg.db',
      filters: [entry('Systemd_Filter', '_TRANSPORT=kernel')],
    }),
    journalInput({ alias: 'in-host-messages', tag: 'host.messages', database: 'flb_messages.db', filters: priorities }),
    journalInput({
      alias: 'in-host-secure',
      tag: 'host.secure',
      database: 'flb_secure.db',
      filters: [entry('Systemd_Filter', 'SYSLOG_FACILITY=10')],
    }),
    ...instanceFilter('host.*', context),
    {
      name: 'FILTER',
      entries: [
        entry('Name', 'grep'),
        aliasEntry('exclude-host-messages'),
        entry('Match', 'host.messages'),
        entry('Exclude', 'SYSLOG_FACILITY /^(2|9|10)$/'),
        changed('Exclude', '_TRANSPORT /^kernel$/', 'host.dmesg has them; officially every line of the kernel is sent and paid twice.'),
        changed('Exclude', `_SYSTEMD_UNIT /^(?:${units})\\.service$/`, 'the data plane has them, for the same reason.'),
      ],
    },
    ...keepOnly('host.*', [
      ['_HOSTNAME', 'host'],
      ['MESSAGE', 'message'],
      ['SYSLOG_IDENTIFIER', 'ident'],
      ['SYSLOG_PID', 'pid'],
      ['_SYSTEMD_UNIT', 'unit'],
      ['PRIORITY', 'priority'],
    ]),
  ];
}

function journalInput({
  alias,
  tag,
  database,
  filters,
}: {
  alias: string;
  tag: string;
  database: string;
  filters: readonly Entry[];
}): Section {
  return {
    name: 'INPUT',
    entries: [
      entry('Name', 'systemd'),
      aliasEntry(alias),
      entry('Tag', tag),
      ...filters,
      entry('DB', databasePath(database)),
      entry('Path', '/var/log/journal'),
      entry('Read_From_Tail', 'On'),
      changed('storage.type', 'filesystem', 'officially in memory without a limit: lost with the pod, and the pod is lost with them.'),
    ],
  };
}

/** Renames members of the journal and drops every other one, by name: a pattern such as [A-Z] also drops what is added later. */
function keepOnly(tag: string, names: readonly (readonly [journal: string, ours: string])[]): Section[] {
  const added = ['ec2_instance_id', 'az'];
  return [
    {
      name: 'FILTER',
      entries: [
        entry('Name', 'modify'),
        entry('Match', tag),
        ...names.map(([journal, ours]) =>
          ours === 'priority' || ours === 'unit'
            ? changed('Rename', `${journal} ${ours}`, 'officially dropped: without it a query cannot tell an error from a greeting.')
            : entry('Rename', `${journal} ${ours}`),
        ),
      ],
    },
    {
      name: 'FILTER',
      entries: [
        changed('Name', 'record_modifier', 'officially modify with Remove_regex, which takes every member whose name it finds anywhere.'),
        entry('Match', tag),
        ...[...names.map(([, ours]) => ours), ...added].map((name) => changed('Allowlist_key', name, 'stays.')),
      ],
    },
  ];
}

/** Instance id and zone, by IMDSv2: with a hop limit of 1 only a pod in the network of the node reaches it. */
function instanceFilter(tag: string, { config }: RenderContext): Section[] {
  if (!config.collection.inputs.instanceMetadata) return [];
  return [{ name: 'FILTER', entries: [entry('Name', 'aws'), entry('Match', tag), entry('imds_version', 'v2')] }];
}
