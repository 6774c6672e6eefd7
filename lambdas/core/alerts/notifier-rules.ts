import type { Pager, PagerSite } from '../pagers/render.ts';
import { compileRedaction } from '../redact/redactor.ts';
import type { RedactionRules } from '../rules/rules.ts';
import type { MessageSettings } from '../slack/settings.ts';
import type { Language } from '../slack/texts.ts';
import { type Labels, SEVERITIES, type Severity } from './alert.ts';
import { compileExplanations, type Explanation } from './explanation.ts';
import type { FlushRules } from './flush.ts';
import { labelOf } from './labels.ts';
import { compileInhibitions, type InhibitRule } from './mute.ts';
import { compileRoutes, type Route, type RouteRule, walkRoutes } from './routes.ts';
import type { StormLimit } from './storm.ts';
import { compileTimeIntervals, type TimeIntervalRule } from './time-intervals.ts';

/** Where messages go. Never the webhook, token or key itself: its place in Secrets Manager or Systems Manager. */
export interface ReceiverRule {
  readonly name: string;
  /** `webhook` posts; `bot` posts, updates, and uses threads; a pager opens an incident and closes it. */
  readonly kind: 'webhook' | 'bot' | Pager;
  /** ARN of a secret of Secrets Manager, or of a SecureString parameter of Systems Manager. */
  readonly secretArn: string;
  /** Member of a secret that holds JSON. */
  readonly secretKey?: string;
  /** Id of the channel, for a bot. */
  readonly channel?: string;
  /** Where a pager answers. */
  readonly site?: PagerSite;
  readonly sendResolved: boolean;
  /** Whether a bot draws the metric into the thread. */
  readonly graph: boolean;
  /** Ids to mention by severity. */
  readonly mentions: { readonly [severity in Severity]?: readonly string[] };
}

/** What alert-notifier needs to know of the config, as `notifier.json` inside its asset. Plain data, no secret. */
export interface NotifierRules {
  readonly account: string;
  readonly region: string;
  readonly language: Language;
  readonly receivers: readonly ReceiverRule[];
  readonly route: RouteRule;
  readonly inhibit: readonly InhibitRule[];
  /** Named intervals for routes. @default - none */
  readonly timeIntervals?: readonly TimeIntervalRule[];
  /** Ids to mention by the label `team` or the owner of an explanation, besides the receiver's. */
  readonly owners: { readonly [team: string]: readonly string[] };
  readonly storm: StormLimit;
  readonly explanations: readonly Explanation[];
  readonly redaction: RedactionRules;
  /** Whether somebody answers to the buttons that silence. */
  readonly isInteractive: boolean;
  /** Pipelines for which somebody answers to the buttons that decide. @default none */
  readonly approvable?: readonly string[];
}

/** Rules ready to run. */
export interface Notifier {
  readonly root: Route;
  readonly flush: FlushRules;
  readonly receivers: ReadonlyMap<string, ReceiverRule>;
  /** Settings of a receiver's messages. */
  readonly settingsOf: (receiver: string) => MessageSettings;
  /** Replaces secrets. */
  readonly redact: (text: string) => string;
}

/** Makes rules ready to run, once per start. `claimMs` is longer than the function may run. Throws for rules that `check` refuses. */
export function compileNotifier(rules: NotifierRules, claimMs: number): Notifier {
  const redactor = compileRedaction(rules.redaction);
  const redact = (text: string): string => redactor.text(text);
  const root = compileRoutes(rules.route);
  const receivers = new Map(rules.receivers.map((receiver) => [receiver.name, receiver]));
  const explain = compileExplanations(rules.explanations);
  const ownersOf = (labels: Labels): readonly string[] => {
    const owner = explain(labels)?.owner ?? (labelOf(labels, 'team') || labelOf(labels, 'owner'));
    return Object.hasOwn(rules.owners, owner) ? (rules.owners[owner] ?? []) : [];
  };
  return {
    root,
    flush: {
      routes: new Map(walkRoutes(root).map((route) => [route.id, route])),
      inhibitions: compileInhibitions(rules.inhibit),
      intervals: compileTimeIntervals(rules.timeIntervals ?? []),
      sendResolved: (receiver) => receivers.get(receiver)?.sendResolved ?? true,
      storm: rules.storm,
      claimMs,
    },
    receivers,
    settingsOf: (receiver) => ({
      language: rules.language,
      redact,
      explain,
      mentions: (severity, labels) => [
        ...(receivers.get(receiver)?.mentions[severity] ?? []),
        // An owner is called for what cannot wait.
        ...(severity === SEVERITIES[0] ? ownersOf(labels) : []),
      ],
      isInteractive: rules.isInteractive,
      canApprove: (pipeline) => rules.isInteractive && (rules.approvable ?? []).includes(pipeline),
    }),
    redact,
  };
}
