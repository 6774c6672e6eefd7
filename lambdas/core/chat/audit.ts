import type { Caller } from './request.ts';

/** What became of a call. */
export type ChatOutcome = 'answered' | 'refused' | 'failed' | 'stopped' | 'repeated';

/** One call as it is logged: who, where, what, how it ended and what it cost. No text of an answer, no secret, no address. */
export interface ChatRecord {
  readonly caller: Caller;
  /** Name of the command, or the button's action. */
  readonly command: string;
  /** What it was about: a query with its values, matchers; redacted. */
  readonly about?: string;
  readonly outcome: ChatOutcome;
  /** Why it was refused, failed or stopped, in one word. */
  readonly reason?: string;
  readonly scannedBytes?: number;
  readonly costUsd?: number;
  readonly rows?: number;
  readonly tookMs: number;
}

/** Longest text of a record, in characters. */
const MAX_ABOUT = 500;

/** One JSON line for each call, which CloudWatch reads as metrics as well (EMF). */
export function auditLine(
  record: ChatRecord,
  { functionName, namespace, nowMs }: { readonly functionName: string; readonly namespace: string; readonly nowMs: number },
): string {
  const { about, caller, command, costUsd, outcome, reason, rows, scannedBytes, tookMs } = record;
  const count = (wanted: ChatOutcome): number => (outcome === wanted ? 1 : 0);
  const counts = {
    ChatCalls: 1,
    ChatRefused: count('refused'),
    ChatFailed: count('failed'),
    ChatForged: reason === 'wrong-signature' || reason === 'no-signature' ? 1 : 0,
  };
  // A metric that is zero is not sent: each is paid for by the hour in which it is.
  const Metrics = [
    ...Object.entries(counts).flatMap(([Name, value]) => (value === 0 ? [] : [{ Name, Unit: 'Count' }])),
    ...(scannedBytes === undefined ? [] : [{ Name: 'ChatScannedBytes', Unit: 'Bytes' }]),
  ];
  return JSON.stringify({
    _aws: { Timestamp: nowMs, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [['Function']], Metrics }] },
    Function: functionName,
    ...counts,
    ...(scannedBytes === undefined ? {} : { ChatScannedBytes: scannedBytes }),
    chat: {
      team: caller.team,
      channel: caller.channel,
      user: caller.user,
      command,
      ...(about === undefined || about === '' ? {} : { about: about.slice(0, MAX_ABOUT).toWellFormed() }),
      outcome,
      ...(reason === undefined ? {} : { reason }),
      ...(rows === undefined ? {} : { rows }),
      ...(costUsd === undefined ? {} : { costUsd: Number(costUsd.toPrecision(3)) }),
      tookMs: Math.round(tookMs),
    },
  });
}
