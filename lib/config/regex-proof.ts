import { createRequire } from 'node:module';
import type * as recheck from 'recheck';

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
  if (byAutomata.status === 'safe') return { kind: 'linear' };
  if (byAutomata.status === 'vulnerable') return runsAway(byAutomata);
  // Back references and look-behind have no automaton: search for an attack instead.
  const bySearch = prover().checkSync(source, flags, { checker: 'fuzz', timeout: SEARCH_MS });
  if (bySearch.status === 'safe') return { kind: 'unproven' };
  if (bySearch.status === 'vulnerable') return runsAway(bySearch);
  return { kind: 'unknown', reason: bySearch.error.kind };
}

function runsAway({ complexity, attack }: recheck.VulnerableDiagnostics): RegexProof {
  const degree =
    complexity.type === 'exponential' ? 'exponential time' : `time that grows with the length to the power of ${complexity.degree}`;
  return { kind: 'runsAway', complexity: degree, attack: attack.pattern.replaceAll(/[^\x20-\x7E]/g, '?') };
}
