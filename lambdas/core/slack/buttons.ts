import type { Alert, Link } from '../alerts/alert.ts';
import { APPROVE_ACTION, formatRequest, type PipelineRequest, REJECT_ACTION } from '../alerts/approval.ts';
import type { Notice } from '../alerts/chat.ts';
import { alarmsLink, isRegion, MAX_URL } from '../alerts/console-links.ts';
import { linksOf } from '../alerts/explanation.ts';
import { labelOf } from '../alerts/labels.ts';
import { cutText } from '../alerts/text.ts';
import { actionButton, type Block, type Button, confirmedButton, LIMITS, linkButton } from './blocks.ts';
import { oneLine } from './escape.ts';
import { redactLinks } from './redact-alert.ts';
import type { MessageSettings, Room } from './settings.ts';
import type { Texts } from './texts.ts';

/** Buttons for silences, in minutes. */
export const SILENCE_MINUTES = [60, 240, 1440] as const;
/** Starts the action ids of buttons that silence; minutes follow. The value is the group's id. */
export const SILENCE_ACTION = 'silence:';

const ORDER: readonly Link['kind'][] = ['logs', 'alarm', 'console', 'dashboard', 'runbook', 'other'];

/** The row of buttons: of each kind one, what explains the alert first; silences only where somebody answers to them. */
export function buttonRow(
  notice: Notice,
  all: readonly Alert[],
  { settings, texts, room }: { readonly settings: MessageSettings; readonly texts: Texts; readonly room: Room },
): Block[] {
  const first = all[0];
  if (first === undefined) return [];
  const request = all.length === 1 ? first.approval?.request : undefined;
  const canDecide = request !== undefined && notice.firing.length > 0 && settings.canApprove?.(request.pipeline) === true;
  const links = all.length === 1 ? linksOf(first, settings.explain(first.labels)) : sharedLinks(all, settings);
  const buttons: Button[] = redactLinks(links, settings.redact)
    .filter(({ url }) => url.length <= (room.hasLinks ? MAX_URL : 400))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    .slice(0, 6)
    .map(({ kind, text, url }, index) =>
      linkButton(
        `link:${kind}:${index}`,
        cutText(oneLine(text ?? texts.buttons[kind]) || kind, LIMITS.buttonText),
        url,
        index === 0 && !canDecide,
      ),
    );
  if (canDecide) buttons.push(...decisionButtons(request, texts));
  // What waits for a decision is decided, not silenced.
  else if (settings.isInteractive && notice.firing.length > 0) {
    for (const minutes of SILENCE_MINUTES) {
      const span = minutes < 1440 ? `${minutes / 60}${texts.units.hour}` : `${minutes / 1440}${texts.units.day}`;
      buttons.push(actionButton(`${SILENCE_ACTION}${minutes}`, texts.silence(span), notice.groupId.slice(0, LIMITS.buttonValue)));
    }
  }
  return buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons }];
}

function decisionButtons(request: PipelineRequest, { approval }: Texts): Button[] {
  const value = formatRequest(request);
  const what = [request.pipeline, request.stage, request.action].join(' › ');
  const ask = { text: cutText(approval.ask(what), LIMITS.confirmText), deny: approval.cancel };
  return [
    confirmedButton(actionButton(APPROVE_ACTION, approval.approve, value), 'primary', ask),
    confirmedButton(actionButton(REJECT_ACTION, approval.reject, value), 'danger', ask),
  ];
}

/** Of many alerts: what helps with all of them, and the list of all alarms. */
function sharedLinks(all: readonly Alert[], settings: MessageSettings): Link[] {
  const perAlert = all.slice(0, 50).map((alert) => linksOf(alert, settings.explain(alert.labels)));
  const shared = (perAlert[0] ?? []).filter(({ kind, url }) =>
    perAlert.every((links) => links.some((other) => other.kind === kind && other.url === url)),
  );
  const logs = perAlert[0]?.find(({ kind }) => kind === 'logs');
  const region = labelOf(all[0]?.labels ?? {}, 'region');
  const links = [...shared];
  if (logs && !links.some(({ kind }) => kind === 'logs')) links.push(logs);
  if (
    isRegion(region) &&
    !links.some(({ kind }) => kind === 'alarm') &&
    all.some(({ kind }) => kind.endsWith('-alarm') || kind === 'storm')
  )
    links.push({ kind: 'alarm', url: alarmsLink(region) });
  return links;
}
