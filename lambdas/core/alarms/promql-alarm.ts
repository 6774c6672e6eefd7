import { type Contributor, contributorId, cutReason, type Decision } from './decision.ts';
import type { PromqlAlarm } from './definition.ts';

/** One series of an instant query's answer. */
export interface PromqlSample {
  readonly labels: { readonly [name: string]: string };
  readonly value: number;
}

/** What a PromQL alarm remembers of a series. */
export interface PromqlContributor {
  readonly attributes: { readonly [name: string]: string };
  readonly state: 'OK' | 'ALARM';
  /** Since when it is returned without a gap; absent while it is not. */
  readonly breachingSinceMs?: number;
  /** Since when it is gone, while it is in ALARM. */
  readonly absentSinceMs?: number;
  readonly value: number;
}

export interface PromqlMemory {
  readonly contributors: ReadonlyMap<string, PromqlContributor>;
}

/** Series that one query may return (PromQL in CloudWatch, 2026). */
export const MAX_PROMQL_SERIES = 500;

/**
 * Evaluates a PromQL alarm on the answer of its query: every series of it breaches, and becomes ALARM when it was returned for the whole pending period;
 * it becomes OK when it was gone for the whole recovery period. There is no INSUFFICIENT_DATA: an empty answer is health.
 */
export function evaluatePromqlAlarm(
  alarm: PromqlAlarm,
  answer: readonly PromqlSample[],
  memory: PromqlMemory,
  nowMs: number,
): { readonly decision: Decision; readonly memory: PromqlMemory } {
  const next = new Map<string, PromqlContributor>();
  const contributors: Contributor[] = [];
  for (const { labels, value } of answer.slice(0, MAX_PROMQL_SERIES)) {
    const id = contributorId(labels);
    const before = memory.contributors.get(id);
    const since = before?.breachingSinceMs ?? nowMs;
    const state = before?.state === 'ALARM' || nowMs - since >= alarm.pendingSeconds * 1000 ? 'ALARM' : 'OK';
    next.set(id, { attributes: labels, state, breachingSinceMs: since, value });
    if (state === 'ALARM') contributors.push(contributor(id, labels, state, value, `breaching for ${seconds(nowMs - since)}`));
  }
  for (const [id, before] of memory.contributors) {
    if (next.has(id) || before.state !== 'ALARM') continue;
    const since = before.absentSinceMs ?? nowMs;
    const isOver = nowMs - since >= alarm.recoverySeconds * 1000;
    const state = isOver ? 'OK' : 'ALARM';
    contributors.push(contributor(id, before.attributes, state, before.value, `not returned for ${seconds(nowMs - since)}`));
    if (!isOver) next.set(id, { attributes: before.attributes, state, absentSinceMs: since, value: before.value });
  }
  const firing = contributors.filter(({ state }) => state === 'ALARM').length;
  const reason = `${firing} of ${Math.max(next.size, firing)} contributors evaluated to ALARM`;
  const reasonData = JSON.stringify({ version: '1.0', queryDate: new Date(nowMs).toISOString(), firing });
  return { decision: { state: firing > 0 ? 'ALARM' : 'OK', reason, reasonData, contributors }, memory: { contributors: next } };
}

function contributor(
  id: string,
  attributes: { readonly [name: string]: string },
  state: 'OK' | 'ALARM',
  value: number,
  why: string,
): Contributor {
  const shown = Object.entries(attributes)
    .map(([name, text]) => `${name}=${text}`)
    .join(', ');
  return {
    id,
    attributes,
    state,
    value,
    reason: cutReason(`{${shown}} was ${why}`),
    reasonData: JSON.stringify({ version: '1.0', value }),
  };
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} seconds`;
