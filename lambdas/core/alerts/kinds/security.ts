import type { Alert, Severity } from '../alert.ts';
import { listAt, numberAt, objectAt, type ReadInput, reportedAt, textAt } from '../incoming.ts';
import { severityOf } from '../labels.ts';
import { isoTime } from './alarm.ts';
import { consoleLink, encodePart, givenLink, noticeOf } from './notice.ts';

/** GuardDuty findings: below 4 low, below 7 medium, from 7 high. A finding comes again as long as it goes on. */
export function readGuardDuty(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  if (textAt(json, 'detail-type') !== 'GuardDuty Finding') return undefined;
  const detail = objectAt(json, 'detail');
  const id = textAt(detail, 'id');
  if (id === undefined) return undefined;
  const score = numberAt(detail, 'severity') ?? 0;
  const region = textAt(detail, 'region') ?? textAt(json, 'region');
  const count = numberAt(detail, 'service', 'count') ?? 1;
  const severity: Severity = score >= 7 ? 'critical' : score >= 4 ? 'warning' : 'info';
  const type = textAt(detail, 'type') ?? 'finding';
  return [
    noticeOf(
      {
        kind: 'guardduty',
        // Every further count is news of its own.
        id: `${id}/${count}`,
        title: textAt(detail, 'title') ?? type,
        severity,
        alertname: type,
        state: 'once',
        at: reportedAt(textAt(detail, 'updatedAt') ?? textAt(json, 'time'), input),
        account: textAt(detail, 'accountId') ?? textAt(json, 'account'),
        region,
        reason: textAt(detail, 'description'),
        labels: [
          ['cluster', textAt(detail, 'resource', 'eksClusterDetails', 'name')],
          ['namespace', textAt(detail, 'resource', 'kubernetesDetails', 'kubernetesWorkloadDetails', 'namespace')],
          ['workload', textAt(detail, 'resource', 'kubernetesDetails', 'kubernetesWorkloadDetails', 'name')],
        ],
        details: [
          ['Severity', `${score}`],
          ['Type', type],
          ['Seen', `${count} times`],
          ['First seen', isoTime(textAt(detail, 'service', 'eventFirstSeen'))],
          ['Last seen', isoTime(textAt(detail, 'service', 'eventLastSeen'))],
          ['Kubernetes user', textAt(detail, 'resource', 'kubernetesDetails', 'kubernetesUserDetails', 'username')],
        ],
        links: [consoleLink(region, `guardduty/home?region=${region}#/findings?macros=current&fId=${encodePart(id)}`)],
      },
      input,
    ),
  ];
}

/** Malware scans of GuardDuty: only those that found something, or did not finish, are news. */
export function readMalwareScan(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const type = textAt(json, 'detail-type') ?? '';
  if (!type.startsWith('GuardDuty Malware Protection')) return undefined;
  const detail = objectAt(json, 'detail');
  const result = textAt(detail, 'scanResultDetails', 'scanResultStatus') ?? textAt(detail, 'scanStatus') ?? 'unknown';
  const bucket = textAt(detail, 's3ObjectDetails', 'bucketName');
  const key = textAt(detail, 's3ObjectDetails', 'objectKey');
  const threats = listAt(detail, 'scanResultDetails', 'threats')
    .map((threat) => textAt(threat, 'name'))
    .filter((name) => name !== undefined)
    .join(', ');
  const isThreat = result === 'THREATS_FOUND';
  return [
    noticeOf(
      {
        kind: 'malware-scan',
        id: textAt(json, 'id') ?? input.id,
        title: isThreat ? `Malware found in ${bucket ?? 'an object'}` : `Malware scan: ${result}`,
        severity: isThreat ? 'critical' : result === 'NO_THREATS_FOUND' ? 'info' : 'warning',
        alertname: 'malware-scan',
        state: 'once',
        at: reportedAt(textAt(json, 'time'), input),
        account: textAt(json, 'account'),
        region: textAt(json, 'region'),
        labels: [['bucket', bucket]],
        details: [
          ['Result', result],
          ['Threats', threats],
          ['Bucket', bucket],
          ['Object', key],
        ],
      },
      input,
    ),
  ];
}

/** Security Hub: one message may carry several findings; archived, resolved and passed ones are over. */
export function readSecurityHub(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  if (!/^(?:Security Hub Findings - (?:Imported|Custom Action)|Findings Imported V2)$/.test(textAt(json, 'detail-type') ?? ''))
    return undefined;
  const findings = listAt(json, 'detail', 'findings');
  if (findings.length === 0) return undefined;
  return findings.slice(0, 100).map((finding, index) => {
    const id = textAt(finding, 'Id') ?? `${input.id}/${index}`;
    const label = textAt(finding, 'Severity', 'Label') ?? textAt(finding, 'Severity', 'Normalized') ?? '';
    const isOver =
      textAt(finding, 'RecordState') === 'ARCHIVED' ||
      ['RESOLVED', 'SUPPRESSED'].includes(textAt(finding, 'Workflow', 'Status') ?? '') ||
      textAt(finding, 'Compliance', 'Status') === 'PASSED';
    const title = textAt(finding, 'Title') ?? 'Security Hub finding';
    return noticeOf(
      {
        kind: 'security-hub',
        id,
        title,
        severity: severityOf(label) ?? 'warning',
        alertname: textAt(finding, 'GeneratorId') ?? title,
        state: isOver ? 'resolved' : 'firing',
        at: reportedAt(textAt(finding, 'UpdatedAt'), input),
        startsAt: reportedAt(textAt(finding, 'FirstObservedAt') ?? textAt(finding, 'CreatedAt') ?? textAt(finding, 'UpdatedAt'), input),
        account: textAt(finding, 'AwsAccountId') ?? textAt(json, 'account'),
        region: textAt(finding, 'Region') ?? textAt(json, 'region'),
        reason: textAt(finding, 'Description'),
        details: [
          ['Severity', label],
          ['Product', textAt(finding, 'ProductName')],
          ['Resource', textAt(listAt(finding, 'Resources')[0], 'Id')],
          ['Compliance', textAt(finding, 'Compliance', 'Status')],
        ],
        links: [
          givenLink('runbook', textAt(finding, 'Remediation', 'Recommendation', 'Url')),
          consoleLink(textAt(json, 'region'), `securityhub/home?region=${textAt(json, 'region')}#/findings`),
        ],
      },
      input,
    );
  });
}
