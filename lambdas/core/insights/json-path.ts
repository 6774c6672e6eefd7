import type { Structure, Value } from './value.ts';

/** Follows a dotted path into a map or list; names may hold dots themselves, and an index is a name of digits. */
export function followPath(target: Value, path: string): Value {
  let current: unknown = target;
  let rest = path;
  for (;;) {
    if (typeof current !== 'object' || current === null) return undefined;
    const map = current as { readonly [name: string]: unknown };
    if (Object.hasOwn(map, rest)) return fromJson(map[rest]);
    // The shortest name that exists leads on; when it leads nowhere a longer one is tried.
    for (let dot = rest.indexOf('.'); ; dot = rest.indexOf('.', dot + 1)) {
      if (dot < 0) return undefined;
      const name = rest.slice(0, dot);
      if (!Object.hasOwn(map, name)) continue;
      if (rest.indexOf('.', dot + 1) < 0 || !hasLonger(map, rest, dot)) {
        current = map[name];
        rest = rest.slice(dot + 1);
        break;
      }
      const found = followPath(fromJson(map[name]), rest.slice(dot + 1));
      if (found !== undefined) return found;
    }
  }
}

function hasLonger(map: object, rest: string, from: number): boolean {
  for (let dot = rest.indexOf('.', from + 1); dot >= 0; dot = rest.indexOf('.', dot + 1))
    if (Object.hasOwn(map, rest.slice(0, dot))) return true;
  return false;
}

/** A value of `JSON.parse` as a value of the language: null is missing. */
export function fromJson(value: unknown): Value {
  return value === null || value === undefined ? undefined : (value as string | number | boolean | Structure);
}

/** Parses JSON text into a map or list; anything else is missing. */
export function parseStructure(text: string): Structure | undefined {
  const first = text.trimStart()[0];
  if (first !== '{' && first !== '[') return undefined;
  try {
    return JSON.parse(text) as Structure;
  } catch {
    return undefined;
  }
}

/** The JSON text of a map or list; missing where it is nested so deep that it cannot be written. */
export function structureText(value: Structure): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
