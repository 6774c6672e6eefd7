import type { Alert, Severity } from '../alerts/alert.ts';
import type { Explain } from '../alerts/explanation.ts';
import type { Language } from './texts.ts';

/** Replaces secrets in a text. */
export type RedactText = (text: string) => string;

/** Settings of messages. */
export interface MessageSettings {
  readonly language: Language;
  readonly redact: RedactText;
  readonly explain: Explain;
  /** Ids of users and groups to mention when an alert of these labels begins, from the config. */
  readonly mentions: (severity: Severity, labels: Alert['labels']) => readonly string[];
  /** Whether somebody answers to the buttons that silence a group. */
  readonly isInteractive: boolean;
  /** Whether somebody answers to the buttons that decide for a pipeline. @default false */
  readonly canApprove?: (pipeline: string) => boolean;
}

/** What was looked up for a message. */
export interface Evidence {
  /** Last lines of the log in the alert's window, newest last; not yet redacted. Absent where nobody looked. */
  readonly lines?: readonly string[];
}

/** How much of everything a message shows; a later step shows less. */
export interface Room {
  readonly lines: number;
  readonly linePoints: number;
  readonly items: number;
  readonly reasonPoints: number;
  readonly details: number;
  readonly hasLinks: boolean;
}
