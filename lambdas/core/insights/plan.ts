import type { Command, Expression, Item, Query } from './ast.ts';
import { CompileError, compilePattern, ExpressionCompiler } from './compile-expression.ts';
import { type Compiled, type Environment, textOf } from './compiled.ts';
import { DEFAULT_LIMIT, MAX_LIMIT } from './limits.ts';
import { nextPeriod } from './period.ts';
import { type OpenColumn, type PlanContext, planRowCommand } from './plan-rows.ts';
import { planStats } from './plan-stats.ts';
import { printExpression } from './print.ts';
import { Scope, type WantedField } from './scope.ts';
import { computeStage, countStage, filterStage, limitStage, loadStage, type StageMaker } from './stage.ts';
import { dedupStage, type OrderKey, sortStage } from './stage-order.ts';
import { csvStage, globStage, jsonStage, logfmtStage, regexStage } from './stage-parse.ts';
import { statsStage } from './stage-stats.ts';

/** A column of the result. */
export interface PlannedColumn {
  readonly name: string;
  readonly value: Compiled;
}

/** A query ready to run: stages in order, the columns of its result, the size of the first rows. */
export interface Plan {
  readonly stages: readonly StageMaker[];
  readonly columns: readonly PlannedColumn[];
  readonly row: { readonly size: number };
  readonly limit: number;
  /** Fields that are read from events. */
  readonly eventFields: ReadonlySet<string>;
}

/** Builds the stages of a query. */
export class Planner implements PlanContext {
  private readonly env: Environment;
  private readonly stages: StageMaker[] = [];
  scope = new Scope(false);
  expressions: ExpressionCompiler;
  private readonly firstRow: { readonly size: number };
  private readonly eventFields: ReadonlySet<string>;
  columns: OpenColumn[] = [];
  private displayed = false;
  /** Fields that are asked for behind a stage that gathers must be read in front of it. */
  private late: WantedField[] | undefined;
  private order: OrderKey[] | undefined;
  /** Rows come in their final order: behind a stage that sorted, and behind `stats`. */
  private ordered = false;
  private limited: number | undefined;
  private counted = false;
  binSource: { readonly slot: number; readonly next: (ms: number) => number } | undefined;

  constructor(env: Environment) {
    this.env = env;
    this.firstRow = this.scope.row;
    this.eventFields = this.scope.eventFields;
    this.expressions = new ExpressionCompiler(this.scope, env);
  }

  plan(query: Query): Plan {
    query.commands.forEach((command, i) => {
      this.command(command, query.commands.slice(i + 1));
      this.settle();
    });
    const columns = this.finish();
    return { stages: this.stages, columns, row: this.firstRow, limit: this.limited ?? DEFAULT_LIMIT, eventFields: this.eventFields };
  }

  private command(command: Command, rest: readonly Command[]): void {
    switch (command.kind) {
      case 'fields':
      case 'display':
        this.fields(command.kind, command.items);
        return;
      case 'filter':
        this.add(filterStage(this.expressions.compile(command.condition)));
        return;
      case 'parse-glob':
      case 'parse-regex':
      case 'parse-logfmt':
      case 'parse-csv':
      case 'json':
        this.parse(command);
        return;
      case 'stats':
        this.stats(command.items, command.by, command.offset?.at);
        return;
      case 'countFrequent': {
        const at = command.at;
        const by = command.fields.map((field) => ({ expression: field, at }));
        this.stats([{ expression: { kind: 'call', name: 'count', args: [], star: true, at }, alias: '_approxcount', at }], by, undefined);
        this.order = [{ slot: (this.scope.find('_approxcount') as { slot: number }).slot, direction: -1 }];
        this.ordered = false;
        return;
      }
      case 'sort': {
        const keys = command.keys.map((key) => ({
          slot: this.slotOf(key.expression),
          direction: key.direction === 'desc' ? (-1 as const) : (1 as const),
        }));
        this.order = keys;
        this.ordered = false;
        return;
      }
      case 'limit':
        if (command.any && !this.order && !this.scope.closed) this.ordered = true;
        this.settleOrder(command.count);
        this.limited = Math.min(command.count, this.limited ?? MAX_LIMIT);
        this.add(limitStage(command.count));
        return;
      case 'dedup': {
        const fields = command.fields.map((field) => this.expressions.compile(field));
        const limit = rest.find((next) => next.kind === 'limit') as { count: number } | undefined;
        this.gather(dedupStage(fields, this.takeOrder(), limit?.count ?? DEFAULT_LIMIT));
        return;
      }
      default:
        planRowCommand(this, command);
        return;
    }
  }

  private fields(kind: 'fields' | 'display', items: readonly Item[]): void {
    if (kind === 'display') this.columns = [];
    // Behind a `stats`, the first `fields` chooses from its columns.
    else if (this.scope.closed && !this.displayed) this.columns = [];
    // What a query shows that names nothing gives way to the first names.
    else if (!this.scope.closed && !this.displayed) this.columns = this.columns.filter((column) => !column.isStandard);
    this.displayed = true;
    const computed: { slot: number; run: Compiled['run'] }[] = [];
    for (const { expression, alias, at } of items) {
      if (expression.kind === 'field' && alias === undefined) {
        this.column({
          name: expression.name,
          value: this.scope.closed || this.scope.known().includes(expression.name) ? this.expressions.compile(expression) : undefined,
          at,
        });
        continue;
      }
      const value = this.expressions.compile(expression);
      const name = alias ?? printExpression(expression);
      const slot = this.scope.define(name, value.type);
      computed.push({ slot, run: value.run });
      this.column({ name, value: { run: (slots) => slots[slot], type: value.type }, at });
    }
    if (computed.length > 0) this.add(computeStage(computed));
  }

  /** Shows a column; one that was shown before keeps its place. */
  private column(column: OpenColumn): void {
    const at = this.columns.findIndex(({ name }) => name === column.name);
    if (at < 0) this.columns.push(column);
    else this.columns[at] = column;
  }

  private parse(command: Command & { kind: 'parse-glob' | 'parse-regex' | 'parse-logfmt' | 'parse-csv' | 'json' }): void {
    const source = this.expressions.compile(command.field ?? { kind: 'field', name: '@message', at: command.at });
    const read = textOf(source);
    const define = (name: string, type: 'string' | 'structure' | 'any' = 'string') => {
      const slot = this.scope.define(name, type);
      this.show(name, slot, command.at);
      return slot;
    };
    if (command.kind === 'parse-regex') {
      const regex = compilePattern(command.pattern.source, command.pattern.at);
      const groups =
        command.aliases.length > 0
          ? command.aliases.map((alias, group) => ({ group, slot: define(alias.name) }))
          : regex.groupNames.flatMap((name, group) => (name === undefined ? [] : [{ group, slot: define(name) }]));
      this.add(regexStage(read, regex, groups, command.multi));
      return;
    }
    const slots = command.aliases.map((alias) =>
      define(alias.name, command.kind === 'parse-logfmt' ? 'structure' : command.kind === 'json' ? 'any' : 'string'),
    );
    if (command.kind === 'parse-glob') {
      this.add(globStage(read, command.pattern.value, slots));
      return;
    }
    if (command.kind === 'parse-csv') {
      this.add(csvStage(read, slots));
      return;
    }
    if (command.kind === 'parse-logfmt') {
      this.add(logfmtStage(read, slots[0] as number));
      return;
    }
    this.add(jsonStage(source.run, command.path.value, slots[0] as number));
  }

  private stats(items: readonly Item[], by: readonly Item[], offsetAt: number | undefined): void {
    if (offsetAt !== undefined) throw new CompileError('"offset" needs a second time range: it cannot run on files', offsetAt);
    const planned = planStats(items, by, this.expressions, this.scope, this.env);
    this.gather(statsStage(planned.plan));
    this.scope = planned.scope;
    this.expressions = new ExpressionCompiler(this.scope, this.env);
    this.columns = planned.columns.map((column) => ({ ...column, at: 0 }));
    this.displayed = false;
    this.order = undefined;
    this.ordered = true;
    this.late = undefined;
    this.binSource = planned.bin && { slot: planned.bin.slot, next: nextPeriod(planned.bin.period) };
  }

  /** Adds a field that a command made to what is shown. */
  show(name: string, slot: number, at: number): void {
    if (this.columns.length === 0 && !this.scope.closed && !this.displayed)
      for (const standard of ['@timestamp', '@message']) this.columns.push({ name: standard, value: undefined, at, isStandard: true });
    this.columns = this.columns.filter((column) => column.name !== name);
    this.columns.push({ name, value: { run: (slots) => slots[slot], type: this.scope.find(name)?.type ?? 'any' }, at });
  }

  /** The slot of an expression; one that is no plain field is computed into a new slot. */
  slotOf(expression: Expression): number {
    if (expression.kind === 'field') {
      const place = this.scope.find(expression.name);
      if (place && place.path === undefined) return place.slot;
    }
    const { run } = this.expressions.compile(expression);
    const slot = this.scope.newSlot();
    this.add(computeStage([{ slot, run }]));
    return slot;
  }

  /** Adds a stage behind the reading of the fields that it asked for. */
  add(stage: StageMaker): void {
    this.settle();
    this.stages.push(stage);
  }

  /** Adds a stage that holds rows: what comes behind can still ask for fields of the event, which are then read in front of it. */
  private gather(stage: StageMaker): void {
    this.settle();
    if (!this.late) {
      this.late = [];
      this.stages.push(loadStage(this.late));
      this.countHere();
    }
    this.stages.push(stage);
  }

  /** Rows are counted once: where they are first gathered, or at the end. */
  private countHere(): void {
    if (!this.counted) this.stages.push(countStage());
    this.counted = true;
  }

  private settle(): void {
    const wanted = this.scope.takeWanted();
    if (wanted.length === 0) return;
    if (this.late) this.late.push(...wanted);
    else this.stages.push(loadStage(wanted));
  }

  /** The order that holds now: that of `sort`, else the newest event first. */
  private takeOrder(): OrderKey[] {
    const order =
      this.order ??
      (this.scope.closed || this.ordered
        ? []
        : [{ slot: this.slotOf({ kind: 'field', name: '@timestamp', at: 0 }), direction: -1 as const }]);
    this.order = undefined;
    this.ordered = true;
    return order;
  }

  /** Sorts now if the rows are not in order yet. */
  settleOrder(limit: number): void {
    if (this.ordered && !this.order) return;
    const order = this.takeOrder();
    this.gather(sortStage(order, Math.min(limit, MAX_LIMIT)));
  }

  private finish(): PlannedColumn[] {
    if (this.columns.length === 0) for (const name of ['@timestamp', '@message']) this.columns.push({ name, value: undefined, at: 0 });
    const compile = () =>
      this.columns.map(({ name, value, at }) => ({ name, value: value ?? this.expressions.compile({ kind: 'field', name, at }) }));
    const columns = compile();
    this.settle();
    if (!this.ordered || this.order) this.settleOrder(this.limited ?? DEFAULT_LIMIT);
    this.countHere();
    this.settle();
    return columns;
  }
}
