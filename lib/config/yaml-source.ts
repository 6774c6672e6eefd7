import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, parseDocument, type YAMLError } from 'yaml';
import type { Path } from './problems.ts';
import { MAX_DEPTH, tooDeepAt } from './yaml-depth.ts';
import { BAD_ALIAS, brokenAliases, firstAlias, type Place, type SyntaxProblem, syntaxProblems } from './yaml-problems.ts';

/** A YAML text with its data and the place of every field. */
export interface YamlSource {
  readonly data: unknown;
  /** Syntax errors, duplicate keys, too many aliases. */
  readonly problems: readonly SyntaxProblem[];
  /** False where the text is broken so that `data` means nothing. */
  readonly isReadable: boolean;
  /** Place of a field's value; of its nearest existing parent where the field is absent. `atKey`: of its name. */
  place(path: Path, atKey?: boolean): Place;
  /** A scalar as it stands in the file (`012345678901`, `on`), undefined for anything else. */
  written(path: Path): string | undefined;
}

/** Aliases that one file may expand to; more is a bomb, not a config. */
const MAX_ALIASES = 200;
/** Reads YAML 1.2 (core schema: `on`, `off`, `yes`, `no` are texts) and keeps the places. Never throws. */
export function readYaml(text: string): YamlSource {
  const at = placesOf(text);
  const deepAt = tooDeepAt(text);
  if (deepAt !== undefined) {
    const what = 'lists and maps are nested far deeper than in any config: is a bracket or brace never closed, or is it the wrong file?';
    return broken([{ ...at(deepAt), what, limit: `${MAX_DEPTH} levels` }]);
  }
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const errors: readonly YAMLError[] = [...document.errors, ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED')];
  const problems = syntaxProblems(errors, at);
  for (const alias of brokenAliases(document)) problems.push({ ...at(alias), what: BAD_ALIAS });
  let isReadable = problems.length === errors.length && errors.every(({ code }) => code === 'DUPLICATE_KEY');
  let data: unknown;
  if (isReadable) {
    try {
      data = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch {
      const what = 'aliases (`*name`) stand for too many values, or for themselves; write the values out';
      problems.push({ ...at(firstAlias(document) ?? 0), what, limit: `${MAX_ALIASES} aliased nodes` });
      isReadable = false;
    }
  }
  return {
    data,
    problems,
    isReadable,
    place: (path, atKey = false) => placeOf(document, path, atKey, at),
    written: (path) => {
      const node = nodeAt(document, path);
      return isScalar(node) && typeof node.source === 'string' ? node.source : undefined;
    },
  };
}

function broken(problems: readonly SyntaxProblem[]): YamlSource {
  return { data: undefined, problems, isReadable: false, place: () => ({ line: 1, column: 1 }), written: () => undefined };
}

/** Place of an offset. The library's own counter does not know lines behind the first document, where an error may lie. */
function placesOf(text: string): (offset: number) => Place {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** Follows one alias after another to the node that they mean. */
function resolved(document: Document, node: unknown): Node | undefined {
  let current = isNode(node) ? node : undefined;
  for (let hops = 0; isAlias(current) && hops < MAX_ALIASES; hops++) current = current.resolve(document);
  return current;
}

interface Step {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

function stepInto(document: Document, parent: Node | undefined, name: string | number): Step | undefined {
  if (isMap(parent)) {
    for (const pair of parent.items) {
      if (!isPair(pair)) continue;
      const key = resolved(document, pair.key);
      const keyText = isScalar(key) ? String(key.value) : undefined;
      if (keyText === String(name)) {
        return { key: isNode(pair.key) ? pair.key : undefined, value: isNode(pair.value) ? pair.value : undefined };
      }
    }
  } else if (isSeq(parent) && typeof name === 'number') {
    const item = parent.items[name];
    if (isNode(item)) return { key: item, value: item };
  }
  return undefined;
}

function nodeAt(document: Document, path: Path): Node | undefined {
  let node = resolved(document, document.contents);
  for (const name of path) node = resolved(document, stepInto(document, node, name)?.value);
  return node;
}

function placeOf(document: Document, path: Path, atKey: boolean, at: (offset: number) => Place): Place {
  let node = isNode(document.contents) ? document.contents : undefined;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, name] of path.entries()) {
    const step = stepInto(document, resolved(document, node), name);
    if (!step) break;
    const wanted = atKey && index === path.length - 1 ? step.key : (step.value ?? step.key);
    // An empty value (`region:`) has a place of its own behind the colon; its name is easier to see.
    const range = (isScalar(wanted) && wanted.value === null && wanted.source === '' ? step.key : wanted)?.range;
    offset = range?.[0] ?? offset;
    node = step.value;
  }
  return at(offset);
}
