import type { AlarmState } from './state.ts';

/** What keeps a composite alarm's actions back (`ActionsSuppressedBy`). */
export type SuppressedBy = 'Alarm' | 'WaitPeriod' | 'ExtensionPeriod';

/** What suppression remembers between two looks. */
export interface SuppressionMemory {
  /** Whether the composite changed its state since it last acted. */
  readonly isDue: boolean;
  /** When the wait for the suppressor ends; only while it runs. */
  readonly waitUntilMs?: number;
  /** When the extension behind the suppressor's ALARM ends; only while it runs. */
  readonly extendUntilMs?: number;
  /** Whether the suppressor was in ALARM at the last look. */
  readonly wasSuppressing: boolean;
}

/** Periods of a suppressor. */
export interface SuppressorPeriods {
  /** How long a composite that changes its state waits for its suppressor. */
  readonly waitSeconds: number;
  /** How long it stays quiet when the suppressor has left ALARM. */
  readonly extensionSeconds: number;
}

/** A memory of an alarm that has done nothing yet. */
export const NOTHING_DONE: SuppressionMemory = { isDue: false, wasSuppressing: false };

export interface SuppressionDecision {
  /** Whether the actions of the present state are due now. */
  readonly performs: boolean;
  readonly suppressedBy: SuppressedBy | undefined;
  readonly memory: SuppressionMemory;
}

/** What a look finds. */
export interface SuppressionLook {
  /** Whether the composite changes its state at this look. */
  readonly hasChanged: boolean;
  /** State of the suppressor; undefined where there is none of its name. */
  readonly suppressor: AlarmState | undefined;
  /** Undefined for a composite without a suppressor. */
  readonly periods: SuppressorPeriods | undefined;
  readonly nowMs: number;
}

/**
 * Decides at a look whether a composite's actions are performed (user guide, "Suppressing composite alarm actions"). A suppressor in ALARM keeps them back,
 * and so does the extension when it leaves ALARM. Each change of the composite, into ALARM or out of it, ends an extension and begins a wait for the
 * suppressor anew. When nothing keeps them back any more, the actions of the state that the composite then has are performed, if it changed since it last
 * acted: a composite that was in ALARM in the meantime only acts for its OK.
 */
export function decideSuppression(
  { hasChanged, nowMs, periods, suppressor }: SuppressionLook,
  memory: SuppressionMemory,
): SuppressionDecision {
  const isDue = memory.isDue || hasChanged;
  const act = (): SuppressionDecision => ({ performs: isDue, suppressedBy: undefined, memory: NOTHING_DONE });
  if (periods === undefined) return act();
  const keepBack = (suppressedBy: SuppressedBy, rest: Omit<SuppressionMemory, 'isDue'>): SuppressionDecision => ({
    performs: false,
    suppressedBy,
    memory: { isDue, ...rest },
  });
  if (suppressor === 'ALARM') return keepBack('Alarm', { wasSuppressing: true });
  const waitUntilMs = hasChanged ? nowMs + periods.waitSeconds * 1000 : memory.waitUntilMs;
  const extendUntilMs = memory.wasSuppressing ? nowMs + periods.extensionSeconds * 1000 : memory.extendUntilMs;
  if (!hasChanged && extendUntilMs !== undefined && nowMs < extendUntilMs)
    return keepBack('ExtensionPeriod', { wasSuppressing: false, extendUntilMs });
  if (waitUntilMs !== undefined && nowMs < waitUntilMs) return keepBack('WaitPeriod', { wasSuppressing: false, waitUntilMs });
  return act();
}
