import { readAlerts } from '../../../../lambdas/core/alerts/read.ts';
import { inert, oneLine } from '../../../../lambdas/core/slack/escape.ts';
import { renderMessage } from '../../../../lambdas/core/slack/message.ts';
import { openQueueMessage } from '../../../../lambdas/events/notifications.ts';
import { noticeOf, SETTINGS } from '../slack/support.ts';
import { alertOf, NOW } from './support.ts';

/** Just below the largest message of SNS, in characters. */
const SIZE = 250_000;
/** A text of this size takes milliseconds; where the time grows with the square, it takes many seconds. */
const LIMIT_MS = 2000;

const fill = (piece: string): string => piece.repeat(Math.floor(SIZE / piece.length));
const json = (fields: object): string => JSON.stringify(fields);

function took(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

test.each<[string, string]>([
  ['line ends', fill('\n')],
  ['spaces', fill(' ')],
  ['lines of a stack that never end', `StackId='arn:aws:cloudformation:us-east-1${fill("\na='x")}`],
  ['labels of Prometheus without a value', `Alerts Firing:\nLabels:\n${fill(' - a')}`],
  ['labels of Prometheus, one a line', `Alerts Firing:\nLabels:\n${fill(' - a = b\n')}`],
  ['budget lines', `AWS Budget Notification\n${fill('a: b\n')}`],
  ['backup states', fill('COMPLETE ')],
  ['an alarm whose description is severities', json({ AlarmName: 'a', NewStateValue: 'ALARM', AlarmDescription: fill('severity: ') })],
  ['an alarm whose description is addresses', json({ AlarmName: 'a', NewStateValue: 'ALARM', AlarmDescription: fill('https://') })],
  ['an alarm whose reason is numbers', json({ AlarmName: 'a', NewStateValue: 'ALARM', NewStateReason: fill('[1.0 (') })],
  ['an alarm whose reason is brackets', json({ AlarmName: 'a', NewStateValue: 'ALARM', NewStateReason: fill('(((') })],
  ['deep JSON', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
  ['quotes', fill('"')],
])('a message of %s is read in a moment', (_name, text) => {
  const context = { receivedAt: NOW, account: '111122223333', region: 'us-east-1' };
  const ms = took(() => {
    openQueueMessage(text, { messageId: 'm', sentAt: NOW });
    const alerts = readAlerts(
      { text, id: 'm', sentAt: NOW, subject: text === fill('COMPLETE ') ? 'Notification from AWS Backup' : '' },
      context,
    );
    // Of a stack's resource that went well there is nothing to tell.
    if (alerts.length > 0) renderMessage(noticeOf(alerts), { ...SETTINGS, redact: (one) => one });
  });

  expect(ms).toBeLessThan(LIMIT_MS);
});

test.each([' ', '\t', '\n', '\r', ' \n', '\u2028', '`', '_ '])('a line of %j is made plain in a moment', (piece) => {
  const line = fill(piece);
  const ms = took(() => {
    oneLine(line);
    inert(line, 100);
    renderMessage(noticeOf([alertOf('a')]), { ...SETTINGS, redact: (one) => one }, { lines: [line, line] });
  });

  expect(ms).toBeLessThan(LIMIT_MS);
});
