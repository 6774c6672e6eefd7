import { basename } from 'node:path';
import { table } from './table.ts';
import type { Report } from './types.ts';

/** The report as lines for a person. Log text in it (user names, messages) is cleaned of control characters: it must not drive the terminal. */
export function reportText(report: Report, reportFile: string): string {
  return [
    section('Sources', sources(report)),
    section('Documents', documents(report)),
    ...(report.deliveryStreams.length === 0 ? [] : [section('Delivery streams', deliveryStreams(report))]),
    section('End-to-end delay', delays(report)),
    section('Second delivery', redelivery(report)),
    section('Dead letters', deadLetters(report)),
    ...report.searches.map((search) =>
      section(
        search.title,
        search.problem === undefined
          ? table(
              search.columns,
              search.rows.map((row) => row.map(String)),
            )
          : [`no answer: ${search.problem}`],
      ),
    ),
    section('Saved queries', savedQueries(report)),
    section('Alarms', alarms(report)),
    section('Slack', alerts(report)),
    section('Functions', functions(report)),
    ...(report.schedules.length === 0 ? [] : [section('Schedules', schedules(report))]),
    section('Not run on this machine', notRun(report)),
    section('Checks', checks(report)),
    section('Time', times(report)),
    '',
    `report: ${reportFile}`,
    report.search.kind === 'engine' ? `search:  ${report.search.url}  (${report.search.what})` : `documents: ${report.search.what}`,
    report.ok ? 'Every event is accounted for.' : 'NOT every event is accounted for: see the failed checks.',
    '',
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return `\n${clean(title)}\n${lines.map((line) => `  ${clean(line)}`).join('\n')}`;
}

/** Takes the power over the terminal from a text. */
export function clean(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

function sources(report: Report): string[] {
  const isHandedOn = report.sources.some(({ counts }) => counts.handedOn !== undefined);
  const rows = report.sources.map(({ source, counts, excludedTotal }) => [
    source,
    ...[counts.received, counts.indexed, counts.duplicate, counts.deadLettered, excludedTotal, counts.joined, counts.returned].map(number),
    ...(isHandedOn ? [number(counts.handedOn ?? 0)] : []),
  ]);
  const lines = table(
    ['source', 'received', 'indexed', 'duplicate', 'dead-lettered', 'excluded', 'joined', 'returned', ...(isHandedOn ? ['handed on'] : [])],
    rows,
  );
  for (const { source, counts } of report.sources) {
    for (const [rule, count] of Object.entries(counts.excluded)) lines.push(`${source}: ${number(count)} excluded by ${rule}`);
  }
  if (report.controlMessages > 0)
    lines.push(`apart from these: ${report.controlMessages} test messages with which CloudWatch greets a destination`);
  for (const { logGroup, cut, empty } of report.groups) {
    if (cut > 0) lines.push(`${logGroup}: ${cut} events cut to CloudWatch's 1 MB, as an agent does`);
    if (empty > 0) lines.push(`${logGroup}: ${empty} lines without text left out, as PutLogEvents takes none`);
  }
  return lines;
}

function documents(report: Report): string[] {
  const total = report.indices.reduce((sum, { documents: count }) => sum + count, 0);
  const lines = table(
    ['index', 'documents'],
    [...report.indices.map(({ index, documents: count }) => [index, number(count)]), ['all', number(total)]],
  );
  for (const { index, continuations } of report.indices) {
    if (continuations > 0)
      lines.push(`${index}: ${number(continuations)} of them hold the rest of a record whose first lines were in the payload before`);
  }
  return lines;
}

function deliveryStreams(report: Report): string[] {
  const rows = report.deliveryStreams.map(({ name, to, received, putAgain, ok, dropped, failed, delivered, refused, objects }) => [
    name,
    ...[received, putAgain, ok, dropped, failed, delivered, refused, objects].map(number),
    to,
  ]);
  return [
    ...table(['delivery stream', 'records', 'put again', 'Ok', 'Dropped', 'failed', 'events delivered', 'refused', 'objects', 'to'], rows),
    'nothing was sent to them a second time: Firehose knows no ids of ours, and such events would be there twice',
  ];
}

function delays(report: Report): string[] {
  if (!report.delays) return ['nothing was delivered'];
  const { events, p50Ms, p95Ms, maxMs } = report.delays;
  return [
    `p50 ${number(p50Ms)} ms   p95 ${number(p95Ms)} ms   max ${number(maxMs)} ms   (${number(events)} events)`,
    'machine time from the log group (PutLogEvents) until the invocation that indexed the event ended; batch windows and retries',
    "pass on the run's own clock and are not in it",
  ];
}

function redelivery({ redelivery: { events, newDocuments } }: Report): string[] {
  return [`${number(events)} events were sent a second time: ${number(newDocuments)} new documents`];
}

function deadLetters(report: Report): string[] {
  if (report.deadLetters.length === 0) return ['none'];
  return table(
    ['source', 'reason', 'events'],
    report.deadLetters.map(({ source, reason, events }) => [source, reason, number(events)]),
  );
}

function savedQueries({ savedQueries: queries }: Report): string[] {
  if (queries.length === 0) return ['the templates hold none'];
  const failed = queries.filter(({ problem }) => problem !== undefined);
  const idle = queries.filter(({ logGroups, problem }) => problem === undefined && logGroups.length === 0);
  const lines = [`${queries.length} in the templates, ${queries.length - failed.length - idle.length} of them for log groups of this run`];
  if (idle.length > 0) lines.push(`for groups without events here: ${idle.map(({ name }) => name).join(', ')}`);
  lines.push(...failed.map(({ name, problem }) => `only CloudWatch can run ${name}: ${problem}`));
  return [...lines, 'npx eks-telemetry query NAME --local runs one of them on these groups, --list shows what they answer'];
}

function alerts({ alerts: summary }: Report): string[] {
  if (!summary) return ['off: the config has slack.enabled: false'];
  const { changed, incidents, messages, notDelivered, replies, told } = summary;
  const lines = [`${number(messages)} messages, ${number(replies)} replies in threads, ${number(changed)} messages changed in place`];
  lines.push(...told.map(({ at, channel, text }) => `${at.slice(11, 19)} ${channel}  ${text}`));
  if (messages > told.length) lines.push(`and ${number(messages - told.length)} more; the page shows all of them under /slack`);
  if (incidents.opened > 0)
    lines.push(`${number(incidents.opened)} incidents opened at a pager, ${number(incidents.closed)} of them closed`);
  lines.push(
    ...notDelivered.map(({ count, protocol }) => `${number(count)} messages by ${protocol} were not sent: nothing leaves this machine`),
  );
  return lines;
}

/** Changes of states in the order of the run's time. */
function alarms({ alarms: summary }: Report): string[] {
  if (!summary) return ['off: the config has alarms.enabled: false'];
  const { states, transitions, notDone } = summary;
  const rows = transitions.map(({ at, alarm, contributor, from, to, severity, told }) => [
    at.slice(11, 19),
    `${alarm}${contributor === undefined ? '' : ` ${Object.values(contributor).join(' ')}`}`,
    severity,
    `${from} -> ${to}`,
    told ? 'told' : '-',
  ]);
  const lines = [`at the end ${states.ALARM} in ALARM, ${states.OK} OK, ${states.INSUFFICIENT_DATA} without enough data`];
  if (rows.length > 0) lines.push(...table(['time', 'alarm', 'severity', 'change', 'topic'], rows));
  for (const [service, count] of Object.entries(notDone))
    lines.push(`${count} actions of ${service} were not done: nothing here does them`);
  return lines;
}

function functions(report: Report): string[] {
  return table(
    ['function', 'invocations', 'errors', 'init CPU ms', 'busy ms', 'memory MB'],
    report.functions.map((row) => [
      row.name,
      number(row.invocations),
      number(row.errors),
      number(row.initCpuMs),
      number(row.busyMs),
      `${row.maxRssMb} of ${row.memoryMb}`,
    ]),
  );
}

function schedules(report: Report): string[] {
  const rows = report.schedules.map(({ rule, expression, function: name, starts }) => [rule, expression, name, number(starts)]);
  return [
    ...table(['rule', 'rate', 'function', 'starts'], rows),
    "the first start is one interval after the run's begin, on the run's clock",
  ];
}

function notRun(report: Report): string[] {
  return report.notRun.map(({ what, count, reason }) => `${what}${count > 1 ? ` (${count})` : ''}: ${reason}`);
}

function checks(report: Report): string[] {
  return report.checks.flatMap(({ name, ok, detail }) => [`${ok ? 'ok  ' : 'FAIL'} ${name}`, `       ${detail}`]);
}

function times({ machineSeconds: machine, runTime }: Report): string[] {
  return [
    `synth ${machine.synth} s${machine.isSynthCached ? ' (nothing had changed)' : ''}, search's start ${machine.searchStart} s, feed ${machine.feed} s, all ${machine.total} s`,
    `the run's clock went from ${runTime.from} to ${runTime.to}${runTime.skippedHours > 0 ? `, ${runTime.skippedHours} hours of it in jumps: nothing was to happen then` : ''}`,
  ];
}

function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** Name of a file without its folders. */
export function shortName(file: string): string {
  return basename(file).replace(/-[0-9a-f]{64}/, '');
}
