import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Alert } from '../../../../lambdas/core/alerts/alert.ts';
import {
  APPROVE_ACTION,
  formatRequest,
  pipelineRequest,
  REJECT_ACTION,
  readApprovalPress,
} from '../../../../lambdas/core/alerts/approval.ts';
import { readAlerts } from '../../../../lambdas/core/alerts/read.ts';
import type { Button, SlackMessage } from '../../../../lambdas/core/slack/blocks.ts';
import { limitProblems } from '../../../../lambdas/core/slack/limits.ts';
import { renderMessage } from '../../../../lambdas/core/slack/message.ts';
import { noticeOf, SETTINGS } from '../slack/support.ts';
import { MINUTE, NOW, Rig } from './support.ts';

const RECEIVED = Date.UTC(2026, 10, 21, 8, 45);
const sample = (file: string): Alert => {
  const text = readFileSync(`samples/notifications/${file}`, 'utf8');
  const [alert] = readAlerts({ text, id: 'm', sentAt: RECEIVED }, { receivedAt: RECEIVED, account: '111122223333', region: 'us-east-1' });
  if (alert === undefined) throw new Error(`${file} tells nothing`);
  return alert;
};
const waiting = sample('codepipeline-approval-waiting.json');
const approved = sample('codepipeline-approved.json');

const buttonsOf = ({ attachments }: SlackMessage): Button[] =>
  (attachments?.[0].blocks ?? []).flatMap((block) => (block.type === 'actions' ? [...block.elements] : []));

test('a request and its decision are one alert, which ends', () => {
  expect(approved.key).toBe(waiting.key);
  expect(waiting.endsAt).toBeUndefined();
  expect(approved.endsAt).toBe(Date.UTC(2026, 10, 21, 8, 41, 5));
  expect(approved.reason).toBe('Approved by kim in Slack');
});

test('it waits once, is told again at the interval, and is decided', async () => {
  const rig = new Rig({ receiver: 'platform', groupBy: ['alertname'] });
  rig.nowMs = waiting.startsAt;

  await rig.take(waiting);
  await rig.runUntil(NOW + 70 * MINUTE);
  await rig.take({ ...approved, endsAt: rig.nowMs, updatedAt: rig.nowMs });
  await rig.runUntil(NOW + 200 * MINUTE);

  expect(rig.sent.map(({ reason }) => reason)).toEqual(['first', 'repeat', 'all-resolved']);
  expect(rig.sent.map((notice) => renderMessage(notice, SETTINGS).text.split(':')[0])).toEqual([
    '🔵 Waiting',
    '🔵 Still waiting after 1h',
    expect.stringMatching(/^✅ Decided after/),
  ]);
});

test('buttons stand only under a request of a pipeline that somebody answers for, and Slack asks first', () => {
  const settings = { ...SETTINGS, canApprove: (pipeline: string): boolean => pipeline === 'checkout' };
  const decide = (alerts: readonly Alert[], with_ = settings) =>
    buttonsOf(renderMessage(noticeOf(alerts), with_)).filter(({ action_id }) => action_id.startsWith('approval:'));
  const [approve, reject, ...more] = decide([waiting]);

  expect([approve?.action_id, reject?.action_id, more.length]).toEqual([APPROVE_ACTION, REJECT_ACTION, 0]);
  expect(approve?.value).toBe('checkout/production/approve/01234567-89ab-4cde-8f01-23456789abcd');
  expect(approve?.confirm?.text.text).toContain('checkout › production › approve');
  // Beside the button that approves no other one is green.
  expect(buttonsOf(renderMessage(noticeOf([waiting]), settings)).filter(({ style }) => style === 'primary')).toEqual([approve]);
  expect(decide([approved])).toEqual([]);
  expect(decide([waiting, { ...waiting, key: 'other' }])).toEqual([]);
  expect(decide([waiting], { ...settings, canApprove: () => false })).toEqual([]);
  expect(decide([sample('github-review.json')])).toEqual([]);
  expect(decide([sample('codepipeline-approval.json')])).toEqual([]);
  expect(limitProblems(renderMessage(noticeOf([waiting]), settings))).toEqual([]);
});

test('what waits for a decision is not silenced by a button', () => {
  const settings = { ...SETTINGS, canApprove: () => true };

  expect(buttonsOf(renderMessage(noticeOf([waiting]), settings)).filter(({ action_id }) => action_id.startsWith('silence:'))).toEqual([]);
});

test('names that CodePipeline would not take get no buttons', () => {
  const text = readFileSync('samples/notifications/codepipeline-approval-waiting.json', 'utf8').replaceAll('"production"', '"a/b"');
  const [alert] = readAlerts({ text, id: 'm', sentAt: RECEIVED }, { receivedAt: RECEIVED, account: '111122223333', region: 'us-east-1' });

  expect(alert?.approval).toEqual({});
});

test('a press is read back as it was written, and nothing else is a press', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9.@_-]{1,100}$/);
  fc.assert(
    fc.property(name, name, name, fc.uuid({ version: 4 }), fc.boolean(), (pipeline, stage, action, execution, isApproval) => {
      const request = pipelineRequest({ pipeline, stage, action, execution });
      expect(request).toEqual({ pipeline, stage, action, execution });
      const value = formatRequest(request ?? { pipeline, stage, action, execution });
      expect(value.length).toBeLessThan(400);
      expect(readApprovalPress({ actionId: isApproval ? APPROVE_ACTION : REJECT_ACTION, value })).toEqual({
        ...request,
        decision: isApproval ? 'Approved' : 'Rejected',
      });
      expect(readApprovalPress({ actionId: 'silence:60', value })).toBeUndefined();
      expect(readApprovalPress({ actionId: APPROVE_ACTION, value: `${value}/x` })).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const press = readApprovalPress({ actionId: APPROVE_ACTION, value });
      if (press) expect(formatRequest(press)).toBe(value);
    }),
  );
});
