import { type Compiled, type Environment, numberOf, textOf } from './compiled.ts';
import { formatDate, parseDate } from './date-format.ts';
import type { FunctionMaker } from './functions-text.ts';

/** Date functions by lower-case name; `bin`, `datefloor` and `dateceil` are made where the period is known. */
export function timeFunction(name: string, env: Environment): FunctionMaker | undefined {
  const seconds = Math.floor(env.nowMs / 1000);
  const { startMs, endMs } = env;
  switch (name) {
    case 'now':
      return () => () => seconds;
    case 'querystarttime':
      return () => () => startMs;
    case 'queryendtime':
      return () => () => endMs;
    case 'querytimerange':
      return () => () => (startMs === undefined || endMs === undefined ? undefined : endMs - startMs);
    case 'frommillis':
    case 'tomillis':
      return ([argument]) => numberOf(argument as Compiled);
    case 'parsedate':
      return ([field, format, zone]) => {
        const read = [field, format].map((each) => textOf(each as Compiled));
        const readZone = zone ? textOf(zone) : () => 'UTC';
        return (slots) => {
          const text = read[0]?.(slots);
          const pattern = read[1]?.(slots);
          return text === undefined || pattern === undefined ? undefined : parseDate(text, pattern, readZone(slots) ?? 'UTC');
        };
      };
    case 'formatdate':
    case 'strftime':
      return ([time, format, zone]) => {
        const readTime = numberOf(time as Compiled);
        const readFormat = textOf(format as Compiled);
        const readZone = zone ? textOf(zone) : () => 'UTC';
        return (slots) => {
          const ms = readTime(slots);
          const pattern = readFormat(slots);
          return ms === undefined || pattern === undefined ? undefined : formatDate(ms, pattern, readZone(slots) ?? 'UTC');
        };
      };
    default:
      return undefined;
  }
}
