import { assertHolds, EDGE, OP_ASSERT, OP_MATCH, OP_SAVE, OP_SET, OP_SPLIT, type Program } from './program.ts';

/** The threads that wait at one position, in order of preference, each with its own captures. */
class Threads {
  readonly order: Int32Array;
  readonly place: Int32Array;
  readonly captures: Int32Array;
  count = 0;
  constructor(size: number, width: number) {
    this.order = new Int32Array(size);
    this.place = new Int32Array(size);
    this.captures = new Int32Array(size * width);
  }
  has(at: number): boolean {
    const place = this.place[at] as number;
    return place < this.count && this.order[place] === at;
  }
}

/** Finds the leftmost match with its groups, preferring alternatives in order, in time linear in the text (Pike's machine). */
export class Pike {
  private readonly program: Program;
  private now: Threads;
  private soon: Threads;
  private readonly scratch: Int32Array;
  private readonly stack: number[] = [];
  /** Threads looked at since the machine was made: callers that search again and again hold their budget against it. */
  work = 0;

  constructor(program: Program) {
    this.program = program;
    this.now = new Threads(program.op.length, program.captures);
    this.soon = new Threads(program.op.length, program.captures);
    this.scratch = new Int32Array(program.captures);
  }

  /** Start and end of the match and of each group (-1 where a group took no part), or undefined. */
  exec(text: string, from: number): Int32Array | undefined {
    const { op, next, arg, members, classOf, captures: width, anchored, start } = this.program;
    let found: Int32Array | undefined;
    this.now.count = 0;
    for (let at = from; ; at++) {
      if (!found && (at === from || !anchored) && (!anchored || at === 0)) {
        this.scratch.fill(-1);
        this.follow(this.now, start, at, text);
      }
      const { now, soon } = this;
      if (now.count === 0) {
        if (found || anchored || at >= text.length) return found;
        continue;
      }
      const unit = at < text.length ? (classOf[text.charCodeAt(at)] as number) : -1;
      this.work += now.count;
      soon.count = 0;
      for (let i = 0; i < now.count; i++) {
        const instruction = now.order[i] as number;
        const code = op[instruction];
        if (code === OP_MATCH) {
          found = now.captures.slice(instruction * width, instruction * width + width);
          break;
        }
        if (code !== OP_SET || unit < 0 || (members[arg[instruction] as number] as Uint8Array)[unit] !== 1) continue;
        for (let slot = 0; slot < width; slot++) this.scratch[slot] = now.captures[instruction * width + slot] as number;
        this.follow(soon, next[instruction] as number, at + 1, text);
      }
      this.now = soon;
      this.soon = now;
      if (at >= text.length) return found;
    }
  }

  private kindAt(text: string, at: number): number {
    return at < 0 || at >= text.length ? EDGE : (this.program.kindOf[this.program.classOf[text.charCodeAt(at)] as number] as number);
  }

  /** Adds every instruction that can be reached without reading a unit; `~slot, value` on the stack puts a capture back. */
  private follow(threads: Threads, first: number, at: number, text: string): void {
    const { op, next, other, arg, captures: width } = this.program;
    const { stack, scratch } = this;
    stack.push(first);
    while (stack.length > 0) {
      const instruction = stack.pop() as number;
      if (instruction < 0) {
        scratch[~instruction] = stack.pop() as number;
        continue;
      }
      if (threads.has(instruction)) continue;
      threads.place[instruction] = threads.count;
      threads.order[threads.count++] = instruction;
      const code = op[instruction];
      if (code === OP_SPLIT) stack.push(other[instruction] as number, next[instruction] as number);
      else if (code === OP_SAVE) {
        const slot = arg[instruction] as number;
        stack.push(scratch[slot] as number, ~slot, next[instruction] as number);
        scratch[slot] = at;
      } else if (code === OP_ASSERT) {
        if (assertHolds(arg[instruction] as number, this.kindAt(text, at - 1), this.kindAt(text, at)))
          stack.push(next[instruction] as number);
      } else for (let slot = 0; slot < width; slot++) threads.captures[instruction * width + slot] = scratch[slot] as number;
    }
  }
}
