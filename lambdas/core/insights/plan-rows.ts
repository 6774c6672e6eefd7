import type { Command, Expression } from './ast.ts';
import { autoregressNames } from './check.ts';
import { ACCOUNT_COMMANDS } from './commands.ts';
import { CompileError, type ExpressionCompiler } from './compile-expression.ts';
import type { Compiled } from './compiled.ts';
import { MAX_LIMIT } from './limits.ts';
import type { Scope } from './scope.ts';
import type { StageMaker } from './stage.ts';
import { accumStage, addTotalsStage, autoregressStage, filldownStage, fillMissingStage, unnestStage } from './stage-rows.ts';

/** A column that the result will show, as far as it is known while the query is planned. */
export interface OpenColumn {
  readonly name: string;
  /** Compiled when it was asked for; a plain event field is compiled at the end, so that it is read only for rows that remain. */
  readonly value: Compiled | undefined;
  readonly at: number;
  /** Shown because the query named nothing yet. */
  readonly isStandard?: boolean;
}

/** What the planning of a single command needs of the whole. */
export interface PlanContext {
  readonly scope: Scope;
  readonly expressions: ExpressionCompiler;
  readonly columns: readonly OpenColumn[];
  /** The bins that the last `stats` grouped by, if by nothing else. */
  readonly binSource: { readonly slot: number; readonly next: (ms: number) => number } | undefined;
  add(stage: StageMaker): void;
  show(name: string, slot: number, at: number): void;
  slotOf(expression: Expression): number;
  settleOrder(limit: number): void;
}

/** Plans unnest, expand, accum, autoregress, filldown, fillmissing and addtotals; refuses what only CloudWatch can run. */
export function planRowCommand(plan: PlanContext, command: Command): void {
  switch (command.kind) {
    case 'unnest':
    case 'expand': {
      const source = plan.expressions.compile(command.field);
      const name = command.kind === 'unnest' ? command.into.name : command.field.name;
      const slot = plan.scope.define(name, 'any');
      if (command.kind === 'unnest') plan.show(name, slot, command.at);
      plan.add(unnestStage(source, slot, command.kind === 'expand'));
      return;
    }
    case 'accum': {
      const source = plan.expressions.compile(command.field);
      plan.settleOrder(MAX_LIMIT);
      const name = command.alias?.name ?? command.field.name;
      const slot = plan.scope.define(name, 'number');
      plan.show(name, slot, command.at);
      plan.add(accumStage(source, slot));
      return;
    }
    case 'autoregress': {
      const source = plan.expressions.compile(command.field);
      plan.settleOrder(MAX_LIMIT);
      const slots = autoregressNames(command).map(({ name }) => {
        const slot = plan.scope.define(name, source.type);
        plan.show(name, slot, command.at);
        return slot;
      });
      plan.add(autoregressStage(source, command.from, slots));
      return;
    }
    case 'filldown': {
      const wanted = command.patterns.map(
        ({ name }) =>
          new RegExp(
            `^${name
              .split('*')
              .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
              .join('.*')}$`,
            'u',
          ),
      );
      const names = plan.columns
        .map((column) => column.name)
        .filter((name) => wanted.length === 0 || wanted.some((pattern) => pattern.test(name)));
      const plainNames = command.patterns.map(({ name }) => name).filter((name) => !name.includes('*'));
      const slots = [...new Set([...names, ...plainNames])].map((name) => plan.slotOf({ kind: 'field', name, at: command.at }));
      plan.settleOrder(MAX_LIMIT);
      plan.add(filldownStage(slots));
      return;
    }
    case 'fillmissing': {
      if (!plan.binSource) throw new CompileError('"fillmissing" stands behind "stats … by bin()"', command.at);
      const fills = command.fills.map((fill) => ({ slot: plan.slotOf(fill.field), value: plan.expressions.compile(fill.value).run([]) }));
      plan.add(fillMissingStage(plan.binSource.slot, plan.binSource.next, fills, plan.scope.row));
      return;
    }
    case 'addtotals': {
      const source =
        command.fields.length > 0
          ? command.fields
          : plan.columns.map((column): Expression => ({ kind: 'field', name: column.name, at: command.at }));
      const columns = source
        .map((field) => ({ slot: plan.slotOf(field), ...plan.expressions.compile(field) }))
        .filter((column) => column.type !== 'time');
      plan.settleOrder(MAX_LIMIT);
      const total = command.row ? plan.scope.define(command.fieldname, 'number') : undefined;
      if (total !== undefined) plan.show(command.fieldname, total, command.at);
      plan.add(addTotalsStage(columns, total, command.col, plan.scope.row));
      return;
    }
    case 'account':
      throw new CompileError(`"${command.name}" cannot run on files: ${ACCOUNT_COMMANDS[command.name]}`, command.at);
  }
}
