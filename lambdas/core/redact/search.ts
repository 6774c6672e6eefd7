import { noteEscapedLetter } from './escaped-letter.ts';
import { takeCommand } from './exec-command.ts';
import type { Found, Wanted } from './findings.ts';
import { FIXED, searchFixed } from './fixed.ts';
import { searchWords, takeDataOfSecrets, WORDS } from './words.ts';

/** Where neither matches there is no secret. No match of theirs holds a NUL, so texts that are parted by one can be searched together. */
export const SEARCHES: readonly RegExp[] = [FIXED, WORDS];

/**
 * Finds what could be a secret; undefined where there is nothing. This runs on every event, so it is two expressions that V8 searches a text with many
 * characters at a time (docs/performance.md); all else happens only where one of them holds.
 */
export function findSecrets(text: string, wanted: Wanted): readonly Found[] | undefined {
  const { search, holdsEscapedLetter } = searchFixed(text, wanted);
  noteEscapedLetter(text, holdsEscapedLetter);
  const findings = searchWords(text, wanted, search);
  if (findings === undefined) return undefined;
  takeDataOfSecrets(findings);
  if (findings.commands !== undefined) {
    const inWord = (word: string): readonly Found[] | undefined => findSecrets(word, { ...wanted, isStrict: false });
    for (const separator of findings.commands.sort((a, b) => a - b)) takeCommand(findings, separator, inWord);
  }
  return findings.found.length === 0 ? undefined : findings.found;
}
