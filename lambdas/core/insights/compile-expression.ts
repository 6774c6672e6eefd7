import { compileRegex, RegexSyntaxError } from '../regex/regex.ts';
import type { CallNode, Expression, FieldNode } from './ast.ts';
import { compileComparison } from './compile-comparison.ts';
import { type Compiled, constantOf, type Environment, numberOf, textOf } from './compiled.ts';
import { functionNamed, type ResultType } from './functions.ts';
import { finite, NUMBER_FUNCTIONS } from './functions-number.ts';
import { hashFunction, OTHER_FUNCTIONS } from './functions-other.ts';
import { TEXT_FUNCTIONS } from './functions-text.ts';
import { timeFunction } from './functions-time.ts';
import { followPath } from './json-path.ts';
import { ceilTo, floorTo, type Period } from './period.ts';
import { printExpression } from './print.ts';
import type { Scope } from './scope.ts';
import { equals, toTruth, type Value } from './value.ts';

/** Stops compiling: the message and the offset it is about. */
export class CompileError extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = 'CompileError';
    this.at = at;
  }
}

/** Makes expressions into closures, once per query. */
export class ExpressionCompiler {
  readonly scope: Scope;
  private readonly env: Environment;
  /** Aggregates of a `stats`: an expression over them finds each in its slot. */
  private readonly aggregate: ((call: CallNode) => Compiled) | undefined;

  constructor(scope: Scope, env: Environment, aggregate?: (call: CallNode) => Compiled) {
    this.scope = scope;
    this.env = env;
    this.aggregate = aggregate;
  }

  compile(expression: Expression): Compiled {
    switch (expression.kind) {
      case 'number':
        return constantOf(expression.value, 'number');
      case 'string':
        return constantOf(expression.value, 'string');
      case 'boolean':
        return constantOf(expression.value, 'boolean');
      case 'field':
        return this.field(expression);
      case 'period':
        throw new CompileError('a length of time stands only in bin(), datefloor() and dateceil()', expression.at);
      case 'access': {
        const { run } = this.compile(expression.target);
        const { path } = expression;
        return { run: (slots) => followPath(run(slots), path), type: 'any' };
      }
      case 'call':
        return this.call(expression);
      case 'unary':
        return this.unary(expression.operator, this.compile(expression.operand));
      case 'binary':
        return this.binary(expression);
      case 'like':
        return this.like(expression);
      case 'in':
        return this.inList(expression);
      case 'in-query':
        throw new CompileError('a subquery needs the log groups of the account: it cannot run on files', expression.at);
    }
  }

  private field(node: FieldNode): Compiled {
    const place = this.scope.find(node.name);
    if (!place) throw new CompileError(`there is no field "${node.name}" after "stats"`, node.at);
    const { slot, path, type } = place;
    return path === undefined ? { run: (slots) => slots[slot], type } : { run: (slots) => followPath(slots[slot], path), type };
  }

  private call(node: CallNode): Compiled {
    const info = functionNamed(node.name);
    if (!info) throw new CompileError(`there is no function "${node.name}"`, node.at);
    if (this.scope.closed) {
      // Behind a `stats`, `count(*)` is the name of a column.
      const column = this.scope.find(printExpression(node));
      if (column) return { run: (slots) => slots[column.slot], type: column.type };
    }
    if (info.accountOnly) throw new CompileError(`${info.name}() cannot run on files: ${info.accountOnly}`, node.at);
    if (info.kind === 'aggregate') {
      if (!this.aggregate) throw new CompileError(`${info.name}() stands only in "stats"`, node.at);
      return this.aggregate(node);
    }
    if (info.periodAt !== undefined) return this.dateStep(node);
    const args = node.args.map((argument) => this.compile(argument));
    const key = info.name.toLowerCase();
    const env = this.env;
    const maker =
      TEXT_FUNCTIONS[key] ??
      NUMBER_FUNCTIONS[key] ??
      OTHER_FUNCTIONS[key] ??
      timeFunction(key, env) ??
      (key === 'md5' || key === 'sha256' ? hashFunction(key, env) : undefined);
    if (!maker) throw new CompileError(`${info.name}() cannot run here`, node.at);
    return { run: maker(args), type: this.resultOf(info.result, key, args) };
  }

  /** `coalesce(@timestamp, …)` and `if(…)` of times are times. */
  private resultOf(result: ResultType, key: string, args: readonly Compiled[]): ResultType {
    if (result !== 'any' || args.length === 0) return result;
    const values =
      key === 'if' ? args.slice(1) : key === 'case' ? args.filter((_, i) => i % 2 === 1 || (i === args.length - 1 && i % 2 === 0)) : args;
    return values.every((value) => value.type === 'time') ? 'time' : 'any';
  }

  private dateStep(node: CallNode): Compiled {
    const period = node.args[node.args.length - 1] as Expression & Period & { kind: string };
    if (period?.kind !== 'period') throw new CompileError(`expected a length of time such as 5m in ${node.name}()`, period?.at ?? node.at);
    const source =
      node.name === 'bin' ? this.field({ kind: 'field', name: '@timestamp', at: node.at }) : this.compile(node.args[0] as Expression);
    const read = numberOf(source);
    const step = node.name === 'dateceil' ? ceilTo(period) : floorTo(period);
    return {
      run: (slots) => {
        const ms = read(slots);
        return ms === undefined ? undefined : step(ms);
      },
      type: 'time',
    };
  }

  private unary(operator: '-' | 'not', operand: Compiled): Compiled {
    if (operator === '-') {
      const read = numberOf(operand);
      return {
        run: (slots) => {
          const number = read(slots);
          return number === undefined ? undefined : -number;
        },
        type: 'number',
        ...(typeof operand.constant?.value === 'number' ? { constant: { value: -operand.constant.value } } : {}),
      };
    }
    const { run } = operand;
    return {
      run: (slots) => {
        const truth = toTruth(run(slots));
        return truth === undefined ? undefined : !truth;
      },
      type: 'boolean',
    };
  }

  private binary(node: Expression & { kind: 'binary' }): Compiled {
    const left = this.compile(node.left);
    const right = this.compile(node.right);
    const { operator } = node;
    if (operator === 'and' || operator === 'or') return logic(operator, left.run, right.run);
    if (operator === '=' || operator === '!=' || operator === '<' || operator === '<=' || operator === '>' || operator === '>=')
      return compileComparison(operator, left, right);
    const a = numberOf(left);
    const b = numberOf(right);
    const apply = ARITHMETIC[operator];
    return {
      run: (slots) => {
        const x = a(slots);
        const y = b(slots);
        return x === undefined || y === undefined ? undefined : finite(apply(x, y));
      },
      // A time plus or minus a number is a time; a time minus a time is a number of milliseconds.
      type: (operator === '+' || operator === '-') && (left.type === 'time') !== (right.type === 'time') ? 'time' : 'number',
    };
  }

  private like(node: Expression & { kind: 'like' }): Compiled {
    const read = textOf(this.compile(node.left));
    const wanted = !node.negated;
    if (node.pattern.kind === 'string') {
      const part = node.pattern.value;
      return {
        run: (slots) => {
          const text = read(slots);
          return text === undefined ? undefined : text.includes(part) === wanted;
        },
        type: 'boolean',
      };
    }
    const regex = compilePattern(node.pattern.source, node.pattern.at);
    return {
      run: (slots) => {
        const text = read(slots);
        return text === undefined ? undefined : regex.test(text) === wanted;
      },
      type: 'boolean',
    };
  }

  private inList(node: Expression & { kind: 'in' }): Compiled {
    const { run } = this.compile(node.left);
    const items = node.items.map((item) => this.compile(item));
    const wanted = !node.negated;
    // A list of plain texts that are no numbers is one look into a set.
    const texts = new Set<Value>();
    for (const { constant } of items)
      if (
        typeof constant?.value === 'string' &&
        /^[A-Za-z]/.test(constant.value) &&
        constant.value !== 'true' &&
        constant.value !== 'false'
      )
        texts.add(constant.value);
    if (texts.size > 0 && items.every((item) => texts.has(item.constant?.value))) {
      return {
        run: (slots) => {
          const value = run(slots);
          return value === undefined ? undefined : texts.has(value) === wanted;
        },
        type: 'boolean',
      };
    }
    return {
      run: (slots) => {
        const value = run(slots);
        if (value === undefined) return undefined;
        for (const item of items) if (equals(value, item.run(slots)) === true) return wanted;
        return !wanted;
      },
      type: 'boolean',
    };
  }
}

const ARITHMETIC = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
  '^': (a: number, b: number) => a ** b,
};

/** And and or of three values: unknown and false is false, unknown or true is true. */
function logic(operator: 'and' | 'or', left: Compiled['run'], right: Compiled['run']): Compiled {
  const stop = operator === 'or';
  return {
    run: (slots) => {
      const a = toTruth(left(slots));
      if (a === stop) return stop;
      const b = toTruth(right(slots));
      if (b === stop) return stop;
      return a === undefined || b === undefined ? undefined : !stop;
    },
    type: 'boolean',
  };
}

/** Compiles a regular expression of a query; an error points into it. */
export function compilePattern(source: string, at: number): ReturnType<typeof compileRegex> {
  try {
    return compileRegex(source);
  } catch (error) {
    if (error instanceof RegexSyntaxError) throw new CompileError(`in this regular expression: ${error.message}`, at + 1 + error.at);
    throw error;
  }
}
