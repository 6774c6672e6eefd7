import type { AlarmState } from './state.ts';

/** What keeps a composite alarm's actions back (`ActionsSuppressedBy`). */
export type SuppressedBy = 'Alarm' | 'WaitPeriod' | 'ExtensionPeriod';

/** What suppression remembers between two looks. */
export interface SuppressionMemory {
  /** State whose actions were last performed: actions of the same state are not performed again. */
  readonly actedState: AlarmState;
  /** When the wait for the suppressor ends; only while it runs. */
  readonly waitUntilMs?: number;
  /** When the extension behind the suppressor's ALARM ends; only while it runs. */
  readonly extendUntilMs?: number;
  /** Whether the suppressor was in ALARM at the last look. */
  readonly wasSuppressing: boolean;
}

/** Periods of a suppressor. */
export interface SuppressorPeriods {
  /** How long a composite that goes into ALARM waits for its suppressor. */
  readonly waitSeconds: number;
  /** How long it goes on waiting when the suppressor has left ALARM. */
  readonly extensionSeconds: number;
}

/** A memory of an alarm that has done nothing yet. */
export const NOTHING_DONE: SuppressionMemory = { actedState: 'INSUFFICIENT_DATA', wasSuppressing: false };

export interface SuppressionDecision {
  /** True once for each state whose actions are due now. */
  readonly performs: boolean;
  readonly suppressedBy: SuppressedBy | undefined;
  readonly memory: SuppressionMemory;
}

/**
 * Decides at a look whether a composite's actions are performed. In ALARM the suppressor keeps them back; when the composite goes into ALARM it first
 * waits for the suppressor, and when the suppressor leaves ALARM, the extension still keeps them back. What was kept back is performed when nothing keeps
 * it back any more, if the composite still has that state: an alarm that came and went meanwhile tells nobody, neither its ALARM nor its OK.
 */
export function decideSuppression(
  state: AlarmState,
  previous: AlarmState,
  suppressor: AlarmState | undefined,
  periods: SuppressorPeriods | undefined,
  memory: SuppressionMemory,
  nowMs: number,
): SuppressionDecision {
  const perform = (): SuppressionDecision => ({
    performs: state !== memory.actedState,
    suppressedBy: undefined,
    memory: { actedState: state, wasSuppressing: false },
  });
  if (periods === undefined) return perform();
  if (suppressor === 'ALARM') return keepBack(memory, 'Alarm', { wasSuppressing: true });
  const extendUntilMs = memory.wasSuppressing ? nowMs + periods.extensionSeconds * 1000 : memory.extendUntilMs;
  if (extendUntilMs !== undefined && nowMs < extendUntilMs)
    return keepBack(memory, 'ExtensionPeriod', { wasSuppressing: false, extendUntilMs });
  const isNewAlarm = state === 'ALARM' && previous !== 'ALARM';
  const waitUntilMs = isNewAlarm ? nowMs + periods.waitSeconds * 1000 : state === 'ALARM' ? memory.waitUntilMs : undefined;
  if (waitUntilMs !== undefined && nowMs < waitUntilMs) return keepBack(memory, 'WaitPeriod', { wasSuppressing: false, waitUntilMs });
  return perform();
}

function keepBack(
  { actedState }: SuppressionMemory,
  suppressedBy: SuppressedBy,
  rest: Omit<SuppressionMemory, 'actedState'>,
): SuppressionDecision {
  return { performs: false, suppressedBy, memory: { actedState, ...rest } };
}
