import type { Alert } from './alert.ts';
import { type Incoming, parseObject, type ReadContext, type Reader, type ReadInput } from './incoming.ts';
import { readEventAlarm, readSnsAlarm } from './kinds/alarm.ts';
import { readAlertmanagerJson, readAlertmanagerText } from './kinds/alertmanager.ts';
import { readApprovalMessage, readGitHubReview, readPipelineApproval } from './kinds/approvals.ts';
import { readCodeBuild, readCodePipeline, readGitHubActions } from './kinds/delivery.ts';
import { readAnything } from './kinds/fallback.ts';
import { readGuardDuty, readMalwareScan, readSecurityHub } from './kinds/security.ts';
import { readAutoScaling, readEks, readHealth, readNodeEvent, readRds } from './kinds/services.ts';
import { readBackup, readBudget, readCloudFormation } from './kinds/texts.ts';

/** Tried in this order; every one knows its kind by something that only that kind has. */
const READERS: readonly Reader[] = [
  readSnsAlarm,
  readEventAlarm,
  readGuardDuty,
  readMalwareScan,
  readSecurityHub,
  readHealth,
  readPipelineApproval,
  readApprovalMessage,
  readCodePipeline,
  readCodeBuild,
  readEks,
  readNodeEvent,
  readAutoScaling,
  readRds,
  readGitHubReview,
  readGitHubActions,
  readAlertmanagerJson,
  readBackup,
  readBudget,
  readCloudFormation,
  readAlertmanagerText,
];

/**
 * Alerts of one message. Never throws, and gives at least one alert for everything but what is understood as nothing to tell (a resource inside a stack
 * that went well): what no reader knows becomes a plain message.
 */
export function readAlerts(incoming: Incoming, context: ReadContext): Alert[] {
  const json = parseObject(incoming.text);
  const input: ReadInput = { ...incoming, ...context, ...(json === undefined ? {} : { json }) };
  for (const reader of READERS) {
    try {
      const alerts = reader(input);
      if (alerts !== undefined) return alerts.map(bounded);
    } catch {
      // A message that looks like this kind and is odd inside: it is told as it stands.
    }
  }
  return readAnything(input).map(bounded);
}

/** Characters (UTF-16) and items that an alert keeps: a row of the table has 400 KB, and a message shows far less. */
const KEPT = { title: 1000, text: 4000, name: 200, value: 1000, details: 20, links: 10, widget: 20_000 } as const;

/** The alert, no larger than a row of the table takes, whatever its sender wrote. */
function bounded(alert: Alert): Alert {
  const { description, details, links, reason, title, widget, ...rest } = alert;
  const cut = (text: string, most: number): string => (text.length <= most ? text : text.slice(0, most).toWellFormed());
  return {
    ...rest,
    title: cut(title, KEPT.title),
    ...(reason === undefined ? {} : { reason: cut(reason, KEPT.text) }),
    ...(description === undefined ? {} : { description: cut(description, KEPT.text) }),
    ...(details === undefined
      ? {}
      : {
          details: details.slice(0, KEPT.details).map(({ name, value }) => ({ name: cut(name, KEPT.name), value: cut(value, KEPT.value) })),
        }),
    ...(links === undefined ? {} : { links: links.slice(0, KEPT.links) }),
    // A picture of half of the metrics would mislead.
    ...(widget === undefined || widget.length > KEPT.widget ? {} : { widget }),
  };
}
