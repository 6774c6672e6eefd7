import fc from 'fast-check';
import type { AlarmState } from '../../../../lambdas/core/alarms/state.ts';
import { decideSuppression, NOTHING_DONE, type SuppressionMemory } from '../../../../lambdas/core/alarms/suppression.ts';

const state = fc.constantFrom<AlarmState>('OK', 'ALARM');
const walk = fc.array(fc.record({ composite: state, suppressor: state }), { minLength: 1, maxLength: 40 });
const periods = fc.record({ waitSeconds: fc.constantFrom(0, 60, 120), extensionSeconds: fc.constantFrom(0, 60, 180) });

/** What was performed at each minute of a walk. */
function performed(
  steps: readonly { composite: AlarmState; suppressor: AlarmState }[],
  one: { waitSeconds: number; extensionSeconds: number },
): (AlarmState | undefined)[] {
  let memory: SuppressionMemory = { ...NOTHING_DONE, actedState: 'OK' };
  let previous: AlarmState = 'OK';
  return steps.map(({ composite, suppressor }, minute) => {
    const decision = decideSuppression(composite, previous, suppressor, one, memory, minute * 60_000);
    memory = decision.memory;
    previous = composite;
    return decision.performs ? composite : undefined;
  });
}

test('nothing is performed while the suppressor is in ALARM', () => {
  fc.assert(
    fc.property(walk, periods, (steps, one) => {
      for (const [minute, state] of performed(steps, one).entries())
        if (steps[minute]?.suppressor === 'ALARM') expect(state).toBeUndefined();
    }),
  );
});

test('what is performed changes each time: no ALARM behind an ALARM, no OK that nobody was told the ALARM of', () => {
  fc.assert(
    fc.property(walk, periods, (steps, one) => {
      const told = performed(steps, one).filter((each) => each !== undefined);
      expect(told.filter((each, index) => each === (told[index - 1] ?? 'OK'))).toEqual([]);
    }),
  );
});

test('when both stand still for long enough, the last state has been told', () => {
  fc.assert(
    fc.property(walk, state, periods, (steps, last, one) => {
      const calm = Array.from({ length: 8 }, () => ({ composite: last, suppressor: 'OK' as const }));
      const told = performed([...steps, ...calm], one).filter((each) => each !== undefined);
      expect(told.at(-1) ?? 'OK').toBe(last);
    }),
  );
});
