import type { Notice } from '../alerts/chat.ts';
import { type SlackMessage, section } from './blocks.ts';
import { escapeText, inert, oneLine } from './escape.ts';
import { dateMark, durationText } from './format.ts';
import { alertList } from './list.ts';
import { redactAlert } from './redact-alert.ts';
import type { MessageSettings } from './settings.ts';
import { TEXTS } from './texts.ts';

/** What goes into the thread of a message that is updated in place: only what changed, in a line or a short list. */
export interface ThreadReply {
  readonly message: SlackMessage;
  /** Whether the channel sees it as well: a repeat and what is new must be noticed, an update in place is not. */
  readonly isBroadcast: boolean;
}

/** The reply for a change of a message that stands already; undefined for a first message, which has no thread yet. */
export function renderReply(notice: Notice, settings: MessageSettings): ThreadReply | undefined {
  const { firing, fresh, nowMs, reason, resolved } = notice;
  if (reason === 'first' || reason === 'event') return undefined;
  const texts = TEXTS[settings.language];
  const clean = (alerts: Notice['firing']): Notice['firing'] => alerts.map((alert) => redactAlert(alert, settings.redact));
  const room = { lines: 0, linePoints: 0, items: 10, reasonPoints: 0, details: 0, hasLinks: false };
  const shown = {
    ...notice,
    events: [],
    firing: reason === 'new-alerts' ? clean(fresh) : [],
    resolved: clean(resolved),
    fresh: clean(fresh),
  };
  const since = Math.min(nowMs, ...[...firing, ...resolved].map(({ startsAt }) => startsAt));
  const duration = durationText(nowMs - since, texts);
  // As the message above says it: how long the alerts lasted, not when somebody looked.
  const endedAt = Math.max(0, ...resolved.map(({ endsAt = nowMs }) => endsAt)) || nowMs;
  const lasted = durationText(Math.max(0, ...resolved.map(({ endsAt = nowMs, startsAt }) => endsAt - startsAt)), texts);
  const line = {
    'new-alerts': `🔔 *${texts.newAlerts(fresh.length)}*`,
    'new-resolved': `*${texts.resolvedAlerts(resolved.length)}*, ${texts.alerts(firing.length)}`,
    'all-resolved': `✅ *${texts.states.resolved}* ${texts.afterDuration(lasted)}  ·  ${dateMark(endedAt)}`,
    repeat: `🔁 ${texts.stillFiring(firing.length, duration)}`,
  }[reason];
  const items = reason === 'repeat' || (reason === 'all-resolved' && resolved.length < 2) ? [] : alertList(shown, { texts, room });
  return {
    message: {
      text: escapeText(oneLine(line.replaceAll('*', ''))).replace(/&lt;!date\^[^|]*\|([^&]*)&gt;/g, '$1'),
      blocks: [section(line), ...items],
      unfurl_links: false,
      unfurl_media: false,
    },
    isBroadcast: reason === 'repeat' || reason === 'new-alerts',
  };
}

/** A title for a file in the thread. */
export function imageTitle(title: string): string {
  return inert(title, 100);
}
