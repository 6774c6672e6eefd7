import { readAlerts } from '../../../../lambdas/core/alerts/read.ts';
import { renderMessage } from '../../../../lambdas/core/slack/message.ts';
import { noticeOf, SETTINGS } from '../slack/support.ts';
import { NOW } from './support.ts';

test('an alarm of our own is told by its title, and its description without what stands elsewhere', () => {
  const text = JSON.stringify({
    AlarmName: 'eks-telemetry-prod-pods-oom',
    AlarmDescription:
      'Containers are killed for memory (cluster prod)\nRaise the limit or find the leak.\nSeverity: critical\nQuery: capacity/oom\nRunbook: docs/alarms.md#pods-oom',
    NewStateValue: 'ALARM',
    StateChangeTime: '2026-11-21T08:25:00.000+0000',
    AlarmArn: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:eks-telemetry-prod-pods-oom',
    AlarmTags: {
      severity: 'critical',
      title: 'Containers are killed for memory',
      query: 'capacity/oom',
      cluster: 'prod',
      runbook: 'https://wiki.example.com/oom',
    },
  });
  const [alert] = readAlerts({ text, id: '1', sentAt: NOW }, { receivedAt: NOW, account: '111122223333', region: 'us-east-1' });

  expect(alert).toMatchObject({
    title: 'Containers are killed for memory',
    labels: { alertname: 'eks-telemetry-prod-pods-oom', query: 'capacity/oom' },
  });
  const json = JSON.stringify(renderMessage(noticeOf(alert === undefined ? [] : [alert]), SETTINGS).attachments);
  expect(json).toContain('"text":"Raise the limit or find the leak."');
  expect(json).not.toContain('Severity:');
});

test('a title that no tag may hold is read from the description', () => {
  const text = JSON.stringify({
    AlarmName: 'eks-telemetry/prod/etcd-space',
    AlarmDescription: 'etcd refuses writes, its space is used up (cluster prod)\nCompact and defragment.\nSeverity: critical',
    NewStateValue: 'ALARM',
    StateChangeTime: '2026-11-21T08:32:00.000+0000',
  });
  const [alert] = readAlerts({ text, id: '1', sentAt: NOW }, { receivedAt: NOW, account: '111122223333', region: 'us-east-1' });

  expect(alert?.title).toBe('etcd refuses writes, its space is used up');
});
