import { fixedFolder } from '../../../collector/fluent-bit/runtime.ts';
import { matchesWildcard } from '../../../lambdas/core/rules/wildcard.ts';
import type { Path } from '../problems.ts';
import { checkNodeRegex } from './collection-regexes.ts';
import { type CheckContext, type CheckReport, reportDuplicates } from './context.ts';

/** Folders of the image and of the pod that Fluent Bit cannot do without; one of the node that is mounted there, or above, hides them. */
const NEEDED = [
  ...['/bin', '/sbin', '/lib', '/lib64', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib64', '/usr/share', '/usr/local', '/fluent-bit'],
  ...[
    '/etc/pki',
    '/etc/ssl',
    '/etc/resolv.conf',
    '/dev',
    '/proc',
    '/sys',
    '/tmp',
    '/run/secrets',
    '/var/run/secrets',
    '/var/fluent-bit/state',
  ],
] as const;

/** `collection.files`: log files of nodes that are not a container's. */
export function checkCollectedFiles(context: CheckContext, report: CheckReport): void {
  const { files, logs } = context.config.collection;
  const path = ['collection', 'files'];
  reportDuplicates(
    files,
    { key: ({ name }) => name, path: (index) => [...path, index, 'name'], what: 'two entries have this name, and so one database' },
    report,
  );
  for (const [index, { paths, start, logGroup, retentionDays }] of files.entries()) {
    for (const [at, file] of paths.entries()) {
      const place = [...path, index, 'paths', at];
      checkPath(file, place, logs, report);
      const before = files
        .slice(0, index)
        .find((other) => other.paths.some((each) => matchesWildcard(each, file) || matchesWildcard(file, each)));
      if (before === undefined) continue;
      const what = `the entry ${before.name} reads such files too: their lines would be sent twice`;
      report.warning({ path: place, what, limit: 'exclude', value: file });
    }
    if (start !== undefined) checkNodeRegex({ source: start, path: [...path, index, 'start'] }, context, report);
    if (retentionDays !== undefined && logGroup === undefined) {
      const what = 'the host group has the cluster’s retention; this one needs a logGroup of its own';
      report.problem({ path: [...path, index, 'retentionDays'], what, value: retentionDays });
    }
    reportWildcard(logGroup, [...path, index, 'logGroup'], report);
  }
}

function checkPath(file: string, path: Path, logs: 'own' | 'addon', report: CheckReport): void {
  if (/^\/var\/log\/(?:containers|pods)\//.test(file)) {
    const what = 'files of containers are read already: their lines would be sent twice, without pod and namespace';
    report.problem({ path, what, limit: 'applications[].collect', value: file });
  } else if (/^\/(?:var|run)\/log\/journal(?:\/|$)/.test(file)) {
    report.problem({ path, what: 'the journal is no text; collection.inputs.host reads it', limit: 'inputs.host: true', value: file });
  } else if (/^\/var\/log\/(?:messages|secure|syslog|auth\.log|kern\.log|dmesg)$/.test(file)) {
    const what = 'Amazon Linux 2023 and Bottlerocket have no such file: what it held is in the journal, which collection.inputs.host reads';
    report.warning({ path, what, value: file });
  }
  const folder = fixedFolder(file);
  const hidden = NEEDED.find((each) => each === folder || each.startsWith(folder === '/' ? '/' : `${folder}/`));
  if (logs === 'addon' || folder.startsWith('/var/log') || hidden === undefined) return;
  const what = `to read it the node’s ${folder} is mounted into the pod, where it hides ${hidden}: the agent would not start, or find no service`;
  report.problem({ path, what, limit: 'a folder below, without a * before it', value: file });
}

/** A group is written to, not chosen: a trailing star has no meaning here. */
export function reportWildcard(logGroup: string | undefined, path: (string | number)[], report: CheckReport): void {
  if (logGroup?.includes('*') !== true) return;
  report.problem({ path, what: 'records are written to one group: name it whole', value: logGroup });
}
