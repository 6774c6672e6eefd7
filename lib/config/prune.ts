import { valueAt } from './issues.ts';
import type { Path } from './problems.ts';
import { configSchema, type ParsedConfig } from './schema.ts';

/** A config of which the broken parts were taken out, so that the cross-checks can look at the rest in the same run. */
export interface Pruned {
  readonly parsed: ParsedConfig;
  /** Translates a path of the pruned data into one of the file: positions in lists shift when an item is taken out. */
  readonly original: (path: Path) => Path;
  /** Whether a path of the file lies in a part that was taken out: what stands there now is a stand-in or a default. */
  readonly isTakenOut: (path: Path) => boolean;
  /** Whether something was taken out at or below this path of the pruned data: what refers to it cannot be judged. */
  readonly isIncomplete: (path: Path) => boolean;
}

/** A config of which nothing was taken out. */
export function wholeConfig(parsed: ParsedConfig): Pruned {
  return { parsed, original: (path) => path, isTakenOut: () => false, isIncomplete: () => false };
}

/** What stands in for a required value that is broken, so that the rest can be checked. Findings about them are not reported. */
const STAND_INS: { readonly [field: string]: unknown } = {
  version: 1,
  account: '111122223333',
  region: 'us-east-1',
  clusters: [{ name: 'unknown' }],
  sources: [{ name: 'unknown', cluster: 'unknown', kind: 'application' }],
};

/** Each round takes out one level of broken parts; the schema is not deeper than this. */
const MAX_ROUNDS = 24;

/** Takes out what breaks the schema. Undefined where nothing is left to check. */
export function pruneToValid(data: unknown): Pruned | undefined {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return undefined;
  const root = structuredClone(data) as { [key: string]: unknown };
  const positions = new WeakMap<object, number[]>();
  const removed: Path[] = [];
  const original = (path: Path): Path => translate(root, path, positions);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const result = configSchema.safeParse(root);
    if (result.success) {
      const isIncomplete = (path: Path): boolean => {
        const inFile = original(path);
        return removed.some((gone) => inFile.every((step, index) => gone[index] === step));
      };
      const isTakenOut = (path: Path): boolean => removed.some((gone) => gone.every((step, index) => path[index] === step));
      return { parsed: result.data, original, isTakenOut, isIncomplete };
    }
    const broken = new Map<string, Path>();
    for (const issue of result.error.issues) {
      const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
      const targets = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
      for (const target of targets) {
        const victim = existing(root, target);
        broken.set(JSON.stringify(victim), victim);
      }
    }
    // From the end of the file, so that positions of earlier items stay true while later ones go.
    const victims = [...broken.values()].sort(comparePaths).reverse();
    const places = victims.map(original);
    for (const [index, victim] of victims.entries()) {
      removed.push(places[index] ?? victim);
      remove(root, victim, positions);
    }
  }
  return undefined;
}

/** The path itself where a value stands there; for a missing field its parent, because the parent cannot be without it. */
function existing(root: unknown, path: Path): Path {
  if (path.length <= 1 || valueAt(root, path) !== undefined) return path;
  return path.slice(0, -1);
}

function remove(root: { [key: string]: unknown }, path: Path, positions: WeakMap<object, number[]>): void {
  const last = path.at(-1);
  if (last === undefined) return;
  const parent = valueAt(root, path.slice(0, -1));
  if (Array.isArray(parent) && typeof last === 'number') {
    const kept = positions.get(parent) ?? parent.map((_, index) => index);
    parent.splice(last, 1);
    kept.splice(last, 1);
    positions.set(parent, kept);
  } else if (parent !== null && typeof parent === 'object') {
    delete (parent as { [key: string]: unknown })[last];
    if (path.length === 1 && Object.hasOwn(STAND_INS, last)) root[last] = structuredClone(STAND_INS[last]);
  }
}

function translate(root: unknown, path: Path, positions: WeakMap<object, number[]>): Path {
  let value = root;
  return path.map((step, index) => {
    const kept = value !== null && typeof value === 'object' ? positions.get(value) : undefined;
    const place = typeof step === 'number' ? (kept?.[step] ?? step) : step;
    value = valueAt(root, path.slice(0, index + 1));
    return place;
  });
}

function comparePaths(a: Path, b: Path): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const left = a[index] ?? '';
    const right = b[index] ?? '';
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}
