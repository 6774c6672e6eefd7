import { type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node, parseDocument, type YAMLError } from 'yaml';
import type { Path } from './problems.ts';

/** A place in the text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What YAML itself found wrong, with its place. */
export interface SyntaxProblem extends Place {
  readonly what: string;
}

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
/** Longest config file in characters; the account policy alone allows 25 KB of names. */
export const MAX_FILE_CHARACTERS = 1_000_000;

const ADVICE: { readonly [code: string]: string } = {
  DUPLICATE_KEY: 'the same key stands twice in this map; YAML readers disagree about which one wins: remove one',
  TAB_AS_INDENT: 'a tab indents this line; YAML allows spaces only',
  BAD_ALIAS: 'this alias cannot be resolved; anchors must stand before their aliases',
  MULTIPLE_DOCS: 'the file holds several YAML documents; one config is one document: remove what follows `---`',
};

/** Reads YAML 1.2 (core schema: `on`, `off`, `yes`, `no` are texts) and keeps the places. Never throws. */
export function readYaml(text: string): YamlSource {
  const at = placesOf(text);
  if (text.length > MAX_FILE_CHARACTERS) {
    const what = `the file has ${text.length} characters, limit: ${MAX_FILE_CHARACTERS}`;
    return broken([{ line: 1, column: 1, what }]);
  }
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const problems: SyntaxProblem[] = document.errors.map((error) => ({ ...at(error.pos[0]), what: describe(error) }));
  let isReadable = document.errors.every((error) => error.code === 'DUPLICATE_KEY');
  let data: unknown;
  if (isReadable) {
    try {
      data = document.toJS({ maxAliasCount: MAX_ALIASES });
    } catch (error) {
      problems.push({ line: 1, column: 1, what: `${(error as Error).message}; write the values out, limit: ${MAX_ALIASES} aliased nodes` });
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

function describe(error: YAMLError): string {
  const advice = ADVICE[error.code];
  const message = error.message.split('\n')[0] ?? error.message;
  return advice ?? `not YAML: ${message}`;
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
