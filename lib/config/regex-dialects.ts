/** Letters after a backslash that mean the same in ECMAScript and in Onigmo (Fluent Bit's engine, Ruby's syntax). */
const SHARED_ESCAPES = 'dDwWsSbBtnrfxuk123456789';

/**
 * What of an ECMAScript expression Fluent Bit's engine reads otherwise, in a sentence; undefined where both read it alike. An expression of the config is tried
 * here and runs there, so only what both know may stand in it. The expression must compile.
 */
export function dialectDifference(source: string): string | undefined {
  if (/[\r\n]/.test(source)) return 'a line break ends the line of the rendered file; write \\n';
  if (source.includes('${')) return '${ begins a variable in the rendered file; write [$]{';
  let isInClass = false;
  for (let i = 0; i < source.length; i++) {
    const c = source[i] as string;
    const next = source[i + 1] ?? '';
    if (c === '\\') {
      if (/[A-Za-z0-9]/.test(next) && !SHARED_ESCAPES.includes(next)) return `\\${next} means something else, or nothing, there`;
      if (next === 'u' && source[i + 2] === '{') return '\\u{…} does not exist there; write the four digits';
      i++;
    } else if (isInClass) {
      if (c === ']') isInClass = false;
      else if (c === '[') return '[ inside of a class begins another class there; write \\[';
      else if (c === '&' && next === '&') return '&& inside of a class means “and” there; write & once';
    } else if (c === '[') {
      if (next === ']' || source.startsWith('[^]', i)) return 'an empty class is an error there';
      isInClass = true;
      if (next === '^') i++;
    } else if (c === '(' && next === '?') {
      const found = groupDifference(source, i);
      if (found !== undefined) return found;
    } else if (c === '{' && next === ',') return '{,n} is a repeat there and plain text here; write {0,n} or \\{';
  }
  return undefined;
}

function groupDifference(source: string, start: number): string | undefined {
  const head = /^\(\?(?::|=|!|<=|<!|<[A-Za-z_]\w*>)/.exec(source.slice(start));
  if (head === null) return `${source.slice(start, start + 4)} is read otherwise there`;
  if (head[0] !== '(?<=' && head[0] !== '(?<!') return undefined;
  const inside = source.slice(start + 4, closing(source, start));
  return /(?:^|[^\\])[*+?{]/.test(inside) ? 'look-behind must have a fixed length there' : undefined;
}

/** Position of the bracket that closes the one at `start`. */
function closing(source: string, start: number): number {
  let depth = 0;
  let isInClass = false;
  for (let i = start; i < source.length; i++) {
    const c = source[i];
    if (c === '\\') i++;
    else if (isInClass) isInClass = c !== ']';
    else if (c === '[') isInClass = true;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i;
  }
  return source.length;
}
