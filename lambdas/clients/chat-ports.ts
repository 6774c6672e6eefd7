import type { Silence } from '../core/alerts/mute.ts';
import type { AlertRow, GroupRow } from '../core/alerts/store.ts';
import { type ChatAnswer, sayTo } from '../core/chat/answer.ts';
import type { ChatOutcome } from '../core/chat/audit.ts';
import type { RedactText } from '../core/slack/settings.ts';
import { AwsError, type CallAws } from './aws-json.ts';
import type { Respond } from './response-url.ts';
import { type AskSearch, SearchError } from './search-question.ts';
import { TransportError } from './signed-http.ts';

/** As much of the table of alerts as is used here. */
export interface ChatTableStore {
  group(id: string): Promise<GroupRow | undefined>;
  liveAlerts(groupId: string): Promise<AlertRow[]>;
  openGroups(): AsyncGenerator<GroupRow>;
  silences(): Promise<Silence[]>;
  putSilence(silence: Silence, keptMs: number): Promise<boolean>;
}

/** A file with all of an answer. */
export interface AnswerFile {
  readonly name: string;
  readonly title: string;
  readonly text: string;
  /** Whether it goes into the channel; else to the caller alone. */
  readonly isShared: boolean;
  readonly channel: string;
  readonly user: string;
}

/** The world of one call. */
export interface ChatPorts {
  readonly respond: Respond;
  /** Whether nobody worked on this call before. */
  readonly claim: () => Promise<boolean>;
  readonly table: ChatTableStore;
  readonly logs: CallAws;
  readonly metrics: CallAws;
  /** CodePipeline. */
  readonly pipelines: CallAws;
  readonly search: AskSearch;
  /** Sends a file; resolves to why it was not taken. Absent where there is no token. */
  readonly sendFile?: (file: AnswerFile) => Promise<string | undefined>;
  readonly redact: RedactText;
  readonly hash: (text: string) => string;
  /** The time of alerts and logs: the run's own clock where there is one. */
  readonly now: () => number;
  /** Machine time: what passes while something is waited for. */
  readonly machineNow: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly remainingMs: () => number;
}

/** What a call came to, besides its answer. */
export interface Result {
  readonly answer: ChatAnswer;
  readonly outcome: ChatOutcome;
  readonly about?: string;
  readonly reason?: string;
  readonly scannedBytes?: number;
  readonly costUsd?: number;
  readonly rows?: number;
}

/** An answer that only says why there is none. */
export const refused = (reason: string, text: string, about?: string): Result => ({
  answer: sayTo(text),
  outcome: 'refused',
  reason,
  ...(about === undefined ? {} : { about }),
});

/** Why something failed, in words that hold neither secrets nor what was asked. */
export function reasonOf(error: unknown): string {
  if (error instanceof AwsError) return `${error.code} (HTTP ${error.status})`;
  if (error instanceof SearchError || error instanceof TransportError) return error.message;
  return error instanceof Error ? error.name : 'unknown';
}
