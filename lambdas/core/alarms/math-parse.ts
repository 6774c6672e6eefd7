/** Thrown for a metric math expression that CloudWatch would refuse; `column` is 1-based. */
export class MathSyntaxError extends Error {
  override readonly name = 'MathSyntaxError';
  readonly column: number;
  constructor(at: number, reason: string) {
    super(reason);
    this.column = at + 1;
  }
}

/** A parsed expression. */
export type MathNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'id'; readonly name: string; readonly at: number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly MathNode[]; readonly at: number }
  | { readonly kind: 'list'; readonly items: readonly MathNode[] }
  | { readonly kind: 'negative'; readonly of: MathNode }
  | { readonly kind: 'binary'; readonly operator: MathOperator; readonly left: MathNode; readonly right: MathNode };

export type MathOperator = '+' | '-' | '*' | '/' | '^' | '==' | '!=' | '<=' | '>=' | '<' | '>' | 'AND' | 'OR';

/** Weakest first; `^` binds to the right. */
const LEVELS: readonly (readonly MathOperator[])[] = [['OR'], ['AND'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/'], ['^']];
const TOKEN = /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|"([^"]*)"|'([^']*)'|(&&|\|\||==|!=|<=|>=|[-+*/^<>(),[\]]))/y;

type Token =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'name' | 'text' | 'sign'; readonly value: string; readonly at: number };

/** Words that stand for an order, a function or a way to fill, not for a metric. */
export const MATH_WORDS: ReadonlySet<string> = new Set(['REPEAT', 'LINEAR', 'ASC', 'DESC', 'AVG', 'MIN', 'MAX', 'SUM']);

/** Reads a metric math expression; throws MathSyntaxError. */
export function parseMath(text: string): MathNode {
  const tokens = tokensOf(text);
  let next = 0;
  const peek = (): Token | undefined => tokens[next];
  const fail = (reason: string, at = peek()?.at ?? text.length): never => {
    throw new MathSyntaxError(at, reason);
  };
  const takeSign = (sign: string): boolean => {
    const token = peek();
    if (token?.kind !== 'sign' || token.value !== sign) return false;
    next++;
    return true;
  };
  const operatorAt = (level: number): MathOperator | undefined => {
    const token = peek();
    if (token === undefined || token.kind === 'number' || token.kind === 'text') return undefined;
    const written = token.value === '&&' ? 'AND' : token.value === '||' ? 'OR' : token.value;
    return (LEVELS[level] as readonly MathOperator[]).find((each) => each === written);
  };
  const expression = (level = 0): MathNode => {
    if (level === LEVELS.length) return unary();
    let left = expression(level + 1);
    for (let operator = operatorAt(level); operator !== undefined; operator = operatorAt(level)) {
      next++;
      left = { kind: 'binary', operator, left, right: expression(operator === '^' ? level : level + 1) };
    }
    return left;
  };
  const unary = (): MathNode => (takeSign('-') ? { kind: 'negative', of: unary() } : primary());
  const list = (end: string): MathNode[] => {
    const items: MathNode[] = [];
    if (takeSign(end)) return items;
    do items.push(expression());
    while (takeSign(','));
    if (!takeSign(end)) fail(`"${end}" is missing`);
    return items;
  };
  const primary = (): MathNode => {
    const token = peek();
    if (token === undefined) return fail('the expression ends too early');
    next++;
    if (token.kind === 'number') return { kind: 'number', value: token.value };
    if (token.kind === 'text') return { kind: 'text', value: token.value };
    if (token.kind === 'name') {
      const { value: name, at } = token;
      return takeSign('(') ? { kind: 'call', name, args: list(')'), at } : { kind: 'id', name, at };
    }
    if (token.value === '[') return { kind: 'list', items: list(']') };
    if (token.value !== '(') return fail(`"${token.value}" cannot stand here`, token.at);
    const inner = expression();
    return takeSign(')') ? inner : fail('")" is missing');
  };
  const root = expression();
  if (peek() !== undefined) fail(`"${String(peek()?.value)}" cannot stand here`);
  return root;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [whole, number, name, double, single, sign] = match;
    end = TOKEN.lastIndex;
    const at = end - whole.trimStart().length;
    if (number !== undefined) tokens.push({ kind: 'number', value: Number(number), at });
    else if (name !== undefined) tokens.push({ kind: 'name', value: name, at });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign, at });
    else tokens.push({ kind: 'text', value: double ?? single ?? '', at });
  }
  const rest = text.slice(end);
  if (rest.trim() !== '')
    throw new MathSyntaxError(end + rest.length - rest.trimStart().length, `"${rest.trim()[0]}" is no part of metric math`);
  return tokens;
}

/** Ids of metrics and expressions that an expression names. */
export function idsIn(node: MathNode): string[] {
  switch (node.kind) {
    case 'id':
      return MATH_WORDS.has(node.name) ? [] : [node.name];
    case 'call':
      return node.args.flatMap(idsIn);
    case 'list':
      return node.items.flatMap(idsIn);
    case 'negative':
      return idsIn(node.of);
    case 'binary':
      return [...idsIn(node.left), ...idsIn(node.right)];
    default:
      return [];
  }
}
