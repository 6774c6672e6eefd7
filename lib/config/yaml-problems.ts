import { type Document, visit, type YAMLError } from 'yaml';

/** A place in the text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What YAML itself found wrong, with its place. */
export interface SyntaxProblem extends Place {
  readonly what: string;
  readonly limit?: string;
}

/** Syntax problems that are listed: one mistake often makes many, and they go with it. */
const MAX_SYNTAX_PROBLEMS = 10;

/** What is said of an alias without an anchor. */
export const BAD_ALIAS =
  'no anchor stands before this alias: `&name` comes first, outside of what it means, then `*name`; a text that starts with * needs quotes';

const ADVICE: { readonly [code: string]: string } = {
  MULTILINE_IMPLICIT_KEY: 'no name of a field and its value; between them stand a colon and a space (`region: us-east-1`)',
  MISSING_CHAR: 'something is missing or stands at the wrong place: a closing quote or bracket, a comma, or a colon with a space behind it',
  BAD_INDENT: 'this line is not indented like its neighbours; members of one map or list start in the same column',
  TAG_RESOLVE_FAILED: 'tags (`!name`) are not read here; write a plain text, number, list or map',
  DUPLICATE_KEY: 'the same key stands twice in this map; YAML readers disagree about which one wins: remove one',
  TAB_AS_INDENT: 'a tab indents this line; YAML allows spaces only',
  BAD_ALIAS,
  MULTIPLE_DOCS: 'the file holds several YAML documents; one config is one document: remove what follows `---`',
};

/** Syntax errors of a document in our words, at most one per place. */
export function syntaxProblems(errors: readonly YAMLError[], at: (offset: number) => Place): SyntaxProblem[] {
  return few(errors.map((error) => ({ ...at(error.pos[0]), what: describe(error) })));
}

/** One problem per place, and not more than help. */
function few(problems: readonly SyntaxProblem[]): SyntaxProblem[] {
  const byPlace = new Map<string, SyntaxProblem>();
  for (const problem of problems) {
    const key = `${problem.line}:${problem.column}`;
    if (!byPlace.has(key)) byPlace.set(key, problem);
  }
  const list = [...byPlace.values()];
  const last = list[MAX_SYNTAX_PROBLEMS - 1];
  if (list.length <= MAX_SYNTAX_PROBLEMS || !last) return list;
  const more = list.length - MAX_SYNTAX_PROBLEMS;
  return [...list.slice(0, MAX_SYNTAX_PROBLEMS - 1), { ...last, what: `${last.what} (and ${more} more; mend these first)` }];
}

/** Offsets of aliases whose anchor does not stand before them, or that stand inside of what they mean. */
export function brokenAliases(document: Document): number[] {
  const found: number[] = [];
  visit(document, {
    Alias: (_key, alias, path) => {
      const target = alias.resolve(document);
      if (target === undefined || path.includes(target)) found.push(alias.range?.[0] ?? 0);
    },
  });
  return found;
}

export function firstAlias(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias: (_key, alias) => {
      offset = alias.range?.[0];
      return visit.BREAK;
    },
  });
  return offset;
}

function describe(error: YAMLError): string {
  const message = error.message.split('\n')[0] ?? error.message;
  if (error.code === 'BAD_INDENT' && message.startsWith('Flow ')) {
    return 'a list in [ ] or a map in { } that began before is not closed, or this line, which belongs to it, is not indented';
  }
  return ADVICE[error.code] ?? `not YAML: ${message}`;
}
