import type { ParsedSection } from '../conf/parse.ts';
import { at, bytes, isOn, type LintRule, plugin, sectionsOf, value, values } from './finding.ts';

/** Days that CloudWatch takes as a retention and the plugin passes on. */
const RETENTION_DAYS: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);
/** Bytes of a full chunk, and what the process needs besides. */
const CHUNK_MIB = 2;
const PROCESS_MIB = 60;

/** Rules about memory, disk, money and what others can see. */
export const RESOURCE_RULES: readonly LintRule[] = [
  {
    name: 'disk-is-bounded',
    trap: 'retries without an end fill the disk of the node, and the kubelet evicts pods',
    check: (conf, { diskLimitMiB }) => {
      const outputs = sectionsOf(conf, 'OUTPUT');
      const places = outputs.flatMap((output) =>
        limitOf(output) === undefined ? [at(output, 'no storage.total_limit_size: it may fill the disk')] : [],
      );
      const total = outputs.reduce((sum, output) => sum + bytes(limitOf(output) ?? '0'), 0) / 1024 / 1024;
      const [first] = outputs;
      if (first !== undefined && total > diskLimitMiB)
        places.push(at(first, `queues of ${Math.ceil(total)} MiB, the limit is ${diskLimitMiB} MiB`));
      return places;
    },
  },
  {
    name: 'chunks-fit-the-memory',
    trap: '128 chunks of 2 MB do not fit into the pod: it is killed in a burst',
    check: (conf, { memoryLimitMiB }) =>
      sectionsOf(conf, 'SERVICE').flatMap((service) => {
        const chunks = Number(value(service, 'storage.max_chunks_up') ?? 128);
        const backlogMiB = bytes(value(service, 'storage.backlog.mem_limit') ?? '100M') / 1024 / 1024;
        const neededMiB = chunks * CHUNK_MIB + PROCESS_MIB;
        const places =
          neededMiB <= memoryLimitMiB
            ? []
            : [at(service, `${chunks} chunks need ${neededMiB} MiB, the pod has ${memoryLimitMiB}`, 'storage.max_chunks_up')];
        if (backlogMiB > memoryLimitMiB / 4)
          places.push(at(service, 'old chunks take more than a quarter of the memory', 'storage.backlog.mem_limit'));
        return places;
      }),
  },
  {
    name: 'port-on-loopback',
    trap: 'HTTP_Listen 0.0.0.0 in the network of the node shows counts on every address, without a password',
    check: (conf) =>
      sectionsOf(conf, 'SERVICE').flatMap((service) =>
        !isOn(value(service, 'HTTP_Server')) || value(service, 'HTTP_Listen') === '127.0.0.1'
          ? []
          : [at(service, 'its port is open to the network', 'HTTP_Listen')],
      ),
  },
  {
    name: 'groups-expire',
    trap: 'a log group that the agent makes is kept for ever; a wrong number of days is taken without a word',
    check: (conf) =>
      sectionsOf(conf, 'OUTPUT', 'cloudwatch_logs').flatMap((output) => {
        const days = value(output, 'log_retention_days');
        return RETENTION_DAYS.has(Number(days)) ? [] : [at(output, `log_retention_days is ${days ?? 'not set'}`, 'log_retention_days')];
      }),
  },
  {
    name: 'own-logs-are-left-out',
    trap: 'an agent that reads its own complaints sends them, fails, and complains',
    check: (conf, { ownNamespaces }) =>
      sectionsOf(conf, 'INPUT', 'tail').flatMap((input) => {
        const folders = (value(input, 'Path') ?? '').split(/,\s*/).flatMap((path) => /^(\/.*)\/\*\.log$/.exec(path)?.slice(1) ?? []);
        if (!folders.includes('/var/log/containers')) return [];
        const excluded = (value(input, 'Exclude_Path') ?? '').split(/,\s*/);
        const missing = ownNamespaces.filter((name) => folders.some((folder) => !excluded.includes(`${folder}/*_${name}_*.log`)));
        return missing.map((name) => at(input, `reads containers of ${name}`, 'Exclude_Path'));
      }),
  },
  {
    name: 'lines-are-sent-once',
    trap: 'Merge_Log On sends every JSON line twice, as text and as fields; the kernel’s lines are in two host inputs',
    check: (conf) => [
      ...sectionsOf(conf, 'FILTER', 'kubernetes').flatMap((filter) =>
        isOn(value(filter, 'Merge_Log')) ? [at(filter, 'the parsed fields leave the node besides the text', 'Merge_Log')] : [],
      ),
      ...(sectionsOf(conf, 'INPUT', 'systemd').some((input) => value(input, 'Tag') === 'host.messages') &&
      !sectionsOf(conf, 'FILTER', 'grep').some((filter) => values(filter, 'Exclude').some((rule) => rule.startsWith('_TRANSPORT ')))
        ? sectionsOf(conf, 'INPUT', 'systemd')
            .slice(0, 1)
            .map((input) => at(input, 'lines of the kernel are in host.dmesg and in host.messages'))
        : []),
    ],
  },
  {
    name: 'whole-records',
    trap: 'log_key sends every member whose name begins like it, breaks JSON on Kinesis, and drops the rest of the record',
    check: (conf) =>
      sectionsOf(conf, 'OUTPUT').flatMap((output) =>
        value(output, 'log_key') === undefined ? [] : [at(output, 'only a part of the record is sent', 'log_key')],
      ),
  },
  {
    name: 'keys-are-dropped-by-name',
    trap: 'Remove_regex [A-Z] takes every key with a capital letter, also those that come later',
    check: (conf) =>
      sectionsOf(conf, 'FILTER').flatMap((filter) =>
        ['Remove_regex', 'Remove_wildcard']
          .filter((key) => value(filter, key) !== undefined)
          .map((key) => at(filter, 'drops keys by a pattern', key)),
      ),
  },
  {
    name: 'imds-v2',
    trap: 'IMDSv1 is refused on hardened nodes',
    check: (conf) =>
      sectionsOf(conf, 'FILTER', 'aws').flatMap((filter) =>
        value(filter, 'imds_version') === 'v2' ? [] : [at(filter, 'asks by IMDSv1', 'imds_version')],
      ),
  },
  {
    name: 'retries-are-seen',
    trap: 'Log_Level error hides retries, and nothing counts what is dropped',
    check: (conf) => [
      ...sectionsOf(conf, 'OUTPUT').flatMap((output) =>
        value(output, 'Alias') === undefined ? [at(output, 'its counts have no lasting name')] : [],
      ),
      ...sectionsOf(conf, 'SERVICE').flatMap((service) =>
        isOn(value(service, 'HTTP_Server')) && isOn(value(service, 'storage.metrics'))
          ? []
          : [at(service, 'its counts cannot be read', 'HTTP_Server')],
      ),
    ],
  },
  {
    name: 'events-have-one-id',
    trap: 'OpenSearch makes a new id for a record that is sent again',
    check: (conf) =>
      sectionsOf(conf, 'OUTPUT', 'opensearch', 'es').flatMap((output) =>
        isOn(value(output, 'Generate_ID')) && isOn(value(output, 'Logstash_Format'))
          ? []
          : [at(output, 'a chunk that is sent again is stored again', 'Generate_ID')],
      ),
  },
  {
    name: 'state-outlives-the-pod',
    trap: 'S3’s plugin gathers files below /tmp by default, which ends with the pod',
    check: (conf) =>
      sectionsOf(conf, 'OUTPUT', 's3').flatMap((output) => {
        const places = (value(output, 'store_dir') ?? '/tmp').startsWith('/var/fluent-bit/state')
          ? []
          : [at(output, 'files that are not sent yet are lost with the pod', 'store_dir')];
        return places;
      }),
  },
  {
    name: 'aliases-are-unique',
    trap: 'two plugins with one alias share their counts; Fluent Bit does not mind',
    check: (conf) => {
      const seen = new Set<string>();
      return conf.sections.flatMap((section) => {
        const alias = value(section, 'Alias') ?? value(section, 'Emitter_Name');
        if (alias === undefined) return [];
        if (seen.has(alias)) return [at(section, `another ${plugin(section)} is called ${alias} too`, 'Alias')];
        seen.add(alias);
        return [];
      });
    },
  },
];

/** What an output may have on disk. */
function limitOf(output: ParsedSection): string | undefined {
  return value(output, plugin(output) === 's3' ? 'store_dir_limit_size' : 'storage.total_limit_size');
}
