import { needsUpdate, type Reason, type Told } from '../../../../lambdas/core/alerts/dedup.ts';
import { MINUTE, NOW } from './support.ts';

const set = (...items: number[]): Set<string> => new Set(items.map(String));
const told = (firing: Set<string>, resolved: Set<string>, minutesAgo?: number): Told => ({
  firing,
  resolved,
  atMs: minutesAgo === undefined ? 0 : NOW - minutesAgo * MINUTE,
});

// The eleven cases of Alertmanager's TestDedupStageNeedsUpdate, by what they say.
test.each<[string, Told | undefined, Set<string>, Set<string>, { repeat?: number; sendResolved?: boolean }, boolean]>([
  ['nothing told yet and something fires', undefined, set(2, 3, 4), set(), {}, true],
  ['nothing told yet and everything is resolved', undefined, set(), set(2, 3, 4), {}, false],
  ['something new fires', told(set(1, 2, 3), set()), set(2, 3, 4), set(), {}, true],
  ['told at no known time', told(set(1, 2, 3), set()), set(1, 2, 3), set(), {}, true],
  ['the same fires before the repeat interval', told(set(1, 2, 3), set(), 9), set(1, 2, 3), set(), { repeat: 10 }, false],
  ['the same fires after the repeat interval', told(set(1, 2, 3), set(), 11), set(1, 2, 3), set(), { repeat: 10 }, true],
  [
    'other things are resolved and nothing fires',
    told(set(), set(1, 2, 3), 11),
    set(),
    set(3, 4, 5),
    { repeat: 10, sendResolved: true },
    false,
  ],
  ['one of two is resolved, which nobody wants to hear', told(set(1, 2), set(3), 9), set(1), set(2, 3), { repeat: 10 }, false],
  ['one of two is resolved, which is to be told', told(set(1, 2), set(3), 9), set(1), set(2, 3), { repeat: 10, sendResolved: true }, true],
  ['everything is resolved, not to be told but to be logged', told(set(1, 2), set(3), 9), set(), set(1, 2, 3), { repeat: 10 }, true],
  ['everything is resolved and to be told', told(set(1, 2), set(3), 9), set(), set(1, 2, 3), { repeat: 10, sendResolved: true }, true],
])('%s', (_name, before, firing, resolved, { repeat = 0, sendResolved = false }, expected) => {
  const reason = needsUpdate(before, { firing, resolved }, { repeatIntervalMs: repeat * MINUTE, sendResolved, nowMs: NOW });

  expect(reason !== 'quiet').toBe(expected);
});

test.each<[string, Told | undefined, Set<string>, Set<string>, Reason]>([
  ['first', undefined, set(1), set(), 'first'],
  ['first again after everything was resolved', told(set(), set(1), 5), set(1), set(), 'first'],
  ['new alerts in a group that fires', told(set(1), set(), 5), set(1, 2), set(), 'new-alerts'],
  ['all resolved', told(set(1), set(), 5), set(), set(1), 'all-resolved'],
  ['new resolved', told(set(1, 2), set(), 5), set(1), set(2), 'new-resolved'],
  ['quiet at the repeat interval exactly', told(set(1), set(), 60), set(1), set(), 'quiet'],
])('the reason is %s', (_name, before, firing, resolved, expected) => {
  expect(needsUpdate(before, { firing, resolved }, { repeatIntervalMs: 60 * MINUTE, sendResolved: true, nowMs: NOW })).toBe(expected);
});

test('repeats one millisecond after the interval', () => {
  const before: Told = { firing: set(1), resolved: set(), atMs: NOW - 60 * MINUTE - 1 };

  expect(needsUpdate(before, { firing: set(1), resolved: set() }, { repeatIntervalMs: 60 * MINUTE, sendResolved: true, nowMs: NOW })).toBe(
    'repeat',
  );
});
