import type { FieldCatalogue } from './check-expression.ts';

/** What a field holds as Logs Insights sees it: JSON keeps its types, times of JSON are text. A list is asked by position: `sourceIPs.0`. */
export type FieldKind = 'text' | 'number' | 'boolean' | 'list' | 'map';

/** A documented field of a kind of log. */
export interface FieldInfo {
  /** As a query writes it. `name.*` is an open map: whatever stands below it is known. */
  readonly name: string;
  readonly kind: FieldKind;
  /** One line: what it holds. */
  readonly about: string;
}

/** Makes a field; a table of these is easier to read than objects. */
export function field(name: string, kind: FieldKind, about: string): FieldInfo {
  return { name, kind, about };
}

/** Fields of one or several kinds of log as the checker asks for them. */
export function catalogueOf(fields: readonly FieldInfo[]): FieldCatalogue {
  const names = new Set<string>();
  const open: string[] = [];
  for (const { name, kind } of fields) {
    const plain = name.replace(/\.\*$/, '');
    names.add(plain);
    if (name.endsWith('.*') || kind === 'list' || kind === 'map') open.push(`${plain}.`);
    // A map can be asked as a whole wherever one of its fields is documented.
    for (let dot = plain.lastIndexOf('.'); dot > 0; dot = plain.lastIndexOf('.', dot - 1)) names.add(plain.slice(0, dot));
  }
  return { has: (name) => names.has(name) || open.some((prefix) => name.startsWith(prefix)), names };
}
