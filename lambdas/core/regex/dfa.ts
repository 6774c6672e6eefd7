import { assertHolds, EDGE, OP_ASSERT, OP_MATCH, OP_SET, OP_SPLIT, type Program } from './program.ts';

const UNKNOWN = -1;
const ACCEPT = -2;
const DEAD = -3;
const GOES_ON = 0;
/** States kept before the cache is thrown away and begun anew: bounds memory at a few MB per expression. */
const MAX_STATES = 1500;
/** Units of text that a state must serve on average to be worth making (making one costs some ten times as much as stepping without). */
const UNITS_PER_STATE = 10;

/**
 * Answers "does it match anywhere?" in time linear in the text: a deterministic automaton whose states are made as the text asks for them.
 * A state is the set of instructions reached before the next unit, and what stood before it. An expression whose states multiply (`a[ab]{900}c`)
 * goes on without them: its cost at each unit is the number of its instructions.
 */
export class Dfa {
  private readonly program: Program;
  private readonly width: number;
  private states: Int32Array[] = [];
  private before: number[] = [];
  private index = new Map<string, number>();
  private table: Int32Array;
  private readonly seen: Int32Array;
  /** Targets that the step of this mark has reached already. */
  private readonly behind: Int32Array;
  private readonly stack: Int32Array;
  private mark = 0;
  /** The instructions of two neighbouring steps, taken in turn, where no states are made. */
  private readonly lists: readonly [Int32Array, Int32Array];
  /** Instructions that the last step reached, in the list that it was given. */
  private reached = 0;
  private served = 0;
  private makesStates = true;

  constructor(program: Program) {
    this.program = program;
    this.width = program.kindOf.length + 1;
    this.table = new Int32Array(this.width * 16);
    this.seen = new Int32Array(program.op.length);
    this.behind = new Int32Array(program.op.length);
    this.stack = new Int32Array(program.op.length * 2 + 2);
    this.lists = [new Int32Array(program.op.length + 1), new Int32Array(program.op.length + 1)];
    this.reset();
  }

  /** Whether the expression matches somewhere in the text. */
  test(text: string): boolean {
    if (!this.makesStates) return this.walk(text, 0, Int32Array.of(this.program.start), EDGE);
    const { classOf } = this.program;
    const width = this.width;
    let table = this.table;
    let state = 0;
    let counted = 0;
    for (let at = 0; at < text.length; at++) {
      const column = classOf[text.charCodeAt(at)] as number;
      let next = table[state * width + column] as number;
      if (next === UNKNOWN) {
        if (this.states.length >= MAX_STATES) {
          this.served += at - counted;
          counted = at;
          if (this.served < MAX_STATES * UNITS_PER_STATE) {
            this.makesStates = false;
            return this.walk(text, at, this.states[state] as Int32Array, this.before[state] as number);
          }
          this.served = 0;
        }
        next = this.advance(state, column);
        table = this.table;
      }
      if (next < 0) {
        this.served += at - counted;
        return next === ACCEPT;
      }
      state = next;
    }
    this.served += text.length - counted;
    const last = table[state * width + width - 1] as number;
    return (last === UNKNOWN ? this.advance(state, width - 1) : last) === ACCEPT;
  }

  /** Goes on from `at` without making states. */
  private walk(text: string, at: number, from: Int32Array, kind: number): boolean {
    const { classOf, kindOf } = this.program;
    let instructions = from;
    let count = from.length;
    let before = kind;
    for (let i = at; i < text.length; i++) {
      const column = classOf[text.charCodeAt(i)] as number;
      const after = kindOf[column] as number;
      const into = this.lists[i & 1] as Int32Array;
      const outcome = this.step(instructions, count, before, after, column, into);
      if (outcome < 0) return outcome === ACCEPT;
      instructions = into;
      count = this.reached;
      before = after;
    }
    return this.step(instructions, count, before, EDGE, -1, this.lists[text.length & 1] as Int32Array) === ACCEPT;
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
    const from = this.states[state] as Int32Array;
    const outcome = this.step(from, from.length, this.before[state] as number, after, atEnd ? -1 : column, this.lists[0]);
    if (outcome < 0) {
      this.table[state * this.width + column] = outcome;
      return outcome;
    }
    const target = this.lists[0].slice(0, this.reached).sort();
    if (this.states.length >= MAX_STATES) {
      this.reset();
      return this.add(target, program.hasAssert ? after : EDGE);
    }
    const next = this.add(target, program.hasAssert ? after : EDGE);
    this.table[state * this.width + column] = next;
    return next;
  }

  /** Reads one unit; what can be reached behind it is put into `into` and counted in `reached`, each instruction once. */
  private step(
    instructions: Int32Array,
    count: number,
    before: number,
    after: number,
    column: number,
    into: Int32Array,
  ): typeof GOES_ON | typeof ACCEPT | typeof DEAD {
    const { op, next, other, arg, members, anchored, start } = this.program;
    const mark = this.newMark();
    const { seen, behind, stack } = this;
    let reached = 0;
    for (let i = 0; i < count; i++) {
      let depth = 0;
      stack[depth++] = instructions[i] as number;
      while (depth > 0) {
        const at = stack[--depth] as number;
        if (seen[at] === mark) continue;
        seen[at] = mark;
        const code = op[at];
        if (code === OP_MATCH) return ACCEPT;
        if (code === OP_SET) {
          const target = next[at] as number;
          if (column >= 0 && behind[target] !== mark && (members[arg[at] as number] as Uint8Array)[column] === 1) {
            behind[target] = mark;
            into[reached++] = target;
          }
        } else if (code === OP_SPLIT) {
          stack[depth++] = other[at] as number;
          stack[depth++] = next[at] as number;
        } else if (code !== OP_ASSERT || assertHolds(arg[at] as number, before, after)) stack[depth++] = next[at] as number;
      }
    }
    if (column < 0) return DEAD;
    if (!anchored && behind[start] !== mark) into[reached++] = start;
    this.reached = reached;
    return reached === 0 ? DEAD : GOES_ON;
  }

  /** A number that no earlier step has left in `seen` or `behind`. */
  private newMark(): number {
    if (this.mark === 0x7fffffff) {
      this.seen.fill(0);
      this.behind.fill(0);
      this.mark = 0;
    }
    return ++this.mark;
  }
}
