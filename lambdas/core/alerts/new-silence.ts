import { compileMatchers, formatMatchers, type Matcher, parseMatcher } from './matchers.ts';
import type { Silence } from './mute.ts';

/** Silences are kept so long after their end, in ms: to see who silenced what. */
export const SILENCE_KEPT_MS = 5 * 86_400_000;

/** What a new silence is made of. */
export interface NewSilence {
  readonly matchers: readonly Matcher[];
  readonly spanMs: number;
  readonly author: string;
  readonly comment: string;
}

/** Reads matchers as people write them; a text is what is wrong with one. */
export function readMatchers(texts: readonly string[]): readonly Matcher[] | string {
  const matchers: Matcher[] = [];
  for (const text of texts) {
    const parsed = parseMatcher(text);
    if (!parsed.ok) return `${text}: ${parsed.reason}`;
    matchers.push(parsed.matcher);
  }
  return matchers;
}

/** Values that no label has: a matcher that both fulfil says nothing. */
const PROBES = ['q7-zx.41/probe', 'Ω3_other'];

/** Whether matchers cover nearly everything: none of them says what is meant. */
export function isTooWide(matchers: readonly Matcher[]): boolean {
  return matchers.every((matcher) => {
    const matches = compileMatchers([matcher]);
    return (matcher.op === '=' && matcher.value === '') || PROBES.every((probe) => matches({ [matcher.label]: probe }));
  });
}

/** A silence from now on. Its id is a function of its times, the matchers and the author; `hash` gives hex. */
export function newSilence({ author, comment, matchers, spanMs }: NewSilence, nowMs: number, hash: (text: string) => string): Silence {
  const id = hash(`${nowMs}/${spanMs}/${formatMatchers(matchers)}/${author}`).slice(0, 8);
  return { id, matchers, startsAt: nowMs, endsAt: nowMs + spanMs, author, comment, updatedAt: nowMs };
}
