import fc from 'fast-check';
import { MathError } from '../../../../lambdas/core/alarms/math-functions.ts';
import { idsIn, MathSyntaxError, parseMath } from '../../../../lambdas/core/alarms/math-parse.ts';
import { type MathScope, runMath } from '../../../../lambdas/core/alarms/math-run.ts';
import { type MathValue, type Series, series } from '../../../../lambdas/core/alarms/math-value.ts';

const read = (text: string): (number | undefined)[] => text.split(/[\s,]+/).map((part) => (part === '-' ? undefined : Number(part)));
const START = Date.UTC(2026, 10, 21, 10);

function scopeOf(metrics: { readonly [id: string]: string }, extra: Partial<MathScope> = {}): MathScope {
  const values = Object.fromEntries(Object.entries(metrics).map(([id, text]) => [id, read(text)]));
  const length = Object.values(values)[0]?.length ?? 1;
  return {
    windows: Array.from({ length }, (_, index) => ({ startMs: START + index * 60_000, endMs: START + (index + 1) * 60_000 })),
    periodSeconds: 60,
    metricIds: Object.keys(values),
    lookUp: (id) => (values[id] === undefined ? undefined : series(values[id] as Series)),
    quotaOf: () => undefined,
    bandOf: () => [[], []],
    ...extra,
  };
}

function run(expression: string, metrics: { readonly [id: string]: string }, extra?: Partial<MathScope>): MathValue {
  return runMath(parseMath(expression), scopeOf(metrics, extra));
}

function shown(value: MathValue): string | number {
  if (value.kind === 'scalar') return value.value;
  const one = (each: Series): string => each.map((point) => point ?? '-').join(' ');
  return value.kind === 'series' ? one(value.series) : value.list.map(one).join(' | ');
}

describe('the examples of the user guide', () => {
  const compared = { metric1: '30 20 0 0', metric2: '20 - 20 -' };
  test.each([
    ['(metric1 < metric2)', '0 0 1 0'],
    ['(metric1 >= 30)', '1 0 0 0'],
    ['(metric1 > 15 AND metric2 > 15)', '1 0 0 0'],
  ])('%s', (expression, expected) => {
    expect(shown(run(expression, compared))).toBe(expected);
  });

  const chosen = { metric1: '1 1 0 0 -', metric2: '30 - 0 0 30', metric3: '0 0 20 - 20' };
  test.each([
    ['IF(metric1, metric2, metric3)', '30 0 20 - -'],
    ['IF(metric1, 5, metric3)', '5 5 20 - -'],
    ['IF(metric1, metric2, 5)', '30 0 5 5 -'],
    ['IF(metric1, metric2)', '30 0 - - -'],
    ['IF(1, metric2, metric3)', '30 - 0 0 30'],
  ])('%s', (expression, expected) => {
    expect(shown(run(expression, chosen))).toBe(expected);
  });
});

describe('operators', () => {
  test.each([
    ['m1 + m2', '3 1 2 -'],
    ['m1 / m2', '0.5 - 0 -'],
    ['100 * m1 / m2', '50 - 0 -'],
    ['2 ^ 3 ^ 2 * m1', '512 512 - -'],
    ['-m1 - 1', '-2 -2 - -'],
    ['m1 + 1 * 2', '3 3 - -'],
    ['(m1 + 1) * 2', '4 4 - -'],
    ['m1 == 1 || m2 > 1', '1 1 1 -'],
  ])('%s', (expression, expected) => {
    // A division by what is not there is a division by zero, and dropped.
    expect(shown(run(expression, { m1: '1 1 - -', m2: '2 - 2 -' }))).toBe(expected);
  });
});

describe('functions', () => {
  const metrics = { m1: '1 - 4 9', m2: '10 20 - 40' };
  test.each([
    ['FILL(m1, 0)', '1 0 4 9'],
    ['FILL(m1, REPEAT)', '1 1 4 9'],
    ['FILL(m1, LINEAR)', '1 2.5 4 9'],
    ['FILL(m1, m2)', '1 20 4 9'],
    ['DIFF(m1)', '- - 3 5'],
    ['DIFF_TIME(m1)', '- - 120 60'],
    ['RATE(m1)', `- - ${3 / 120} ${5 / 60}`],
    ['RUNNING_SUM(m1)', '1 - 5 14'],
    ['SUM([m1, m2])', '11 20 4 49'],
    ['AVG([m1, m2])', '5.5 10 2 24.5'],
    ['MAX(METRICS())', '10 20 4 40'],
    ['MIN([m1, m2])', '1 20 4 9'],
    ['SUM(METRICS("m2"))', '10 20 - 40'],
    ['m1 * 0 + MAX(m2)', '40 - 40 40'],
    ['TIME_SERIES(MAX(m1)) - m1', '8 9 5 0'],
    ['CEIL(m1 / 2)', '1 - 2 5'],
    ['ABS(m1 - 5)', '4 - 1 4'],
    ['m2 / PERIOD(m2)', `${10 / 60} ${20 / 60} - ${40 / 60}`],
    ['FIRST(SORT([m1, m2], AVG, DESC))', '10 20 - 40'],
    ['SLICE(SORT([m1, m2], MAX, ASC), 0, 1)', '1 - 4 9'],
    ['MINUTE(m1)', '0 1 2 3'],
    ['HOUR(m1) + DAY(m1)', '16 16 16 16'],
    ['METRIC_COUNT(REMOVE_EMPTY([m1, m2]))', '2'],
  ])('%s', (expression, expected) => {
    expect(String(shown(run(expression, metrics)))).toBe(expected);
  });

  test('a quota is a line at its height, and nothing where there is none', () => {
    expect(shown(run('100 * m1 / SERVICE_QUOTA(m1)', { m1: '1 2' }, { quotaOf: () => 4 }))).toBe('25 50');
    expect(shown(run('SERVICE_QUOTA(m1)', { m1: '1 2' }))).toBe('- -');
  });

  test('a band is its upper and its lower line', () => {
    const bandOf = (_id: string, deviations: number): [Series, Series] => [[5 - deviations], [5 + deviations]];
    expect(shown(run('ANOMALY_DETECTION_BAND(m1, 3)', { m1: '1' }, { bandOf }))).toBe('8 | 2');
    expect(shown(run('LAST(ANOMALY_DETECTION_BAND(m1))', { m1: '1' }, { bandOf }))).toBe('3');
  });
});

describe('what is refused', () => {
  test.each([
    ['m1 +', 5],
    ['(m1', 4],
    ['m1 m2', 4],
    ['m1 # 2', 4],
    [')', 1],
  ])('%s, at column %i', (expression, column) => {
    expect(() => parseMath(expression)).toThrow(MathSyntaxError);
    try {
      parseMath(expression);
    } catch (error) {
      expect((error as MathSyntaxError).column).toBe(column);
    }
  });

  test.each(['m9 + 1', 'SEARCH(m1)', 'FILL(m1)', 'SORT(m1, MODE, ASC)', 'toString(m1)', 'constructor(m1)', '"x" + 1'])(
    '%s',
    (expression) => {
      expect(() => run(expression, { m1: '1' })).toThrow(MathError);
    },
  );
});

test('the ids of an expression are those of metrics, not its words', () => {
  expect(idsIn(parseMath('IF(FILL(m1, REPEAT) > e2, SORT([m3], AVG, DESC), -m4)'))).toEqual(['m1', 'e2', 'm3', 'm4']);
});

test('a text is read, or refused with a column inside of it; nothing else is thrown', () => {
  const part = fc.constantFrom('m1', '2', '(', ')', ',', '+', '-', '/', '^', 'IF', 'FILL', 'REPEAT', '[', ']', ' ', '"a"', '&&', '<', 'é');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      try {
        runMath(parseMath(text), scopeOf({ m1: '1 - 2' }));
      } catch (error) {
        if (error instanceof MathSyntaxError) expect(error.column >= 1 && error.column <= text.length + 1).toBe(true);
        else expect(error).toBeInstanceOf(MathError);
      }
    }),
  );
});
