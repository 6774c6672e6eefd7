import { compileRegex, RegexSyntaxError } from '../regex/regex.ts';
import type { CallNode, Expression } from './ast.ts';
import { functionNamed, functionNames } from './functions.ts';
import { parseSubnet } from './ip-address.ts';
import { MAX_CASE_BRANCHES } from './limits.ts';
import { PERIOD_CAPS } from './period.ts';
import { printExpression } from './print.ts';
import { didYouMean, type Problem, placeOf } from './problem.ts';
import { SYSTEM_FIELDS } from './scope.ts';

/** The fields that a source is documented to have. */
export interface FieldCatalogue {
  has(name: string): boolean;
  readonly names: Iterable<string>;
}

/** Names that exist at a command: what commands made so far, and, before the first `stats`, whatever the events hold. */
export interface VisibleNames {
  readonly made: ReadonlySet<string>;
  /** Made fields that are maps or lists. */
  readonly structures: ReadonlySet<string>;
  readonly closed: boolean;
}

/** Collects problems of one query. */
export class Findings {
  readonly problems: Problem[] = [];
  private readonly text: string;
  private readonly catalogue: FieldCatalogue | undefined;
  private readonly reported = new Set<string>();

  constructor(text: string, catalogue?: FieldCatalogue) {
    this.text = text;
    this.catalogue = catalogue;
  }

  add(severity: 'error' | 'warning', at: number, message: string, hint?: string): void {
    this.problems.push({ severity, message, ...(hint ? { hint } : {}), ...placeOf(this.text, at) });
  }

  /** Checks that a field can be there. */
  field(name: string, at: number, visible: VisibleNames): void {
    if (visible.made.has(name)) return;
    for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) if (visible.made.has(name.slice(0, dot))) return;
    if (visible.closed) {
      const near = didYouMean(name, visible.made);
      const known = [...visible.made].slice(0, 12).join(', ');
      this.add('error', at, `there is no field "${name}" after "stats"`, near ? `did you mean "${near}"?` : `there are ${known}`);
      return;
    }
    if (this.reported.has(name)) return;
    if (name.startsWith('@')) {
      if (
        SYSTEM_FIELDS.includes(name) ||
        name.startsWith('@aws.') ||
        name.startsWith('@entity') ||
        name.startsWith('@data') ||
        this.catalogue?.has(name) !== false
      )
        return;
    } else if (this.catalogue?.has(name) !== false) return;
    this.reported.add(name);
    const near = didYouMean(name, [...this.catalogue.names, ...visible.made, ...SYSTEM_FIELDS]);
    this.add('warning', at, `the source has no field "${name}"`, near ? `did you mean "${near}"?` : undefined);
  }

  /** Checks an expression; `aggregates` says whether `count()` and its like may stand here. */
  expression(node: Expression, visible: VisibleNames, aggregates: 'no' | 'yes' | 'inside' = 'no'): void {
    const down = (part: Expression) => this.expression(part, visible, aggregates);
    switch (node.kind) {
      case 'field':
        if (aggregates !== 'yes') this.field(node.name, node.at, visible);
        return;
      case 'call':
        this.call(node, visible, aggregates);
        return;
      case 'access':
        down(node.target);
        return;
      case 'unary':
        down(node.operand);
        return;
      case 'binary':
        down(node.left);
        down(node.right);
        this.dateText(node.operator, node.left, node.right);
        this.dateText(node.operator, node.right, node.left);
        return;
      case 'like':
        down(node.left);
        if (node.pattern.kind === 'regex') this.regex(node.pattern.source, node.pattern.at);
        return;
      case 'in':
        down(node.left);
        node.items.forEach(down);
        return;
      case 'in-query':
        down(node.left);
        return;
      case 'period':
        this.add('error', node.at, 'a length of time stands only in bin(), datefloor() and dateceil()');
        return;
    }
  }

  /** "CloudWatch Logs Insights doesn't support filtering logs with human readable timestamps": such a comparison is never true. */
  private dateText(operator: string, field: Expression, text: Expression): void {
    if (!/^(=|!=|<|<=|>|>=)$/.test(operator) || field.kind !== 'field' || text.kind !== 'string') return;
    if ((field.name === '@timestamp' || field.name === '@ingestionTime') && /^\d{4}-\d\d/.test(text.value))
      this.add(
        'warning',
        text.at,
        `${field.name} is not compared with a date in a text`,
        'choose the time range, or compare toMillis() with milliseconds',
      );
  }

  /** Checks a regular expression; the place is that inside of it. */
  regex(source: string, at: number): readonly (string | undefined)[] {
    try {
      return compileRegex(source).groupNames;
    } catch (error) {
      if (!(error instanceof RegexSyntaxError)) throw error;
      this.add('error', at + 1 + error.at, `in this regular expression: ${error.message}`);
      return [];
    }
  }

  private call(node: CallNode, visible: VisibleNames, aggregates: 'no' | 'yes' | 'inside'): void {
    if (visible.closed && visible.made.has(printExpression(node))) return;
    const info = functionNamed(node.name);
    if (!info) {
      const near = didYouMean(node.name, functionNames());
      this.add('error', node.at, `there is no function "${node.name}"`, near ? `did you mean "${near}"?` : undefined);
      return;
    }
    if (info.kind === 'aggregate' && aggregates === 'no') this.add('error', node.at, `${info.name}() stands only in "stats"`);
    if (info.kind === 'aggregate' && aggregates === 'inside')
      this.add('error', node.at, `${info.name}() stands inside another aggregate`, 'use a second "stats"');
    if (node.star && !info.star) this.add('error', node.at, `${info.name}(*) is not known`, `name a field, as in ${info.name}(field)`);
    const count = node.args.length;
    if (!node.star && (count < info.min || count > info.max)) {
      const wanted = info.min === info.max ? String(info.min) : info.max >= 1000 ? `at least ${info.min}` : `${info.min} to ${info.max}`;
      this.add('error', node.at, `${info.name}() takes ${wanted} argument${wanted === '1' ? '' : 's'}, found ${count}`);
      return;
    }
    if (info.name === 'case' && Math.floor(count / 2) > MAX_CASE_BRANCHES)
      this.add('error', node.at, `case() has at most ${MAX_CASE_BRANCHES} branches`);
    if (info.name === 'bin' && visible.closed && !visible.made.has('@timestamp')) {
      this.add(
        'error',
        node.at,
        'bin() needs @timestamp, which is not there after "stats"',
        'add max(@timestamp) as @t to the "stats" before and write datefloor(@t, 5m) here',
      );
    }
    this.literals(node, info.name);
    const inner = info.kind === 'aggregate' ? 'inside' : aggregates;
    node.args.forEach((argument, i) => {
      if (i === info.periodAt) this.period(argument, info.name);
      else this.expression(argument, visible, inner);
    });
  }

  private period(argument: Expression, name: string): void {
    if (argument.kind !== 'period') {
      this.add('error', argument.at, `expected a length of time such as 5m in ${name}()`);
      return;
    }
    const cap = PERIOD_CAPS[argument.unit];
    if (cap !== undefined && argument.count > cap)
      this.add(
        'warning',
        argument.at,
        `CloudWatch takes ${argument.count}${argument.unit} as ${cap}${argument.unit}`,
        'use the next larger unit',
      );
  }

  /** Arguments whose text is known now and can be wrong. */
  private literals(node: CallNode, name: string): void {
    const second = node.args[1];
    if (/^isIp.*InSubnet$/.test(name) && second?.kind === 'string' && !parseSubnet(second.value)) {
      this.add('error', second.at, `"${second.value}" is no block in CIDR notation`, 'write "192.0.2.0/24" or "2001:db8::/32"');
    }
    if (name === 'regexReplace' && second?.kind === 'string') this.regex(second.value, second.at);
    if (name === 'pct' && !(second?.kind === 'number' && second.value >= 0 && second.value <= 100))
      this.add('error', second?.at ?? node.at, 'pct() takes a number from 0 to 100 as its second argument');
  }
}
