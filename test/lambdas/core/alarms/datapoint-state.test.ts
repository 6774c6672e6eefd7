import fc from 'fast-check';
import {
  type DatapointRule,
  decideByDatapoints,
  evaluationRange,
  type PointKind,
} from '../../../../lambdas/core/alarms/datapoint-state.ts';
import { type AlarmState, MISSING_DATA, type MissingData } from '../../../../lambdas/core/alarms/state.ts';

const KINDS: { readonly [mark: string]: PointKind } = { '0': 'notBreaching', X: 'breaching', '-': 'missing' };
const points = (text: string): PointKind[] => text.split(' ').map((mark) => KINDS[mark] as PointKind);

/** What the tables of the user guide write in a cell; `retain` is the state that the alarm had. */
type Cell = AlarmState | 'retain';
type Row = readonly [data: string, filled: number, missing: Cell, ignore: Cell, breaching: Cell, notBreaching: Cell];
const ORDER: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

function check([data, filled, ...cells]: Row, datapointsToAlarm: number): void {
  for (const [column, treatMissingData] of ORDER.entries()) {
    for (const previous of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const) {
      const rule = { datapointsToAlarm, evaluationPeriods: 3, treatMissingData };
      const decision = decideByDatapoints(points(data), rule, previous);
      const expected = cells[column] === 'retain' ? previous : cells[column];
      expect({ data, treatMissingData, state: decision.state }).toEqual({ data, treatMissingData, state: expected });
      expect(decision.filled).toBe(filled);
    }
  }
}

describe('the tables of the user guide, "How alarm state is evaluated when data is missing"', () => {
  test.each<Row>([
    ['0 - X - X', 0, 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 2, 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 3, 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
    ['0 X X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 2, 'ALARM', 'retain', 'ALARM', 'OK'],
  ])('3 of 3: %s', (...row) => check(row, 3));

  test.each<Row>([
    ['0 - X - X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 0, 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 1, 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 2, 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 2, 'ALARM', 'retain', 'ALARM', 'OK'],
  ])('2 of 3: %s', (...row) => check(row, 2));

  // Rows that the guide had until 2020, and that nothing in today's text takes back.
  test.each<Row>([
    ['- - - - X', 2, 'INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK'],
    ['X - - - -', 2, 'ALARM', 'retain', 'ALARM', 'OK'],
  ])('3 of 3, earlier edition: %s', (...row) => check(row, 3));
});

describe('premature transitions', () => {
  const state = (data: string, datapointsToAlarm = 3) =>
    decideByDatapoints(points(data), { datapointsToAlarm, evaluationPeriods: 3, treatMissingData: 'missing' }, 'OK').state;

  test.each([
    ['- - - - X', 'INSUFFICIENT_DATA'],
    ['- - - X -', 'INSUFFICIENT_DATA'],
    ['- - X - -', 'ALARM'],
    ['- - - X 0', 'OK'],
    ['- - X - 0', 'OK'],
  ] as const)('%s is no alarm before the oldest breach is three periods old', (data, expected) => {
    expect(state(data)).toBe(expected);
  });

  test('one real point that does not breach keeps the rule away', () => {
    expect(state('0 - X - -', 2)).toBe('OK');
  });
});

describe('what holds for every alarm', () => {
  const kind = fc.constantFrom<PointKind>('breaching', 'notBreaching', 'missing');
  const rule: fc.Arbitrary<DatapointRule> = fc.integer({ min: 1, max: 12 }).chain((evaluationPeriods) =>
    fc.record({
      evaluationPeriods: fc.constant(evaluationPeriods),
      datapointsToAlarm: fc.integer({ min: 1, max: evaluationPeriods }),
      treatMissingData: fc.constantFrom(...MISSING_DATA),
    }),
  );
  const ruleAndRange = rule.chain((one) => {
    const length = evaluationRange(one.evaluationPeriods);
    return fc.tuple(fc.constant(one), fc.array(kind, { minLength: length, maxLength: length }));
  });

  test('with N real points the treatment of missing data changes nothing, and the newest N decide', () => {
    fc.assert(
      fc.property(ruleAndRange, ([one, range]) => {
        const real = range.filter((each) => each !== 'missing');
        fc.pre(real.length >= one.evaluationPeriods);
        const newest = real.slice(-one.evaluationPeriods).filter((each) => each === 'breaching').length;
        for (const treatMissingData of MISSING_DATA) {
          const { state, filled } = decideByDatapoints(range, { ...one, treatMissingData }, 'INSUFFICIENT_DATA');
          expect(state).toBe(newest >= one.datapointsToAlarm ? 'ALARM' : 'OK');
          expect(filled).toBe(0);
        }
      }),
    );
  });

  test('a breach more never ends an alarm', () => {
    fc.assert(
      fc.property(ruleAndRange, fc.nat(), ([one, range], seed) => {
        const calm = range.flatMap((each, position) => (each === 'notBreaching' ? [position] : []));
        fc.pre(calm.length > 0);
        const changed = range.map((each, position) => (position === calm[seed % calm.length] ? 'breaching' : each));
        const rank = { OK: 0, INSUFFICIENT_DATA: 1, ALARM: 2 };
        // `ignore` may keep an old OK where a point that did not breach said so itself.
        const before = decideByDatapoints(range, one, 'OK').state;
        expect(rank[decideByDatapoints(changed, one, 'OK').state]).toBeGreaterThanOrEqual(rank[before]);
      }),
    );
  });

  test('no treatment is stricter than breaching or laxer than notBreaching', () => {
    fc.assert(
      fc.property(ruleAndRange, ([one, range]) => {
        const state = (treatMissingData: MissingData) => decideByDatapoints(range, { ...one, treatMissingData }, 'INSUFFICIENT_DATA').state;
        if (state('breaching') === 'OK') expect([state('missing'), state('ignore'), state('notBreaching')]).toEqual(['OK', 'OK', 'OK']);
        if (state('notBreaching') === 'ALARM')
          expect([state('missing'), state('ignore'), state('breaching')]).toEqual(['ALARM', 'ALARM', 'ALARM']);
      }),
    );
  });

  test('only `missing` comes without data to INSUFFICIENT_DATA by itself', () => {
    fc.assert(
      fc.property(ruleAndRange, ([one, range]) => {
        const { state } = decideByDatapoints(range, one, 'OK');
        if (state === 'INSUFFICIENT_DATA') expect(one.treatMissingData).toBe('missing');
      }),
    );
  });
});
