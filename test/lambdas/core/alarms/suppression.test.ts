import fc from 'fast-check';
import type { AlarmState } from '../../../../lambdas/core/alarms/state.ts';
import {
  decideSuppression,
  NOTHING_DONE,
  type SuppressionMemory,
  type SuppressorPeriods,
} from '../../../../lambdas/core/alarms/suppression.ts';

interface Step {
  readonly composite: AlarmState;
  readonly suppressor: AlarmState;
}

const state = fc.constantFrom<AlarmState>('OK', 'ALARM');
const walk = fc.array(fc.record({ composite: state, suppressor: state }), { minLength: 1, maxLength: 40 });
const periods = fc.record({ waitSeconds: fc.constantFrom(0, 60, 120), extensionSeconds: fc.constantFrom(0, 60, 180) });

/** What was performed at each minute of a walk, or what kept it back. */
function performed(steps: readonly Step[], one: SuppressorPeriods): (string | undefined)[] {
  let memory: SuppressionMemory = NOTHING_DONE;
  let previous: AlarmState = 'OK';
  return steps.map(({ composite, suppressor }, minute) => {
    const decision = decideSuppression({ hasChanged: composite !== previous, suppressor, periods: one, nowMs: minute * 60_000 }, memory);
    memory = decision.memory;
    previous = composite;
    return decision.performs ? composite : decision.suppressedBy;
  });
}

/** `0` is OK, `X` is ALARM. */
const states = (text: string): AlarmState[] => [...text].map((sign) => (sign === 'X' ? 'ALARM' : 'OK'));
const steps = (composite: string, suppressor: string): Step[] =>
  states(composite).map((one, index) => ({ composite: one, suppressor: states(suppressor)[index] ?? 'OK' }));

const SIGNS: { readonly [what: string]: string } = { OK: '0', ALARM: 'X', WaitPeriod: 'w', ExtensionPeriod: 'e', Alarm: 's' };

/** The six examples of the user guide ("Suppressing composite alarm actions"): a wait of 2 units, an extension of 3. What acts is 0 or X, else what keeps it back. */
test.each([
  ['1: not suppressed after the wait', '00XXXX', '000000', '..wwX.'],
  ['2: suppressed before the wait ends', '00XXXX', '000XXX', '..wsss'],
  ['3: back to OK within the wait, which begins anew', '00X0000', '0000000', '..www0.'],
  ['4: the suppressor was there before', '00XXXX', '0XXXXX', '.sssss'],
  ['5: not suppressed after the extension', '00XXXXXXXX', '000XXX0000', '..wssseeeX'],
  ['6: back to OK within the extension, which becomes a wait', '00XXXXX0000', '000XXX00000', '..wssseww0.'],
])('example %s', (_name, composite, suppressor, expected) => {
  const found = performed(steps(composite, suppressor), { waitSeconds: 120, extensionSeconds: 180 });

  expect(found.map((what) => SIGNS[what ?? ''] ?? '.').join('')).toBe(expected);
});

test('nothing is performed while the suppressor is in ALARM, and nothing is kept back where there is none', () => {
  fc.assert(
    fc.property(walk, periods, (all, one) => {
      for (const [minute, what] of performed(all, one).entries()) if (all[minute]?.suppressor === 'ALARM') expect(what).toBe('Alarm');
    }),
  );
  expect(decideSuppression({ hasChanged: true, suppressor: undefined, periods: undefined, nowMs: 0 }, NOTHING_DONE).performs).toBe(true);
});

test('it never acts more often than it changes', () => {
  fc.assert(
    fc.property(walk, periods, (all, one) => {
      let due = 0;
      for (const [minute, what] of performed(all, one).entries()) {
        if (all[minute]?.composite !== (all[minute - 1]?.composite ?? 'OK')) due++;
        if (what === 'OK' || what === 'ALARM') due--;
        expect(due).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test('when both stand still for long enough, it has acted for the last state', () => {
  fc.assert(
    fc.property(walk, state, periods, (all, last, one) => {
      const calm = Array.from({ length: 8 }, () => ({ composite: last, suppressor: 'OK' as const }));
      const acts = performed([...all, ...calm], one).filter((what) => what === 'OK' || what === 'ALARM');
      const hasChanged = [...all, ...calm].some(({ composite }) => composite === 'ALARM');

      expect(acts.at(-1)).toBe(hasChanged ? last : undefined);
    }),
  );
});
