import type { CollectConfig } from '../types.ts';

type Sample = NonNullable<CollectConfig['sample']>;

/** A prime a little above a million: the share of lines is right to a ten-thousandth of a percent. */
const BUCKETS = 1_000_003;

/**
 * A Lua function in one line that keeps a share of records: by a hash of `time` and `stream`, which are the same on every reading, and whatever `except` names.
 * It answers "drop" or "as it is", never a changed record, which would lose the nanoseconds of its time.
 */
export function samplingCode({ keepPercent, except }: Sample): string {
  const kept = except.map((text) => `if string.find(r.log, ${luaText(text)}, 1, true) then return 0, ts, r end`);
  return [
    'function keep(tag, ts, r)',
    "if type(r.log) ~= 'string' or type(r.time) ~= 'string' then return 0, ts, r end",
    ...kept,
    'local h = 7',
    'for _, text in ipairs({ r.time, tostring(r.stream) }) do for i = 1, #text do h = (h * 131 + string.byte(text, i)) % '.concat(
      `${BUCKETS} end end`,
    ),
    `if h < ${Math.round((keepPercent / 100) * BUCKETS)} then return 0, ts, r end`,
    'return -1, ts, r',
    'end',
  ].join(' ');
}

/** A Lua string of any text: other characters than plain ones as decimal codes, of which neither Lua nor Fluent Bit's format makes anything else. */
function luaText(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  return `'${bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`)).join('')}'`;
}

function isPlain(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 32;
}
