import { createRequire } from 'node:module';
import type * as recheck from 'recheck';
import { countSteps, withoutCounts } from './regex-steps.ts';

/** What is known of the time that an expression needs on the worst line. */
export type RegexProof =
  | { readonly kind: 'linear' }
  /** An attack was searched for and not found; no proof. */
  | { readonly kind: 'unproven' }
  | { readonly kind: 'runsAway'; readonly complexity: string; readonly attack: string }
  /** The prover gave up within its time. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Time for the proof by automata, and for the search after it, in ms. Ordinary expressions take 1 to 300 ms. */
const PROOF_MS = 3000;
const SEARCH_MS = 5000;

let loaded: typeof recheck | undefined;

/** recheck is 3 MB of code: loaded only for a config with an expression of its own. */
function prover(): typeof recheck {
  loaded ??= createRequire(import.meta.url)('recheck') as typeof recheck;
  return loaded;
}

const proofs = new Map<string, RegexProof>();

/** Decides whether an expression with these flags matches every line in linear time. Kept for the process. */
export function proveLinear(source: string, flags = ''): RegexProof {
  const key = `${flags}/${source}`;
  let proof = proofs.get(key);
  if (!proof) {
    proof = prove(source, flags);
    proofs.set(key, proof);
  }
  return proof;
}

function prove(source: string, flags: string): RegexProof {
  const byAutomata = prover().checkSync(source, flags, { checker: 'automaton', timeout: PROOF_MS });
  if (byAutomata.status === 'safe') return proveCounts(source, flags);
  if (byAutomata.status === 'vulnerable') return runsAway(byAutomata);
  // Back references and look-behind have no automaton: search for an attack instead.
  return bySearchOf(source, flags);
}

/** Steps for each character that a line may cost: 300 million for the longest event of CloudWatch, which is a second or two. */
const MAX_STEPS_PER_CHARACTER = 300;
/** A line of fewer characters may cost what one of so many may. */
const SHORT_LINE = 100;
/** How often what makes the expression without counts run away is repeated: few for what multiplies, many for what adds up. */
const PUMPS = [12, 40, 150, 600, 1500];

/**
 * Counts such as `{1,63}` are constants for the prover, but nested or side by side they multiply to years. So the expression is proven again without them;
 * where that one runs away, the lines that make it do so are tried on the real one, by counting steps.
 */
function proveCounts(source: string, flags: string): RegexProof {
  const unbounded = withoutCounts(source);
  if (unbounded === undefined) return { kind: 'linear' };
  const proof = prover().checkSync(unbounded, flags, { checker: 'automaton', timeout: PROOF_MS });
  if (proof.status === 'safe') return { kind: 'linear' };
  if (proof.status === 'unknown') return bySearchOf(source, flags);
  const { pumps, suffix } = proof.attack;
  for (const times of PUMPS) {
    const line = pumps.map(({ prefix, pump }) => prefix + pump.repeat(times)).join('') + suffix;
    const budget = Math.max(line.length, SHORT_LINE) * MAX_STEPS_PER_CHARACTER;
    const search = countSteps(source, flags, line, budget);
    if (search === undefined) return bySearchOf(source, flags);
    if (search.found !== undefined) continue;
    const attack = `${pumps.map(({ prefix, pump }) => `'${prefix}' + '${pump}'.repeat(${times})`).join(' + ')} + '${suffix}'`;
    return { kind: 'runsAway', complexity: 'counts that multiply', attack: printable(attack) };
  }
  return { kind: 'linear' };
}

function bySearchOf(source: string, flags: string): RegexProof {
  const bySearch = prover().checkSync(source, flags, { checker: 'fuzz', timeout: SEARCH_MS });
  if (bySearch.status === 'safe') return { kind: 'unproven' };
  if (bySearch.status === 'vulnerable') return runsAway(bySearch);
  return { kind: 'unknown', reason: bySearch.error.kind };
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7E]/g, '?');
}

function runsAway({ complexity, attack }: recheck.VulnerableDiagnostics): RegexProof {
  const degree =
    complexity.type === 'exponential' ? 'exponential time' : `time that grows with the length to the power of ${complexity.degree}`;
  return { kind: 'runsAway', complexity: degree, attack: printable(attack.pattern) };
}
