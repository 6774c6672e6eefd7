import { takeComparison } from './comparison.ts';
import { nameOf, type PatternCursor } from './cursor.ts';
import { type Condition, takeExpression } from './expression.ts';
import { type Field, splitFields } from './fields.ts';
import type { MatchedEvent } from './types.ts';

/** One place between the commas of a space-delimited pattern. */
interface Slot {
  /** Empty where the pattern gives no name. */
  readonly name: string;
  readonly holds?: Condition<string>;
}

/** A space-delimited pattern that was read. */
export interface SpaceDelimited {
  readonly fieldNames: readonly string[];
  readonly open: (message: string) => MatchedEvent | undefined;
}

/** Reads `[w1 = ERROR, w2, …]`. */
export function compileSpaceDelimited(cursor: PatternCursor): SpaceDelimited {
  const start = cursor.at;
  cursor.take('[');
  cursor.skipBlanks();
  if (cursor.peek() === ']') cursor.fail('a space-delimited pattern names at least one field', start);
  const slots: Slot[] = [];
  let ellipsis = -1;
  do {
    cursor.skipBlanks();
    const at = cursor.at;
    if (cursor.take('...')) {
      if (ellipsis >= 0) cursor.fail('"..." may be given once', at);
      ellipsis = slots.length;
    } else {
      slots.push(takeSlot(cursor, slots));
    }
    cursor.skipBlanks();
  } while (cursor.take(','));
  takeEnd(cursor);
  const [only] = slots;
  if (slots.length === 1 && ellipsis < 0 && only?.holds === undefined) {
    cursor.warn(
      `one field without a condition matches every event that is not blank; the phrase is "[${only?.name}]" in double quotes`,
      start,
    );
  }
  return { fieldNames: slots.map((slot) => slot.name), open: (message) => openFields(message, slots, ellipsis) };
}

function takeEnd(cursor: PatternCursor): void {
  if (cursor.peek() === ')') cursor.fail('no parenthesis is open here');
  if (!cursor.take(']')) {
    cursor.fail(`an operator, "&&", "||", "," or "]" is expected here, not ${nameOf(cursor.peek())}`);
  }
  cursor.skipBlanks();
  if (cursor.peek() !== undefined) cursor.fail('nothing may follow "]"');
}

function takeSlot(cursor: PatternCursor, before: readonly Slot[]): Slot {
  const start = cursor.at;
  if (cursor.peek() === ',' || cursor.peek() === ']') return { name: '' };
  let name: string | undefined;
  let bare = 0;
  let conditions = 0;
  const holds = takeExpression<string>(cursor, () => {
    const at = cursor.at;
    const found = takeName(cursor);
    if (name !== undefined && found !== name) {
      cursor.fail(`conditions between two commas are all on one field, here "${name}"; "${found}" has its own place`, at);
    }
    name = found;
    conditions++;
    cursor.skipBlanks();
    const test = takeComparison(cursor);
    if (test !== undefined) return test;
    bare++;
    return () => true;
  });
  if (bare > 0 && conditions > 1) cursor.fail(`each part joined by "&&" or "||" needs an operator, as in ${name} = 4*`, start);
  if (before.some((slot) => slot.name === name)) cursor.warn(`the field "${name}" is named twice`, start);
  return bare > 0 ? { name: name as string } : { name: name as string, holds };
}

function takeName(cursor: PatternCursor): string {
  const name = cursor.takeWhile((character) => /[A-Za-z0-9_-]/.test(character));
  if (name !== '') return name;
  const next = cursor.peek();
  if (next === '"' || next === '%') cursor.fail('a field has a name before its condition, as in message = "…"');
  if (next === '$') cursor.fail('fields are named without "$"');
  if (next === '.') cursor.fail('"..." stands alone between commas');
  return cursor.fail(`a field's name is expected here, not ${nameOf(next)}`);
}

/**
 * Lays the slots over an event. Without `...` the event has at least as many fields as the pattern, and the last slot holds
 * the rest of the message; with it, the slots after it are the event's last fields.
 */
function openFields(message: string, slots: readonly Slot[], ellipsis: number): MatchedEvent | undefined {
  const fields = ellipsis < 0 ? splitFields(message, slots.length) : splitFields(message);
  const skipped = fields.length - slots.length;
  if (skipped < 0) return undefined;
  const positionOf = (slot: number) => (ellipsis >= 0 && slot >= ellipsis ? slot + skipped : slot);
  for (const [index, slot] of slots.entries()) {
    if (slot.holds !== undefined && !slot.holds((fields[positionOf(index)] as Field).text)) return undefined;
  }
  return new FieldsEvent(fields, new Map(slots.map((slot, index) => [positionOf(index), slot.name])));
}

class FieldsEvent implements MatchedEvent {
  readonly #fields: readonly Field[];
  readonly #names: ReadonlyMap<number, string>;
  constructor(fields: readonly Field[], names: ReadonlyMap<number, string>) {
    this.#fields = fields;
    this.#names = names;
  }

  extractedFields(): { readonly [name: string]: string } {
    return Object.fromEntries(this.#fields.map((field, position) => [`$${this.#nameOf(position)}`, field.text]));
  }

  valueOf(selector: Parameters<MatchedEvent['valueOf']>[0]): string | undefined {
    if (selector.kind !== 'field') return undefined;
    const position = this.#fields.findIndex((_field, at) => this.#nameOf(at) === selector.name);
    return this.#fields[position]?.text;
  }

  /** A field without a name is called by its position from 1. */
  #nameOf(position: number): string {
    return this.#names.get(position) || String(position + 1);
  }
}
