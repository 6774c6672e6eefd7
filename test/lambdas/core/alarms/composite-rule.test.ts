import fc from 'fast-check';
import { alarmsIn, parseRule, RuleSyntaxError, ruleHolds } from '../../../../lambdas/core/alarms/composite-rule.ts';
import { ALARM_STATES, type AlarmState } from '../../../../lambdas/core/alarms/state.ts';

const STATES: { readonly [name: string]: AlarmState } = { a: 'ALARM', b: 'OK', c: 'INSUFFICIENT_DATA', 'two words': 'ALARM' };
const holds = (rule: string): boolean => ruleHolds(parseRule(rule), (name) => STATES[name]);

test.each([
  ['ALARM(a)', true],
  ['ALARM("a")', true],
  ['ALARM("two words")', true],
  ['OK(a)', false],
  ['INSUFFICIENT_DATA(c)', true],
  ['NOT ALARM(b)', true],
  ['ALARM(a) AND NOT ALARM(c)', true],
  ['ALARM(a) AND OK(b) AND ALARM(c)', false],
  ['ALARM(c) OR ALARM(a) AND OK(a)', false],
  ['(ALARM(c) OR ALARM(a)) AND OK(b)', true],
  ['NOT (ALARM(a) OR OK(b))', false],
  ['TRUE', true],
  ['FALSE OR TRUE', true],
  ['ALARM(nobody)', false],
  ['NOT ALARM(nobody)', true],
  ['AT_LEAST(1, ALARM, (a, b, c))', true],
  ['AT_LEAST(2, ALARM, (a, b, c))', false],
  ['AT_LEAST(2, NOT ALARM, (a, b, c))', true],
  ['AT_LEAST(50%, ALARM, ("a", "two words", b, c))', true],
  ['AT_LEAST(51%, ALARM, ("a", "two words", b, c))', false],
  ['AT_LEAST(1, OK, (a, b)) AND ALARM(a)', true],
  ['AT_LEAST(1, NOT OK, (nobody, b))', false],
])('%s is %s', (rule, expected) => {
  expect(holds(rule)).toBe(expected);
});

test('the rules that CDK writes are read', () => {
  const arn = 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:x';

  expect(alarmsIn(parseRule(`(ALARM("${arn}") OR ALARM("y"))`))).toEqual([arn, 'y']);
});

test.each([
  ['', 1, 'says nothing'],
  ['ALARM(a', 8, '")" is missing'],
  ['ALARM()', 7, 'name or ARN'],
  ['FIRING(a)', 1, 'a condition is'],
  ['ALARM(a) ALARM(b)', 10, 'between conditions stand AND or OR'],
  ['ALARM("a)', 7, 'a quote is never closed'],
  ['AT_LEAST(4, ALARM, (a, b))', 10, 'takes 1 to 2 here'],
  ['AT_LEAST(0, ALARM, (a, b))', 10, 'takes 1 to 2 here'],
  ['AT_LEAST(101%, ALARM, (a, b))', 10, 'takes 1 to 100%'],
  ['AT_LEAST(x, ALARM, (a))', 10, 'begins with a number'],
])('%s is refused at column %i: %s', (rule, column, reason) => {
  expect(() => parseRule(rule)).toThrow(reason);
  try {
    parseRule(rule);
  } catch (error) {
    expect((error as RuleSyntaxError).column).toBe(column);
  }
});

test('more than 100 children and 500 elements are refused', () => {
  const children = (count: number) => Array.from({ length: count }, (_, index) => `ALARM(a${index})`).join(' OR ');

  expect(alarmsIn(parseRule(children(100)))).toHaveLength(100);
  expect(() => parseRule(children(101))).toThrow('at most 100 alarms');
  expect(() => parseRule(Array.from({ length: 501 }, () => 'TRUE').join(' OR '))).toThrow('at most 500 elements');
  // A pair of parentheses is one element (user guide, "Creating a composite alarm").
  const pairs = (count: number) => Array.from({ length: count }, () => '(TRUE)').join(' OR ');
  expect(() => parseRule(pairs(250))).not.toThrow();
  expect(() => parseRule(pairs(251))).toThrow('at most 500 elements');
});

test('a rule written from a tree means that tree', () => {
  const names = ['a', 'b', 'c', 'd'];
  const leaf = fc.record({ state: fc.constantFrom(...ALARM_STATES), name: fc.constantFrom(...names) });
  type Tree = { text: string; value: (states: { [name: string]: AlarmState }) => boolean };
  const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf.map(({ state, name }): Tree => ({ text: `${state}(${name})`, value: (states) => states[name] === state })),
      tie('tree').map((of): Tree => ({ text: `NOT (${of.text})`, value: (states) => !of.value(states) })),
      fc
        .tuple(tie('tree'), tie('tree'))
        .map(([l, r]): Tree => ({ text: `(${l.text}) AND (${r.text})`, value: (states) => l.value(states) && r.value(states) })),
      fc
        .tuple(tie('tree'), tie('tree'))
        .map(([l, r]): Tree => ({ text: `(${l.text} OR ${r.text})`, value: (states) => l.value(states) || r.value(states) })),
    ),
  })).tree;
  const states = fc.record(Object.fromEntries(names.map((name) => [name, fc.constantFrom(...ALARM_STATES)])));
  fc.assert(
    fc.property(tree, states, (one, given) => {
      // NOT binds tighter than OR, so the OR inside of an AND without parentheses would differ: every pair above has them.
      expect(ruleHolds(parseRule(one.text), (name) => given[name])).toBe(one.value(given));
    }),
  );
});

test('any text is read or refused with a column, nothing else', () => {
  const part = fc.constantFrom('ALARM', 'OK', '(', ')', ',', 'AT_LEAST', 'NOT', 'AND', 'OR', ' ', '"', 'a', '2', '50%', 'TRUE');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      try {
        parseRule(parts.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(RuleSyntaxError);
      }
    }),
  );
});
