import { parse, stringify } from 'yaml';
import { formatProblem, type LoadedConfig, loadConfigText } from '../../../lib/config/load.ts';
import type { Config } from '../../../lib/config/resolve.ts';

/** The smallest config: what a test adds to it is what it is about. */
export const BASE = {
  version: 1,
  account: '111122223333',
  region: 'us-east-1',
  clusters: [{ name: 'prod', kubernetesVersion: '1.33', logGroups: { deletionProtection: true } }],
  sources: [{ name: 'app', cluster: 'prod', kind: 'application' }],
  search: { access: { admins: { roles: ['arn:aws:iam::111122223333:role/admin'] } } },
} as const;

/** YAML of the smallest config with members added or replaced; undefined removes one. */
export function yamlWith(members: { [member: string]: unknown }): string {
  const merged: { [member: string]: unknown } = { ...structuredClone(BASE), ...members };
  for (const [name, value] of Object.entries(merged)) if (value === undefined) delete merged[name];
  return stringify(merged, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Loads it without the slow proof of expressions. */
export function loadWith(members: { [member: string]: unknown }): LoadedConfig {
  return loadConfigText(yamlWith(members), 'test.yaml', { provesRegexes: false });
}

/** `field: what` of every problem. */
export function problemsWith(members: { [member: string]: unknown }): string[] {
  const loaded = loadWith(members);
  return loaded.ok ? [] : loaded.problems.map(({ field, what }) => `${field}: ${what}`);
}

/** `field: what` of every warning. */
export function warningsWith(members: { [member: string]: unknown }): string[] {
  return loadWith(members).warnings.map(({ field, what }) => `${field}: ${what}`);
}

/** The config itself; fails the test with the problems where there are any. */
export function configWith(members: { [member: string]: unknown }): Config {
  const loaded = loadWith(members);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.config;
}

/** A text with `§` before the expected place: the text without it, and the place. */
export function marked(text: string): { text: string; line: number; column: number } {
  const offset = text.indexOf('§');
  const before = text.slice(0, offset).split('\n');
  return { text: text.replace('§', ''), line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** A deep copy of plain data with one value set at a path; missing maps and lists are made. */
export function withValue(data: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const copy = (Array.isArray(data) ? [...data] : { ...(data as object) }) as { [step: string | number]: unknown };
  copy[step] = withValue(copy[step] ?? (typeof rest[0] === 'number' ? [] : {}), rest, value);
  return copy;
}

/** The same as members for the functions above. */
export function setting(path: readonly (string | number)[], value: unknown): { [member: string]: unknown } {
  return withValue(BASE, path, value) as { [member: string]: unknown };
}

/** Plain data of a YAML text. */
export function dataOf(text: string): unknown {
  return parse(text);
}
