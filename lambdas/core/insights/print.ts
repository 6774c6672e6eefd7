import type { Alias, Command, Expression, FieldNode, Item, Query } from './ast.ts';
import { RESERVED } from './parse-expression.ts';

/** Words that mean something in some command, so that a field of that name is printed in backquotes. */
const SPECIAL = new Set([
  ...RESERVED,
  'logfmt',
  'csv',
  'multi',
  'any',
  'into',
  'offset',
  'with',
  'for',
  'p',
  'fieldname',
  'row',
  'col',
  'field',
]);
const STRENGTH: { readonly [operator: string]: number } = {
  or: 1,
  and: 2,
  not: 3,
  '=': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '%': 6,
  '^': 7,
};

/** Writes a query so that parsing the text gives the same tree. */
export function printQuery(query: Query): string {
  return query.commands.map(printCommand).join('\n| ');
}

/** Writes a field's name, in backquotes where it needs them. */
export function printName(name: string): string {
  if (/^[\p{L}_@][\p{L}\p{N}_@]*(\.[\p{L}\p{N}_@]+)*$/u.test(name) && !SPECIAL.has(name.toLowerCase())) return name;
  return `\`${name}\``;
}

function printString(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r')}"`;
}

function printRegex(source: string): string {
  return `/${source.replace(/\\[\s\S]|\//g, (part) => (part === '/' ? '\\/' : part))}/`;
}

function strengthOf(expression: Expression): number {
  switch (expression.kind) {
    case 'binary':
      return STRENGTH[expression.operator] as number;
    case 'unary':
      return expression.operator === 'not' ? 3 : 8;
    case 'like':
    case 'in':
    case 'in-query':
      return 4;
    default:
      return 9;
  }
}

function wrap(expression: Expression, least: number): string {
  const text = printExpression(expression);
  return strengthOf(expression) < least ? `(${text})` : text;
}

/** Writes an expression; also the name of a column that has no alias, such as `count(*)` or `bin(5m)`. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression.value);
    case 'boolean':
      return String(expression.value);
    case 'string':
      return printString(expression.value);
    case 'field':
      return printName(expression.name);
    case 'period':
      return `${expression.count}${expression.unit}`;
    case 'call':
      return `${expression.name}(${expression.star ? '*' : expression.args.map(printExpression).join(', ')})`;
    case 'access': {
      const path = expression.path.split('.').every((part) => /^[\p{L}\p{N}_@]+$/u.test(part)) ? expression.path : `\`${expression.path}\``;
      return `${expression.target.kind === 'call' ? printExpression(expression.target) : `(${printExpression(expression.target)})`}.${path}`;
    }
    case 'unary':
      return expression.operator === 'not' ? `not ${wrap(expression.operand, 3)}` : `-${wrap(expression.operand, 8)}`;
    case 'binary': {
      const strength = STRENGTH[expression.operator] as number;
      const toRight = expression.operator === '^';
      return `${wrap(expression.left, toRight ? 8 : strength)} ${expression.operator} ${wrap(expression.right, toRight ? 7 : strength + 1)}`;
    }
    case 'like': {
      const pattern = expression.pattern.kind === 'string' ? printString(expression.pattern.value) : printRegex(expression.pattern.source);
      return `${wrap(expression.left, 4)} ${expression.negated ? 'not ' : ''}like ${pattern}`;
    }
    case 'in':
      return `${wrap(expression.left, 4)} ${expression.negated ? 'not ' : ''}in [${expression.items.map(printExpression).join(', ')}]`;
    case 'in-query':
      return `${wrap(expression.left, 4)} ${expression.negated ? 'not ' : ''}in (${expression.text})`;
  }
}

function printNumber(value: number): string {
  if (value === Infinity) return '1e999';
  const text = String(value);
  return text.includes('e') && !text.includes('.') ? text.replace('e', '.0e') : text;
}

function printItems(items: readonly Item[]): string {
  return items
    .map((item) => `${printExpression(item.expression)}${item.alias === undefined ? '' : ` as ${printName(item.alias)}`}`)
    .join(', ');
}

function printFields(fields: readonly FieldNode[]): string {
  return fields.map((field) => printName(field.name)).join(', ');
}

function printAliases(aliases: readonly Alias[]): string {
  return aliases.length === 0 ? '' : ` as ${aliases.map((alias) => printName(alias.name)).join(', ')}`;
}

function printCommand(command: Command): string {
  switch (command.kind) {
    case 'fields':
    case 'display':
      return `${command.kind} ${printItems(command.items)}`;
    case 'filter':
      return `${command.word} ${printExpression(command.condition)}`;
    case 'parse-glob':
    case 'parse-regex':
    case 'parse-logfmt':
    case 'parse-csv': {
      const field = command.field ? `${printName(command.field.name)} ` : '';
      if (command.kind === 'parse-glob') return `parse ${field}${printString(command.pattern.value)}${printAliases(command.aliases)}`;
      if (command.kind === 'parse-regex')
        return `parse ${field}${printRegex(command.pattern.source)}${printAliases(command.aliases)}${command.multi ? ' multi' : ''}`;
      return `parse ${field}${command.kind === 'parse-logfmt' ? 'logfmt' : 'csv'}${printAliases(command.aliases)}`;
    }
    case 'json':
      return `json ${command.field ? `field=${printName(command.field.name)} ` : ''}${printString(command.path.value)}${printAliases(command.aliases)}`;
    case 'stats':
      return `stats ${printItems(command.items)}${command.by.length > 0 ? ` by ${printItems(command.by)}` : ''}${command.offset ? ` offset ${printExpression(command.offset)}` : ''}`;
    case 'sort':
      return `sort ${command.keys.map((key) => `${printExpression(key.expression)}${key.direction ? ` ${key.direction}` : ''}`).join(', ')}`;
    case 'limit':
      return `limit ${command.any ? 'any ' : ''}${command.count}`;
    case 'dedup':
    case 'countFrequent':
      return `${command.kind} ${printFields(command.fields)}`;
    case 'unnest':
      return `unnest ${printName(command.field.name)} into ${printName(command.into.name)}`;
    case 'expand':
      return `expand ${printName(command.field.name)}`;
    case 'accum':
      return `accum ${printName(command.field.name)}${command.alias ? printAliases([command.alias]) : ''}`;
    case 'autoregress':
      return `autoregress ${printName(command.field.name)}${command.alias ? printAliases([command.alias]) : ''} p=${command.from}-${command.to}`;
    case 'addtotals':
      return `addtotals fieldname=${printName(command.fieldname)} row=${command.row} col=${command.col} ${printFields(command.fields)}`.trim();
    case 'filldown':
      return `filldown ${command.patterns.map((pattern) => (/^[\p{L}\p{N}_@.*]+$/u.test(pattern.name) ? pattern.name : `\`${pattern.name}\``)).join(' ')}`.trim();
    case 'fillmissing':
      return `fillmissing${command.fills.length > 0 ? ` with ${command.fills.map((fill) => `${printExpression(fill.value)} for ${printName(fill.field.name)}`).join(', ')}` : ''}`;
    case 'account':
      return `${command.name} ${command.text}`.trim();
  }
}
