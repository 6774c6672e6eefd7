import { at, bytes, isOn, type LintRule, plugin, sectionsOf, value, values } from './finding.ts';
import { BUILT_IN_MULTILINE } from './known-keys.ts';

/** Retries of out_s3 that come near to no end; it refuses none. */
const MANY_RETRIES = 1000;
/** Longest pause between retries, in seconds, that still catches up with an outage. */
const MAX_RETRY_PAUSE = 300;
const MIN_LINE_BYTES = 100_000;
/** Seconds until a new file is looked for, at most, and that a renamed one is read on, at least. */
const MAX_REFRESH = 5;
const MIN_ROTATE_WAIT = 120;

/** Rules about records that would be lost. */
export const LOSS_RULES: readonly LintRule[] = [
  {
    name: 'retries-have-no-end',
    trap: 'Retry_Limit is 1 by default: a chunk that is throttled twice is dropped',
    check: (conf) =>
      sectionsOf(conf, 'OUTPUT').flatMap((output) => {
        const limit = value(output, 'Retry_Limit');
        const isEndless = limit !== undefined && /^(?:no_limits|false)$/i.test(limit);
        if (isEndless && plugin(output) !== 's3') return [];
        if (plugin(output) === 's3' && Number(limit) >= MANY_RETRIES) return [];
        return [
          at(output, `Retry_Limit is ${limit ?? '1 (not set)'}: chunks are given up while the disk has room for them`, 'Retry_Limit'),
        ];
      }),
  },
  {
    name: 'retries-come-soon',
    trap: 'retries wait up to 2,000 s by default: half an hour of delay after a short outage',
    check: (conf) =>
      sectionsOf(conf, 'SERVICE').flatMap((service) => {
        const cap = Number(value(service, 'scheduler.cap') ?? 2000);
        return cap <= MAX_RETRY_PAUSE ? [] : [at(service, `scheduler.cap is ${cap} s`, 'scheduler.cap')];
      }),
  },
  {
    name: 'calls-end',
    trap: 'net.io_timeout is none by default: a call whose connection died without a word keeps its chunk for ever',
    check: (conf) =>
      sectionsOf(conf, 'OUTPUT').flatMap((output) =>
        plugin(output) === 'kafka' || value(output, 'net.io_timeout') !== undefined
          ? []
          : [at(output, 'a call without an answer never ends')],
      ),
  },
  {
    name: 'buffers-on-disk',
    trap: 'chunks are in memory by default: they are lost with the pod, and a full buffer pauses the input until its file is rotated away',
    check: (conf) => [
      ...sectionsOf(conf, 'SERVICE').flatMap((service) =>
        value(service, 'storage.path') === undefined ? [at(service, 'no storage.path, so nothing is kept on disk')] : [],
      ),
      ...sectionsOf(conf, 'INPUT', 'tail', 'systemd', 'kubernetes_events').flatMap((input) =>
        value(input, 'storage.type') === 'filesystem' ? [] : [at(input, 'chunks of this input are in memory only', 'storage.type')],
      ),
    ],
  },
  {
    name: 'chunks-survive-a-kill',
    trap: 'with storage.checksum on, chunks that are open when the process is killed do not fit their checksum, and are thrown away at the start',
    check: (conf) =>
      sectionsOf(conf, 'SERVICE').flatMap((service) =>
        isOn(value(service, 'storage.checksum')) ? [at(service, 'a kill loses the chunks that are open', 'storage.checksum')] : [],
      ),
  },
  {
    name: 'emitters-on-disk',
    trap: 'filters that emit records (multiline, rewrite_tag) have a second buffer, in memory by default',
    check: (conf) =>
      sectionsOf(conf, 'FILTER', 'multiline', 'rewrite_tag').flatMap((filter) =>
        value(filter, 'Emitter_Storage.type') === 'filesystem' ? [] : [at(filter, 'its emitter buffers in memory', 'Emitter_Storage.type')],
      ),
  },
  {
    name: 'grace-fits-the-pod',
    trap: 'Grace 30 in a pod that is killed after 10 s',
    check: (conf, { terminationSeconds }) =>
      sectionsOf(conf, 'SERVICE').flatMap((service) => {
        const grace = Number(value(service, 'Grace') ?? 5);
        return grace < terminationSeconds
          ? []
          : [at(service, `Grace is ${grace} s, the pod is killed after ${terminationSeconds} s`, 'Grace')];
      }),
  },
  {
    name: 'positions-are-kept',
    trap: 'an input without a database starts anew after each restart; two inputs with one database overwrite each other',
    check: (conf) => {
      const seen = new Set<string>();
      return sectionsOf(conf, 'INPUT', 'tail', 'systemd').flatMap((input) => {
        const database = value(input, 'DB');
        if (database === undefined) return [at(input, 'no DB: its position is forgotten with the process')];
        if (seen.has(database)) return [at(input, `another input writes to ${database} too`, 'DB')];
        seen.add(database);
        return [];
      });
    },
  },
  {
    name: 'repeats-are-events',
    trap: 'with a database the events input drops an event’s repeats; without one it sends those of a burst several times; by default it leaves out an event that began over an hour ago and goes on',
    check: (conf) =>
      sectionsOf(conf, 'INPUT', 'kubernetes_events').flatMap((input) => [
        ...(value(input, 'DB') === undefined ? [] : [at(input, 'events that come again, with a higher count, are dropped', 'DB')]),
        ...(/^\d+d$/i.test(value(input, 'Kube_Retention_Time') ?? '1h')
          ? []
          : [at(input, 'an event that goes on for longer is dropped', 'Kube_Retention_Time')]),
        ...(sectionsOf(conf, 'FILTER', 'lua').some((filter) => value(filter, 'Match') === value(input, 'Tag'))
          ? []
          : [at(input, 'events that it sends again are not dropped')]),
        ...(isOn(value(input, 'net.tcp_keepalive')) ? [] : [at(input, 'a watch that died without a word is waited on for ever')]),
      ]),
  },
  {
    name: 'files-from-their-head',
    trap: 'a container that starts while the agent is away is read from its tail',
    check: (conf) =>
      sectionsOf(conf, 'INPUT', 'tail').flatMap((input) =>
        isOn(value(input, 'Read_from_Head')) ? [] : [at(input, 'files that no database knows are read from their end', 'Read_from_Head')],
      ),
  },
  {
    name: 'files-are-read-to-their-end',
    trap: 'a new file is seen after ten seconds by default, a renamed one is given up after thirty (by default five), read to its end or not',
    check: (conf) =>
      sectionsOf(conf, 'INPUT', 'tail').flatMap((input) => [
        ...(Number(value(input, 'Refresh_Interval') ?? 60) <= MAX_REFRESH
          ? []
          : [at(input, 'a container that ends and is deleted before is never read', 'Refresh_Interval')]),
        ...(Number(value(input, 'Rotate_Wait') ?? 5) >= MIN_ROTATE_WAIT
          ? []
          : [at(input, 'what an agent that is behind has not read of a renamed file is lost', 'Rotate_Wait')]),
      ]),
  },
  {
    name: 'links-are-known-again',
    trap: 'DB.compare_filename compares a link’s name with its target’s: every start reads every container’s file again from its head',
    check: (conf) =>
      sectionsOf(conf, 'INPUT', 'tail').flatMap((input) =>
        isOn(value(input, 'DB.compare_filename')) ? [at(input, 'no link is ever found in the database', 'DB.compare_filename')] : [],
      ),
  },
  {
    name: 'long-lines-are-kept',
    trap: 'a line over 32 KB is dropped, or its file is given up',
    check: (conf) =>
      sectionsOf(conf, 'INPUT', 'tail').flatMap((input) => {
        const size = value(input, 'Buffer_Max_Size') ?? '32k';
        const places = bytes(size) >= MIN_LINE_BYTES ? [] : [at(input, `lines over ${size} are not read whole`, 'Buffer_Max_Size')];
        if (!isOn(value(input, 'Truncate_Long_Lines')))
          places.push(at(input, 'a longer line is dropped instead of cut', 'Truncate_Long_Lines'));
        if (!isOn(value(input, 'Skip_Long_Lines'))) places.push(at(input, 'a longer line ends the reading of its file', 'Skip_Long_Lines'));
        return places;
      }),
  },
  {
    name: 'lines-are-joined-in-a-filter',
    trap: 'two parsers in an input do not chain: `cri, java` joins no stack trace, because cri fits every line',
    check: (conf) =>
      sectionsOf(conf, 'INPUT', 'tail').flatMap((input) =>
        (value(input, 'multiline.parser') ?? '').includes(',')
          ? [at(input, 'only the first parser that fits is used', 'multiline.parser')]
          : [],
      ),
  },
  {
    name: 'streams-are-not-mixed',
    trap: 'built-in multi-line parsers mix lines of stderr into the record of stdout',
    check: (conf) => {
      const ours = new Set(
        sectionsOf(conf, 'MULTILINE_PARSER')
          .filter((each) => value(each, 'Key_Group') === 'stream')
          .map((each) => value(each, 'Name')),
      );
      return sectionsOf(conf, 'FILTER', 'multiline').flatMap((filter) =>
        ours.has(value(filter, 'multiline.parser') ?? '') && !BUILT_IN_MULTILINE.has(value(filter, 'multiline.parser') ?? '')
          ? []
          : [at(filter, 'its parser has no Key_Group stream, or is Fluent Bit’s own of that name', 'multiline.parser')],
      );
    },
  },
  {
    name: 'emitting-filters-come-first',
    trap: 'a filter that emits sends its records through all filters again: what stands before it is done twice',
    check: (conf) => {
      const filters = sectionsOf(conf, 'FILTER');
      const first = filters.findIndex(
        (filter) => /^(?:application|routed)\./.test(value(filter, 'Match') ?? '') && plugin(filter) !== 'multiline',
      );
      return filters.flatMap((filter, index) =>
        plugin(filter) === 'multiline' && first >= 0 && index > first ? [at(filter, 'it stands behind a filter of the same records')] : [],
      );
    },
  },
  {
    name: 'every-tag-has-an-output',
    trap: 'a Match that fits nothing, and a tag that no output takes, are said nowhere',
    check: (conf) => {
      const inputs = [
        ...sectionsOf(conf, 'INPUT').map((section) => ({ section, tag: value(section, 'Tag') ?? '' })),
        ...sectionsOf(conf, 'FILTER', 'rewrite_tag').map((section) => ({
          section,
          tag: (value(section, 'Rule') ?? '').split(' ').at(-2) ?? '',
        })),
      ];
      const outputs = sectionsOf(conf, 'OUTPUT');
      const lost = inputs.filter(({ tag }) => !outputs.some((output) => overlap(value(output, 'Match') ?? '', tag)));
      const idle = outputs.filter((output) => !inputs.some(({ tag }) => overlap(value(output, 'Match') ?? '', tag)));
      return [
        ...lost.map(({ section, tag }) => at(section, `no output takes ${tag}`)),
        ...idle.map((output) => at(output, `no input has a tag like ${value(output, 'Match') ?? '(none)'}`, 'Match')),
      ];
    },
  },
  {
    name: 'identity-is-kept',
    trap: 'without time, stream and container id a record that is sent again is another document',
    check: (conf) => {
      const identity = ['time', 'stream', 'kubernetes', 'docker_id', 'log'];
      let isAside = false;
      return sectionsOf(conf, 'FILTER').flatMap((filter) => {
        if (!/^(?:application|routed)/.test(value(filter, 'Match') ?? '')) return [];
        if (plugin(filter) === 'nest') {
          // What `parseOnNode` puts aside and takes back is not lost in between.
          if (value(filter, 'Operation') === 'lift') isAside = false;
          else if (values(filter, 'Wildcard').includes('time')) isAside = true;
        }
        if (isAside) return [];
        const removed = [...values(filter, 'Remove_key'), ...values(filter, 'Remove')].filter((key) => identity.includes(key));
        const places = removed.map((key) => at(filter, `removes ${key}`));
        const kept = values(filter, 'Allowlist_key');
        if (kept.length > 0 && !identity.every((key) => kept.includes(key) || key === 'docker_id'))
          places.push(at(filter, 'drops every key that it does not name'));
        return places;
      });
    },
  },
];

/** Whether some tag fits both patterns; a `*` or a variable in either stands for any text. */
function overlap(match: string, tag: string): boolean {
  const [fixedMatch = '', ...restMatch] = match.split('*');
  const [fixedTag = '', ...restTag] = tag.replaceAll(/\$\w+/g, '*').split('*');
  if (restMatch.length === 0 && restTag.length === 0) return match === tag;
  if (restMatch.length === 0) return match.startsWith(fixedTag);
  if (restTag.length === 0) return tag.startsWith(fixedMatch);
  return fixedMatch.startsWith(fixedTag) || fixedTag.startsWith(fixedMatch);
}
