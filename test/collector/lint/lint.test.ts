import { renderFluentBit } from '../../../collector/fluent-bit.ts';
import { LINT_RULES, lintFluentBit } from '../../../collector/lint/lint.ts';
import type { FluentBitTarget } from '../../../collector/types.ts';
import { clusterOf, FULL, KUBELET, PLAIN } from '../configs.ts';
import { expectationsOf } from '../expectations.ts';

test.each([
  ['everything', FULL],
  ['metadata of the kubelet', KUBELET],
  ['nothing said', PLAIN],
])('a rendered configuration has nothing to complain of: %s', (_name, config) => {
  for (const target of ['daemonset', 'addon', 'events'] as const satisfies readonly FluentBitTarget[]) {
    expect(lintFluentBit(renderFluentBit(config, clusterOf(config), target), expectationsOf(config, target))).toEqual([]);
  }
});

/** A change of the rendered text, and the rule that sees it. */
const BROKEN: readonly (readonly [rule: string, from: string | RegExp, to: string])[] = [
  ['retries-have-no-end', /Retry_Limit +no_limits/, 'Retry_Limit 10'],
  ['retries-have-no-end', /Retry_Limit +5000/, 'Retry_Limit 5'],
  ['retries-have-no-end', / +Retry_Limit +no_limits\n/, ''],
  ['retries-come-soon', /scheduler.cap +60/, 'scheduler.cap 2000'],
  ['calls-end', / +net.io_timeout +60s\n/, ''],
  ['buffers-on-disk', /storage.type +filesystem/, 'storage.type memory'],
  ['buffers-on-disk', / +storage.path .*\n/, ''],
  ['chunks-survive-a-kill', /storage.checksum +off/, 'storage.checksum on'],
  ['emitters-on-disk', / +Emitter_Storage.type +filesystem\n/, ''],
  ['grace-fits-the-pod', /Grace +\d+/, 'Grace 60'],
  ['positions-are-kept', / +DB +\/var.*flb_container.db\n/, ''],
  ['positions-are-kept', /flb_app_orders.db/, 'flb_app_worker.db'],
  ['files-from-their-head', /Read_from_Head +On/, 'Read_from_Head Off'],
  ['files-are-read-to-their-end', /Refresh_Interval +2\n/, 'Refresh_Interval 10\n'],
  ['files-are-read-to-their-end', / +Rotate_Wait .*\n/, ''],
  ['links-are-known-again', /DB.locking +true/, 'DB.locking true\n    DB.compare_filename true'],
  ['long-lines-are-kept', /Buffer_Max_Size +256k/, 'Buffer_Max_Size 32k'],
  ['long-lines-are-kept', / +Skip_Long_Lines +On\n/, ''],
  ['lines-are-joined-in-a-filter', /multiline.parser +cri/, 'multiline.parser cri, java'],
  ['streams-are-not-mixed', /lines_java/g, 'java'],
  ['streams-are-not-mixed', / +Key_Group +stream\n/, ''],
  ['emitting-filters-come-first', /Name +multiline\n/, 'Name parser\n    Match application.*\n[FILTER]\n    Name multiline\n'],
  ['every-tag-has-an-output', /Match +host\.\*\n(?= *region|.*\n.*region)/, 'Match hosts.*\n'],
  ['identity-is-kept', /Remove_key +_p/, 'Remove_key time'],
  ['disk-is-bounded', / +storage.total_limit_size .*\n/, ''],
  ['disk-is-bounded', /storage.total_limit_size +\d+M/, 'storage.total_limit_size 9G'],
  ['chunks-fit-the-memory', /storage.max_chunks_up +\d+/, 'storage.max_chunks_up 500'],
  ['chunks-fit-the-memory', /storage.backlog.mem_limit +\d+M/, 'storage.backlog.mem_limit 200M'],
  ['port-on-loopback', /HTTP_Listen +127.0.0.1/, 'HTTP_Listen 0.0.0.0'],
  ['groups-expire', /log_retention_days +30/, 'log_retention_days 17'],
  ['own-logs-are-left-out', /\/var\/log\/containers\/\*_amazon-cloudwatch_\*.log, /, ''],
  ['lines-are-sent-once', / +Exclude +_TRANSPORT .*\n/, ''],
  ['whole-records', /auto_create_group +true/, 'log_key log'],
  ['keys-are-dropped-by-name', /Rename +MESSAGE message/, 'Remove_regex [A-Z]'],
  ['imds-v2', /imds_version +v2/, 'imds_version v1'],
  ['retries-are-seen', / +Alias +out-host\n/, ''],
  ['retries-are-seen', /HTTP_Server +On/, 'HTTP_Server Off'],
  ['events-have-one-id', / +Generate_ID +On\n/, ''],
  ['state-outlives-the-pod', / +store_dir +.*\n/, ''],
  ['aliases-are-unique', /Alias +out-host/, 'Alias out-dataplane'],
  ['format-is-read', /\n {4}Name +tail/, '\n   Name tail'],
  ['format-is-read', /\[INPUT\]/, '[INPUTS]'],
  ['keys-are-known', /storage.max_chunks_up/, 'storage.max_chunk_up'],
  ['parsers-exist', /Parser +container_file/, 'Parser container_name'],
  ['states-exist', /"record"\n/, '"records"\n'],
  ['one-log-stream', /log_stream_prefix +.*/, 'log_group_class STANDARD'],
  ['variables-are-set', /\$\{HOST_NAME\}/, ['$', '{NODE}'].join('')],
  ['changes-have-reasons', /(?: +# .*\n)+( +Retry_Limit)/, '$1'],
];

test.each(BROKEN)('%s sees %s', (rule, from, to) => {
  const files = renderFluentBit(FULL, clusterOf(FULL), 'daemonset');
  const file = files.find(({ text }) => (typeof from === 'string' ? text.includes(from) : from.test(text)));
  expect(file).toBeDefined();

  const broken = files.map(({ path, text }) => ({ path, text: path === file?.path ? text.replace(from, to) : text }));

  expect(lintFluentBit(broken, expectationsOf(FULL, 'daemonset')).map((finding) => finding.rule)).toContain(rule);
});

/** The same for the pod that reads events. */
const BROKEN_EVENTS: typeof BROKEN = [
  ['repeats-are-events', /Kube_Retention_Time +14d/, 'Kube_Retention_Time 1h'],
  ['repeats-are-events', /net.tcp_keepalive +On\n/, 'net.tcp_keepalive Off\n'],
  ['repeats-are-events', / +Interval_Sec +\d+\n/, '    Interval_Sec 1\n    DB /var/fluent-bit/state/events.db\n'],
  ['repeats-are-events', /Name +lua\n/, 'Name grep\n'],
];

test.each(BROKEN_EVENTS)('%s sees %s in the text of the events pod', (rule, from, to) => {
  const files = renderFluentBit(PLAIN, clusterOf(PLAIN), 'events').map(({ path, text }) => ({ path, text: text.replace(from, to) }));

  expect(lintFluentBit(files, expectationsOf(PLAIN, 'events')).map((finding) => finding.rule)).toContain(rule);
});

test('every rule has a text that breaks it', () => {
  const broken = new Set([...BROKEN, ...BROKEN_EVENTS].map(([rule]) => rule));

  expect(LINT_RULES.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
});

test('a finding names the file and the line of the value', () => {
  const files = renderFluentBit(PLAIN, clusterOf(PLAIN), 'daemonset').map(({ path, text }) => ({
    path,
    text: text.replace(/HTTP_Listen +127.0.0.1/, 'HTTP_Listen 0.0.0.0'),
  }));
  const service = files.find(({ path }) => path === 'fluent-bit.conf')?.text.split('\n') ?? [];

  const [finding] = lintFluentBit(files, expectationsOf(PLAIN, 'daemonset'));

  expect(finding).toEqual({
    rule: 'port-on-loopback',
    file: 'fluent-bit.conf',
    line: service.findIndex((line) => line.includes('HTTP_Listen')) + 1,
    what: 'its port is open to the network',
  });
});

test('merging the parsed line into the record is seen with the kubelet’s metadata', () => {
  const files = renderFluentBit(KUBELET, clusterOf(KUBELET), 'daemonset').map(({ path, text }) => ({
    path,
    text: text.replace(/Merge_Log +Off/, 'Merge_Log On'),
  }));

  expect(lintFluentBit(files, expectationsOf(KUBELET, 'daemonset')).map(({ rule }) => rule)).toContain('lines-are-sent-once');
});
