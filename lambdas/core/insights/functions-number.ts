import { type Compiled, numberOf } from './compiled.ts';
import type { FunctionMaker } from './functions-text.ts';
import type { Value } from './value.ts';

/** Makes a function of numbers: missing when one of them is missing or no number, and when the result is none. */
function ofNumbers(apply: (...numbers: number[]) => number): FunctionMaker {
  return (args) => {
    const read = args.map(numberOf);
    return (slots) => {
      const numbers: number[] = [];
      for (const each of read) {
        const number = each(slots);
        if (number === undefined) return undefined;
        numbers.push(number);
      }
      return finite(apply(...numbers));
    };
  };
}

/** Division by zero and its like give no value. */
export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** Of the arguments that have a number. */
function extreme(pick: (a: number, b: number) => number): FunctionMaker {
  return (args) => {
    const read = args.map(numberOf);
    return (slots) => {
      let best: number | undefined;
      for (const each of read) {
        const number = each(slots);
        if (number !== undefined) best = best === undefined ? number : pick(best, number);
      }
      return best;
    };
  };
}

function roundTo(value: number, digits = 0): number {
  const places = Math.max(-15, Math.min(15, Math.trunc(digits)));
  // Half away from zero; the detour through text keeps 1.005 from becoming 1.00.
  const shifted = Number(`${Math.abs(value)}e${places}`);
  if (Number.isNaN(shifted)) return value;
  return Math.sign(value) * Number(`${Math.round(shifted)}e${-places}`);
}

const EARTH_KM = 6371;

function haversine(lat1: number, lon1: number, lat2: number, lon2: number): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const a =
    Math.sin(radians(lat2 - lat1) / 2) ** 2 + Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon2 - lon1) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(a)));
}

function integer(value: number, bits: 32 | 64): number {
  const whole = Math.trunc(value);
  const limit = bits === 32 ? 2 ** 31 : 2 ** 63;
  return whole < -limit || whole >= limit ? Number.NaN : whole;
}

function decToHex(value: Value): Value {
  if (typeof value !== 'number') return undefined;
  const whole = Math.trunc(value);
  return `${whole < 0 ? '-' : ''}0x${Math.abs(whole).toString(16)}`;
}

/** Numeric functions by lower-case name. */
export const NUMBER_FUNCTIONS: { readonly [name: string]: FunctionMaker } = {
  abs: ofNumbers(Math.abs),
  ceil: ofNumbers(Math.ceil),
  floor: ofNumbers(Math.floor),
  log: ofNumbers(Math.log),
  sqrt: ofNumbers(Math.sqrt),
  round: ofNumbers(roundTo),
  greatest: extreme(Math.max),
  least: extreme(Math.min),
  haversine: ofNumbers(haversine),
  tonumber: ofNumbers((value) => value),
  todouble: ofNumbers((value) => value),
  toint: ofNumbers((value) => integer(value, 32)),
  tolong: ofNumbers((value) => integer(value, 64)),
  dectohex: (args) => {
    const read = numberOf(args[0] as Compiled);
    return (slots) => decToHex(read(slots));
  },
};
