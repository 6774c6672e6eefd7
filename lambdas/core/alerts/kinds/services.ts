import type { Alert } from '../alert.ts';
import { listAt, objectAt, type ReadInput, reportedAt, textAt } from '../incoming.ts';
import { isoTime } from './alarm.ts';
import { consoleLink, encodePart, type Found, givenLink, noticeOf } from './notice.ts';

/** AWS Health: an issue fires until it is closed; a change that is planned is told once for each status. */
export function readHealth(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  if (!/^AWS Health (?:Abuse )?Event$/.test(textAt(json, 'detail-type') ?? '')) return undefined;
  const detail = objectAt(json, 'detail');
  const arn = textAt(detail, 'eventArn') ?? input.id;
  const category = textAt(detail, 'eventTypeCategory') ?? 'accountNotification';
  const status = textAt(detail, 'statusCode') ?? 'open';
  const service = textAt(detail, 'service') ?? 'AWS';
  const code = textAt(detail, 'eventTypeCode') ?? category;
  const description = textAt(listAt(detail, 'eventDescription')[0], 'latestDescription');
  const page = textAt(detail, 'page') ?? '1';
  const isIssue = category === 'issue' || category === 'investigation';
  const region = textAt(detail, 'eventRegion') ?? textAt(json, 'region');
  const base: Omit<Found, 'id' | 'state'> = {
    kind: 'health',
    title: `${service}: ${code.toLowerCase().replace(/^aws_/, '').replace(`${service.toLowerCase()}_`, '').replaceAll('_', ' ')}`,
    severity: isIssue ? 'critical' : category === 'scheduledChange' ? 'warning' : 'info',
    alertname: code,
    at: reportedAt(textAt(detail, 'lastUpdatedTime') ?? textAt(json, 'time'), input),
    startsAt: reportedAt(textAt(detail, 'startTime') ?? textAt(json, 'time'), input),
    account: textAt(detail, 'affectedAccount') ?? textAt(json, 'account'),
    region,
    reason: description,
    labels: [['service', service]],
    details: [
      ['Category', category],
      ['Status', status],
      ['Starts', isoTime(textAt(detail, 'startTime'))],
      ['Ends', isoTime(textAt(detail, 'endTime'))],
      [
        'Affected',
        listAt(detail, 'affectedEntities')
          .slice(0, 5)
          .map((entity) => textAt(entity, 'entityValue') ?? '')
          .join(', '),
      ],
    ],
    links: [{ kind: 'console', url: `https://health.aws.amazon.com/health/home#/account/event-log?eventID=${encodePart(arn)}` }],
  };
  if (isIssue) return [noticeOf({ ...base, id: arn, state: status === 'closed' ? 'resolved' : 'firing' }, input)];
  return [noticeOf({ ...base, id: `${arn}/${status}/${textAt(detail, 'communicationId') ?? ''}/${page}`, state: 'once' }, input)];
}

/** EKS: add-ons that fail or degrade fire until they are well; Fargate pods that end. */
export function readEks(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  if (textAt(json, 'source') !== 'aws.eks') return undefined;
  const type = textAt(json, 'detail-type') ?? 'EKS event';
  const detail = objectAt(json, 'detail');
  const cluster = textAt(detail, 'clusterName') ?? textAt(detail, 'cluster-name') ?? textAt(detail, 'requestParameters', 'name');
  const addon = textAt(detail, 'addonName') ?? textAt(detail, 'addon-name');
  const region = textAt(json, 'region');
  const issues = listAt(detail, 'issues')
    .map((issue) => textAt(issue, 'message') ?? textAt(issue, 'code') ?? '')
    .join(' ');
  const isBad = /Failed|Degraded|Termination/.test(type);
  const isGood = /Succeeded|Restored/.test(type);
  const base: Omit<Found, 'id' | 'state'> = {
    kind: 'eks',
    title: [cluster, addon, type.replace(/^EKS /, '')].filter((part) => part !== undefined).join(' › '),
    severity: /Failed|Degraded/.test(type) || isGood ? 'warning' : 'info',
    alertname: type.replace(/ (?:Succeeded|Failed|Degraded|Restored)$/, ''),
    at: reportedAt(textAt(json, 'time'), input),
    account: textAt(json, 'account'),
    region,
    reason: textAt(detail, 'message') ?? textAt(detail, 'statusReason') ?? (issues.trim() === '' ? undefined : issues.trim()),
    labels: [
      ['cluster', cluster],
      ['addon', addon],
    ],
    details: [
      ['Add-on', addon],
      ['Version', textAt(detail, 'addonVersion')],
      ['Pod', textAt(detail, 'podName')],
      ['Event', textAt(detail, 'eventName')],
      ['By', textAt(detail, 'userIdentity', 'arn')],
    ],
    links: cluster === undefined ? [] : [consoleLink(region, `eks/home?region=${region}#/clusters/${encodePart(cluster)}`)],
  };
  const id = `${textAt(json, 'account') ?? ''}/${region ?? ''}/${cluster ?? ''}/${addon ?? ''}`;
  if (addon !== undefined && (isBad || isGood))
    return [noticeOf({ ...base, id: `${id}/${base.alertname}`, state: isGood ? 'resolved' : 'firing' }, input)];
  return [noticeOf({ ...base, id: `${id}/${textAt(json, 'id') ?? input.id}`, state: 'once' }, input)];
}

/** EC2: spot interruptions, rebalance recommendations, changes of an instance's state; Auto Scaling by EventBridge. */
export function readNodeEvent(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const source = textAt(json, 'source');
  const type = textAt(json, 'detail-type') ?? '';
  if (source !== 'aws.ec2' && !(source === 'aws.autoscaling' && type.startsWith('EC2 Instance'))) return undefined;
  const detail = objectAt(json, 'detail');
  const instance = textAt(detail, 'instance-id') ?? textAt(detail, 'EC2InstanceId');
  const group = textAt(detail, 'AutoScalingGroupName');
  const region = textAt(json, 'region');
  const isFailure = /Unsuccessful/.test(type);
  return [
    noticeOf(
      {
        kind: source === 'aws.ec2' ? 'kubernetes-node' : 'autoscaling',
        id: textAt(json, 'id') ?? input.id,
        title: `${type}${instance === undefined ? '' : `: ${instance}`}`,
        severity: isFailure || /Spot Instance Interruption/.test(type) ? 'warning' : 'info',
        alertname: type,
        state: 'once',
        at: reportedAt(textAt(json, 'time'), input),
        account: textAt(json, 'account'),
        region,
        reason: textAt(detail, 'StatusMessage') ?? textAt(detail, 'Cause'),
        labels: [
          ['instance', instance],
          ['auto_scaling_group', group],
        ],
        details: [
          ['Instance', instance],
          ['Action', textAt(detail, 'instance-action')],
          ['State', textAt(detail, 'state')],
          ['Auto Scaling group', group],
        ],
        links:
          instance === undefined
            ? []
            : [consoleLink(region, `ec2/home?region=${region}#InstanceDetails:instanceId=${encodePart(instance)}`)],
      },
      input,
    ),
  ];
}

/** Auto Scaling's own notifications through SNS. */
export function readAutoScaling(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const group = textAt(json, 'AutoScalingGroupName');
  const event = textAt(json, 'Event');
  if (group === undefined || event === undefined) return undefined;
  const action = event
    .replace(/^autoscaling:/, '')
    .replaceAll('_', ' ')
    .toLowerCase();
  const isError = event.endsWith('_ERROR');
  return [
    noticeOf(
      {
        kind: 'autoscaling',
        id: textAt(json, 'RequestId') ?? textAt(json, 'ActivityId') ?? input.id,
        title: `${group}: ${action}`,
        severity: isError ? 'warning' : 'info',
        alertname: event,
        state: 'once',
        at: reportedAt(textAt(json, 'Time'), input),
        account: textAt(json, 'AccountId'),
        reason: textAt(json, 'StatusMessage') ?? textAt(json, 'Cause'),
        labels: [['auto_scaling_group', group]],
        details: [
          ['Instance', textAt(json, 'EC2InstanceId')],
          ['Cause', textAt(json, 'Cause')],
        ],
      },
      input,
    ),
  ];
}

/** RDS and DMS: keys with spaces, written one way by the one and another by the other. */
export function readRds(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const source = textAt(json, 'Event Source');
  const message = textAt(json, 'Event Message');
  if (source === undefined || message === undefined) return undefined;
  const id = textAt(json, 'Source ID') ?? textAt(json, 'SourceId') ?? 'unknown';
  const eventId = /#([A-Z]+-EVENT-\d+)/.exec(textAt(json, 'Event ID') ?? '')?.[1];
  return [
    noticeOf(
      {
        kind: 'rds',
        id: `${id}/${eventId ?? message}/${textAt(json, 'Event Time') ?? input.id}`,
        title: `${id}: ${message}`,
        severity: /fail|error|insufficient|out of|unable|\blow\b/i.test(message) ? 'warning' : 'info',
        alertname: eventId ?? 'RDS event',
        state: 'once',
        at: reportedAt(textAt(json, 'Event Time'), input),
        labels: [['database', id]],
        details: [
          ['Source', source],
          ['Event', eventId],
        ],
        links: [givenLink('console', textAt(json, 'Identifier Link')), givenLink('runbook', textAt(json, 'Event ID'))],
      },
      input,
    ),
  ];
}
