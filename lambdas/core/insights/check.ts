import type { Command, Expression, Item, Query } from './ast.ts';
import { type FieldCatalogue, Findings } from './check-expression.ts';
import { functionNamed } from './functions.ts';
import { MAX_LIMIT, MAX_QUERY_CHARACTERS, MAX_STATS } from './limits.ts';
import { parseQuery } from './parse-query.ts';
import { printExpression } from './print.ts';
import { type Problem, QueryError } from './problem.ts';
import { splitGlob } from './stage-parse.ts';

export type { FieldCatalogue } from './check-expression.ts';

/** Parses and checks a query by the documentation's rules: what CloudWatch would refuse is an error, what it would do silently a warning. */
export function checkQueryText(text: string, catalogue?: FieldCatalogue): Problem[] {
  try {
    return checkQuery(parseQuery(text), text, catalogue);
  } catch (error) {
    if (error instanceof QueryError) return [...error.problems];
    throw error;
  }
}

/** Checks a parsed query; `text` is its source. */
export function checkQuery(query: Query, text: string, catalogue?: FieldCatalogue): Problem[] {
  const checker = new Checker(text, catalogue);
  if (text.length > MAX_QUERY_CHARACTERS)
    checker.findings.add(
      'error',
      MAX_QUERY_CHARACTERS,
      `the query has ${text.length} characters, CloudWatch takes ${MAX_QUERY_CHARACTERS}`,
      'shorten the comments',
    );
  checker.run(query.commands);
  return checker.findings.problems;
}

class Checker {
  readonly findings: Findings;
  private visible = { made: new Set<string>(), structures: new Set<string>(), closed: false };

  constructor(text: string, catalogue?: FieldCatalogue) {
    this.findings = new Findings(text, catalogue);
  }

  run(commands: readonly Command[]): void {
    this.order(commands);
    for (const command of commands) this.command(command);
  }

  /** Rules about which command may follow which. */
  private order(commands: readonly Command[]): void {
    const stats = commands.filter((command) => command.kind === 'stats');
    const last = stats[stats.length - 1];
    if (stats.length > MAX_STATS)
      this.findings.add('error', (stats[MAX_STATS] as Command).at, `a query has at most ${MAX_STATS} "stats" commands`);
    const seen = new Map<string, Command>();
    let dedup: Command | undefined;
    for (const command of commands) {
      if (dedup && command.kind !== 'limit')
        this.findings.add('error', command.at, `only "limit" can follow "dedup"`, 'move this command before "dedup"');
      if (command.kind === 'dedup') dedup ??= command;
      if (last && command.at < last.at && (command.kind === 'sort' || command.kind === 'limit' || command.kind === 'dedup')) {
        this.findings.add('error', command.at, `"${command.kind}" stands before the last "stats"`, `move "${command.kind}" behind it`);
      }
      if (seen.has(command.kind) && (command.kind === 'display' || command.kind === 'sort' || command.kind === 'limit')) {
        this.findings.add(
          'warning',
          command.at,
          `a second "${command.kind}"`,
          command.kind === 'limit' ? 'the smaller of them counts' : 'only the last one counts',
        );
      }
      seen.set(command.kind, command);
      if (command.kind === 'account' && command.name === 'pattern' && seen.has('sort'))
        this.findings.add('error', command.at, '"pattern" cannot follow "sort"', 'move "sort" behind it');
    }
  }

  private command(command: Command): void {
    const { findings, visible } = this;
    switch (command.kind) {
      case 'fields':
      case 'display':
        for (const item of command.items) this.item(item);
        return;
      case 'filter':
        if (command.word === 'filterIndex') this.filterIndex(command.condition);
        findings.expression(command.condition, visible);
        return;
      case 'parse-glob': {
        this.source(command.field?.name, command.field?.at ?? command.at);
        const stars = splitGlob(command.pattern.value).length - 1;
        if (stars !== command.aliases.length) {
          findings.add(
            'error',
            command.pattern.at,
            `the pattern has ${stars} "*", but ${command.aliases.length} name${command.aliases.length === 1 ? '' : 's'} follow${command.aliases.length === 1 ? 's' : ''} "as"`,
          );
        }
        this.make(command.aliases);
        return;
      }
      case 'parse-regex': {
        this.source(command.field?.name, command.field?.at ?? command.at);
        const names = findings.regex(command.pattern.source, command.pattern.at);
        const named = names.filter((name) => name !== undefined);
        if (command.aliases.length > 0 && command.aliases.length !== names.length) {
          findings.add(
            'error',
            command.pattern.at,
            `the expression has ${names.length} groups, but ${command.aliases.length} name${command.aliases.length === 1 ? '' : 's'} follow "as"`,
          );
        } else if (command.aliases.length === 0 && named.length === 0)
          findings.add('error', command.pattern.at, 'the expression extracts nothing', 'name its groups, as in (?<name>…)');
        this.make(command.aliases.length > 0 ? command.aliases : named.map((name) => ({ name })));
        return;
      }
      case 'parse-logfmt':
        this.source(command.field?.name, command.field?.at ?? command.at);
        if (command.aliases.length > 1) findings.add('error', (command.aliases[1] as { at: number }).at, '"logfmt" gives one map');
        this.make(command.aliases);
        for (const alias of command.aliases) visible.structures.add(alias.name);
        return;
      case 'parse-csv':
      case 'json':
        this.source(command.field?.name, command.field?.at ?? command.at);
        this.make(command.aliases);
        return;
      case 'stats':
        this.stats(command);
        return;
      case 'sort':
        for (const key of command.keys) {
          findings.expression(key.expression, visible);
          this.noStructure(key.expression, 'sort');
          if (!key.direction) findings.add('warning', key.at, 'this "sort" does not say its direction', 'write asc or desc');
        }
        return;
      case 'limit':
        if (command.count < 1 || command.count > MAX_LIMIT)
          findings.add('error', command.at, `"limit" takes a number from 1 to ${MAX_LIMIT}, found ${command.count}`);
        return;
      case 'dedup':
      case 'countFrequent':
        for (const field of command.fields) {
          findings.field(field.name, field.at, visible);
          this.noStructure(field, command.kind);
        }
        if (command.kind === 'countFrequent') this.close([...command.fields.map((field) => field.name), '_approxcount']);
        return;
      case 'unnest':
        findings.field(command.field.name, command.field.at, visible);
        this.make([command.into]);
        return;
      case 'expand':
        findings.field(command.field.name, command.field.at, visible);
        return;
      case 'accum':
        findings.field(command.field.name, command.field.at, visible);
        this.make([command.alias ?? command.field]);
        return;
      case 'autoregress':
        findings.field(command.field.name, command.field.at, visible);
        for (const { name } of autoregressNames(command)) visible.made.add(name);
        return;
      case 'addtotals':
        for (const field of command.fields) findings.field(field.name, field.at, visible);
        this.make([{ name: command.fieldname }]);
        return;
      case 'fillmissing':
        for (const fill of command.fills) findings.field(fill.field.name, fill.field.at, visible);
        return;
      case 'filldown':
      case 'account':
        return;
    }
  }

  private item(item: Item): void {
    const { expression } = item;
    this.findings.expression(expression, this.visible);
    const name = item.alias ?? (expression.kind === 'field' ? undefined : printExpression(expression));
    if (name === undefined) return;
    this.visible.made.add(name);
    if (expression.kind === 'call' && functionNamed(expression.name)?.result === 'structure') this.visible.structures.add(name);
    else this.visible.structures.delete(name);
  }

  private make(aliases: readonly { readonly name: string }[]): void {
    for (const { name } of aliases) {
      this.visible.made.add(name);
      this.visible.structures.delete(name);
    }
  }

  private source(name: string | undefined, at: number): void {
    if (name !== undefined) this.findings.field(name, at, this.visible);
    else if (this.visible.closed && !this.visible.made.has('@message')) this.findings.field('@message', at, this.visible);
  }

  private noStructure(expression: Expression, where: string): void {
    if (expression.kind === 'field' && this.visible.structures.has(expression.name))
      this.findings.add(
        'error',
        expression.at,
        `"${expression.name}" is a map or list, which "${where}" cannot take`,
        'name a value inside of it',
      );
  }

  private filterIndex(condition: Expression): void {
    if (condition.kind === 'binary' && (condition.operator === 'and' || condition.operator === 'or')) {
      this.filterIndex(condition.left);
      this.filterIndex(condition.right);
    } else if (
      !(
        (condition.kind === 'binary' && condition.operator === '=') ||
        ((condition.kind === 'in' || condition.kind === 'in-query') && !condition.negated)
      )
    ) {
      this.findings.add('error', condition.at, '"filterIndex" takes only field = value and field in [values]', 'use "filter" for the rest');
    }
  }

  private stats(command: Command & { kind: 'stats' }): void {
    const made: string[] = [];
    for (const item of command.by) {
      this.findings.expression(item.expression, this.visible);
      this.noStructure(item.expression, 'stats');
      made.push(printExpression(item.expression));
      if (item.expression.kind === 'field') made[made.length - 1] = item.expression.name;
      if (item.alias !== undefined) made.push(item.alias);
    }
    for (const item of command.items) {
      this.findings.expression(item.expression, this.visible, 'yes');
      this.outside(item.expression, made);
      made.push(printExpression(item.expression));
      if (item.alias !== undefined) made.push(item.alias);
    }
    this.close(made);
  }

  /** A field outside of an aggregate must be one that the rows are grouped by, or made before it in the same command. */
  private outside(node: Expression, made: readonly string[]): void {
    const down = (part: Expression) => this.outside(part, made);
    if (node.kind === 'field' && !made.includes(node.name))
      this.findings.add(
        'error',
        node.at,
        `"${node.name}" in "stats" is neither inside of an aggregate nor in "by"`,
        `write latest(${node.name}), or add it to "by"`,
      );
    else if (node.kind === 'call' && functionNamed(node.name)?.kind === 'scalar' && !made.includes(printExpression(node)))
      for (const argument of node.args) down(argument);
    else if (node.kind === 'unary') down(node.operand);
    else if (node.kind === 'access') down(node.target);
    else if (node.kind === 'binary') [node.left, node.right].forEach(down);
    else if (node.kind === 'like' || node.kind === 'in' || node.kind === 'in-query') down(node.left);
  }

  private close(made: readonly string[]): void {
    this.visible = { made: new Set(made), structures: new Set(), closed: true };
  }
}

/** The fields that an `autoregress` makes: `bytes_p1`, or the alias. */
export function autoregressNames(command: Command & { kind: 'autoregress' }): { readonly name: string }[] {
  const base = command.alias?.name ?? command.field.name;
  if (command.alias && command.from === command.to) return [{ name: base }];
  return Array.from({ length: command.to - command.from + 1 }, (_, i) => ({ name: `${base}_p${command.from + i}` }));
}
