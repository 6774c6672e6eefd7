import { assertHolds, EDGE, OP_ASSERT, OP_MATCH, OP_SET, OP_SPLIT, type Program } from './program.ts';

const UNKNOWN = -1;
const ACCEPT = -2;
const DEAD = -3;
/** States kept before the cache is thrown away and begun anew: bounds memory at a few MB per expression. */
const MAX_STATES = 1500;

/**
 * Answers "does it match anywhere?" in time linear in the text: a deterministic automaton whose states are made as the text asks for them.
 * A state is the set of instructions reached before the next unit, and what stood before it.
 */
export class Dfa {
  private readonly program: Program;
  private readonly width: number;
  private states: Int32Array[] = [];
  private before: number[] = [];
  private index = new Map<string, number>();
  private table: Int32Array;
  private readonly seen: Int32Array;
  private readonly stack: Int32Array;
  private mark = 0;

  constructor(program: Program) {
    this.program = program;
    this.width = program.kindOf.length + 1;
    this.table = new Int32Array(this.width * 16);
    this.seen = new Int32Array(program.op.length);
    this.stack = new Int32Array(program.op.length * 2 + 2);
    this.reset();
  }

  /** Whether the expression matches somewhere in the text. */
  test(text: string): boolean {
    const { classOf } = this.program;
    const width = this.width;
    let table = this.table;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      const column = classOf[text.charCodeAt(at)] as number;
      let next = table[state * width + column] as number;
      if (next === UNKNOWN) {
        next = this.advance(state, column);
        table = this.table;
      }
      if (next < 0) return next === ACCEPT;
      state = next;
    }
    const last = table[state * width + width - 1] as number;
    return (last === UNKNOWN ? this.advance(state, width - 1) : last) === ACCEPT;
  }

  private reset(): void {
    this.states = [];
    this.before = [];
    this.index = new Map();
    this.table.fill(UNKNOWN);
    this.add(Int32Array.of(this.program.start), EDGE);
  }

  private add(instructions: Int32Array, before: number): number {
    const key = `${before}:${instructions.join(',')}`;
    const known = this.index.get(key);
    if (known !== undefined) return known;
    const state = this.states.push(instructions) - 1;
    this.before.push(before);
    this.index.set(key, state);
    if ((state + 1) * this.width > this.table.length) {
      const larger = new Int32Array(this.table.length * 2).fill(UNKNOWN);
      larger.set(this.table);
      this.table = larger;
    }
    return state;
  }

  /** Computes one transition; column `width - 1` is the end of the text. */
  private advance(state: number, column: number): number {
    const { program } = this;
    const atEnd = column === this.width - 1;
    const after = atEnd ? EDGE : (program.kindOf[column] as number);
    const target = this.step(this.states[state] as Int32Array, this.before[state] as number, after, atEnd ? -1 : column);
    if (typeof target === 'number') {
      this.table[state * this.width + column] = target;
      return target;
    }
    if (this.states.length >= MAX_STATES) {
      this.reset();
      return this.add(target, program.hasAssert ? after : EDGE);
    }
    const next = this.add(target, program.hasAssert ? after : EDGE);
    this.table[state * this.width + column] = next;
    return next;
  }

  private step(instructions: Int32Array, before: number, after: number, column: number): Int32Array | typeof ACCEPT | typeof DEAD {
    const { op, next, other, arg, members, anchored, start } = this.program;
    const mark = ++this.mark;
    const { seen, stack } = this;
    const reached: number[] = [];
    for (let i = 0; i < instructions.length; i++) {
      let depth = 0;
      stack[depth++] = instructions[i] as number;
      while (depth > 0) {
        const at = stack[--depth] as number;
        if (seen[at] === mark) continue;
        seen[at] = mark;
        const code = op[at];
        if (code === OP_MATCH) return ACCEPT;
        if (code === OP_SET) {
          if (column >= 0 && (members[arg[at] as number] as Uint8Array)[column] === 1) reached.push(next[at] as number);
        } else if (code === OP_SPLIT) {
          stack[depth++] = other[at] as number;
          stack[depth++] = next[at] as number;
        } else if (code !== OP_ASSERT || assertHolds(arg[at] as number, before, after)) stack[depth++] = next[at] as number;
      }
    }
    if (column < 0) return DEAD;
    if (!anchored) reached.push(start);
    if (reached.length === 0) return DEAD;
    return Int32Array.from(new Set(reached)).sort();
  }
}
