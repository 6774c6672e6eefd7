import type { KubernetesObject, Manifest, Plain } from './types.ts';

/** A manifest as YAML 1.2: members in their order, texts of several lines as blocks, comments above what they are about. Every reader gets the object back. */
export function manifestYaml({ object, about, notes }: Manifest): string {
  return [...commentLines(about, 0), ...mapLines(object, 0, '', notes), ''].join('\n');
}

/** Plain values as YAML, with comments by path. */
export function valuesYaml(
  about: string,
  values: { readonly [member: string]: Plain },
  notes: { readonly [path: string]: string },
): string {
  return [...commentLines(about, 0), ...mapLines(values, 0, '', notes), ''].join('\n');
}

/** File name of an object, such as `daemonset-eks-telemetry-fluent-bit.yaml`. */
export function manifestFile({ kind, metadata }: KubernetesObject): string {
  return `${kind.toLowerCase()}-${metadata.name.toLowerCase()}.yaml`;
}

type Notes = Manifest['notes'];

const indentation = (depth: number): string => '  '.repeat(depth);

function commentLines(text: string, depth: number): string[] {
  return text.split('\n').map((line) => `${indentation(depth)}# ${line}`);
}

function noteLines(path: string, depth: number, notes: Notes): string[] {
  const note = notes[path];
  return note === undefined ? [] : commentLines(note, depth);
}

const isMap = (value: Plain): value is { readonly [member: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);

const isEmpty = (value: Plain): boolean => (isList(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0);

function mapLines(map: { readonly [member: string]: Plain }, depth: number, path: string, notes: Notes): string[] {
  return Object.entries(map).flatMap(([member, value]) => {
    const own = path === '' ? member : `${path}.${member}`;
    const key = `${indentation(depth)}${plainText(member)}:`;
    return [...noteLines(own, depth, notes), ...memberLines(key, value, depth, own, notes)];
  });
}

function memberLines(key: string, value: Plain, depth: number, path: string, notes: Notes): string[] {
  if (isList(value) && !isEmpty(value)) return [key, ...listLines(value, depth + 1, path, notes)];
  if (isMap(value) && !isEmpty(value)) return [key, ...mapLines(value, depth + 1, path, notes)];
  if (typeof value === 'string' && isBlock(value)) return [`${key} |${blockEnd(value)}`, ...blockLines(value, depth + 1)];
  return [`${key} ${scalar(value)}`];
}

function listLines(list: readonly Plain[], depth: number, path: string, notes: Notes): string[] {
  return list.flatMap((value, position) => {
    const own = `${path}.${position}`;
    const before = noteLines(own, depth, notes);
    if ((isMap(value) || isList(value)) && !isEmpty(value)) {
      const lines = isMap(value) ? mapLines(value, depth + 1, own, notes) : listLines(value, depth + 1, own, notes);
      // A comment of the first member stands above the dash, so that the dash stays with what it begins.
      const first = lines.findIndex((line) => !line.trimStart().startsWith('#'));
      const comments = lines.slice(0, first).map((line) => line.slice(2));
      const dashed = `${indentation(depth)}- ${(lines[first] ?? '').trimStart()}`;
      return [...before, ...comments, dashed, ...lines.slice(first + 1)];
    }
    return [...before, `${indentation(depth)}- ${scalar(value)}`];
  });
}

/** Texts of several lines that a block keeps as they are; others are quoted. */
function isBlock(text: string): boolean {
  // A first line that begins with a blank would need an indentation indicator, a control character cannot stand in a block.
  return text.includes('\n') && /^[^\s]/.test(text) && !/[^\P{C}\n\t]|[\u2028\u2029\ufeff]/u.test(text) && !/[ \t]\n/.test(text);
}

/** Whether the block ends in one line break (nothing), none (-), or several (+). */
function blockEnd(text: string): '' | '-' | '+' {
  if (!text.endsWith('\n')) return '-';
  return text.endsWith('\n\n') ? '+' : '';
}

function blockLines(text: string, depth: number): string[] {
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  return body.split('\n').map((line) => (line === '' ? '' : `${indentation(depth)}${line}`));
}

function scalar(value: Plain): string {
  if (typeof value === 'string') return plainText(value);
  return JSON.stringify(value);
}

/** A text without quotes where no reader could take it for anything else: letters, digits and a few marks, and not a number, a date or a word of YAML. */
function plainText(text: string): string {
  const isSafe = /^[A-Za-z/][A-Za-z0-9/._-]*(?::[A-Za-z0-9/._-]+)*(?: [A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(text);
  return isSafe && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);
}
