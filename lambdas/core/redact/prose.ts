/** What systems say of a password or token; never a value, even as the last word. */
const SAID_OF_ONE = new Set(
  (
    'incorrect invalid wrong bad required missing empty blank expired expires changed unchanged reset rejected accepted refused denied unknown unset none ' +
    'null nil undefined true false yes no ok okay hidden masked redacted omitted failed failure mismatch not must cannot can could should may will is was ' +
    'has unable error errors unexpected forbidden unauthorized authentication authorization login access open read stat dial lookup disabled enabled ' +
    'optional weak strong correct updated set too no never'
  ).split(' '),
);

/** Words that follow a flag in a sentence about it, never in a command. */
const SAID_OF_A_FLAG = new Set(
  (
    'flag flags option options argument arguments parameter is are was were has have had must and or not for to in from with without cannot can requires ' +
    'required value values may might should could if when as on at will needs need instead missing deprecated removed ignored but because the a an'
  ).split(' '),
);

const WORD = /^(?:[A-Za-z]?[a-z]+(?:-[a-z]+)*|[A-Z]{2,})[.:!?]*$/;
const NEXT = /[.,:;!?]?[ \t]+(\S{1,64})/y;
const DATA = /^["']?[\w.-]+["']?[:=]/;

/**
 * Whether the unquoted value behind `password:` is the beginning of a sentence, as in `password: incorrect for user bob`, and no secret. A word is letters
 * alone: small ones, after a capital perhaps, or all capitals. What is said of passwords (`invalid`, `required`) is prose wherever it stands. Any other
 * word is prose when another word follows on the line, and a secret when nothing follows, or the next `name:` or `name=` does. A number of one or two
 * digits before a word is a count. All else, with a digit, a sign or a capital inside, is a secret. `end` is behind the word.
 */
export function readsAsProse(text: string, word: string, end: number): boolean {
  if (/^[*.]+$/.test(word)) return true;
  const isCount = /^\d{1,2}$/.test(word);
  if (!isCount && !WORD.test(word)) return false;
  if (SAID_OF_ONE.has(word.replace(/[.:!?]+$/, '').toLowerCase())) return true;
  // `can't`
  if (text.charCodeAt(end) === 39 && /[a-z]/.test(text.charAt(end + 1))) return true;
  NEXT.lastIndex = end;
  const next = NEXT.exec(text)?.[1];
  if (next === undefined || DATA.test(next)) return false;
  return /^["'`([<]?[A-Za-z]*[a-z]{2}/.test(next) || /^(?:a|[A-Z]{2,})\b/.test(next) || (!isCount && /^(?:["'`([<]|\d{1,2}$)/.test(next));
}

/** Whether the word behind `--password` goes on with a sentence about the flag. */
export function isSaidOfFlags(word: string): boolean {
  return SAID_OF_A_FLAG.has(word.toLowerCase().replace(/[.,:;!?]+$/, ''));
}
