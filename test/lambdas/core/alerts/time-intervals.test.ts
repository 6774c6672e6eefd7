import fc from 'fast-check';
import {
  compileTimeIntervals,
  compileTimeSpec,
  quietBy,
  type TimeProblem,
  type TimeSpec,
} from '../../../../lambdas/core/alerts/time-intervals.ts';

const holds = (spec: TimeSpec, iso: string): boolean => {
  const test = compileTimeSpec(spec);
  if (typeof test !== 'function') throw new Error(test.map(({ what }) => what).join());
  return test(Date.parse(iso));
};

test.each<[string, TimeSpec, string, boolean]>([
  ['an interval without anything is always', {}, '2026-11-21T03:04:05Z', true],
  ['a time holds its begin', { times: ['09:00-17:00'] }, '2026-11-21T09:00:00Z', true],
  ['and not its end', { times: ['09:00-17:00'] }, '2026-11-21T17:00:00Z', false],
  ['24:00 is the end of the day', { times: ['22:00-24:00'] }, '2026-11-21T23:59:59Z', true],
  ['one of several times is enough', { times: ['01:00-02:00', '03:00-04:00'] }, '2026-11-21T03:30:00Z', true],
  ['Saturday is no working day', { weekdays: ['monday:friday'] }, '2026-11-21T12:00:00Z', false],
  ['Friday is one', { weekdays: ['Monday:Friday'] }, '2026-11-20T12:00:00Z', true],
  ['all that is given must hold', { weekdays: ['saturday'], times: ['09:00-10:00'] }, '2026-11-21T10:00:00Z', false],
  ['the first five days', { daysOfMonth: ['1:5'] }, '2026-11-05T23:00:00Z', true],
  ['and not the sixth', { daysOfMonth: ['1:5'] }, '2026-11-06T00:00:00Z', false],
  ['the last three days of a month of 30', { daysOfMonth: ['-3:-1'] }, '2026-11-28T00:00:00Z', true],
  ['and not the fourth last', { daysOfMonth: ['-3:-1'] }, '2026-11-27T23:59:00Z', false],
  ['the last day of February', { daysOfMonth: ['-1'] }, '2026-02-28T12:00:00Z', true],
  ['which is another one in a leap year', { daysOfMonth: ['-1'] }, '2028-02-28T12:00:00Z', false],
  ['from the 25th to the end', { daysOfMonth: ['25:-1'] }, '2026-11-30T00:00:00Z', true],
  ['a range that ends behind a short month ends with it', { daysOfMonth: ['28:31'] }, '2026-11-30T00:00:00Z', true],
  ['one that begins behind it has no day there', { daysOfMonth: ['31'] }, '2026-11-30T00:00:00Z', false],
  ['months by name', { months: ['october:december'] }, '2026-11-21T00:00:00Z', true],
  ['months by number', { months: ['1:3', '12'] }, '2026-11-21T00:00:00Z', false],
  ['years', { years: ['2027:2029'] }, '2026-12-31T23:59:59Z', false],
  ['a year that has begun elsewhere', { years: ['2027'], timeZone: 'Asia/Seoul' }, '2026-12-31T15:00:00Z', true],
  ['office hours in Seoul', { times: ['09:00-18:00'], weekdays: ['monday:friday'], timeZone: 'Asia/Seoul' }, '2026-11-20T00:00:00Z', true],
  ['are over in Seoul', { times: ['09:00-18:00'], timeZone: 'Asia/Seoul' }, '2026-11-20T09:00:00Z', false],
  ['the hour that summer time skips is not there', { times: ['02:00-03:00'], timeZone: 'America/New_York' }, '2026-03-08T07:30:00Z', false],
  [
    'the hour that winter time repeats is there twice',
    { times: ['01:00-02:00'], timeZone: 'America/New_York' },
    '2026-11-01T06:30:00Z',
    true,
  ],
])('%s', (_name, spec, iso, expected) => {
  expect(holds(spec, iso)).toBe(expected);
});

test.each<[TimeSpec, Partial<TimeProblem>]>([
  [{ times: ['9-17'] }, { field: 'times', index: 0, what: 'a time of day is hh:mm-hh:mm' }],
  [{ times: ['09:00-17:60'] }, { field: 'times', what: 'no time of day' }],
  [{ times: ['00:00-24:01'] }, { field: 'times', what: 'no time of day' }],
  [{ times: ['01:00-02:00', '22:00-06:00'] }, { field: 'times', index: 1, what: expect.stringContaining('over midnight') }],
  [{ weekdays: ['mon'] }, { field: 'weekdays', what: expect.stringContaining('neither a value nor a range') }],
  [{ weekdays: ['friday:monday'] }, { field: 'weekdays', what: expect.stringContaining('ends before it begins') }],
  [{ daysOfMonth: ['0'] }, { field: 'daysOfMonth' }],
  [{ daysOfMonth: ['-1:1'] }, { field: 'daysOfMonth', what: expect.stringContaining('from the end') }],
  [{ daysOfMonth: ['-1:-3'] }, { field: 'daysOfMonth', what: expect.stringContaining('ends before') }],
  [{ months: ['13'] }, { field: 'months' }],
  [{ years: ['26'] }, { field: 'years' }],
  [{ timeZone: 'Seoul' }, { field: 'timeZone', what: 'nobody knows this time zone' }],
])('%j is refused', (spec, problem) => {
  expect(compileTimeSpec(spec)).toEqual([expect.objectContaining(problem)]);
});

test('a route is quiet in its mute intervals and outside of its active ones', () => {
  const intervals = compileTimeIntervals([
    { name: 'office', intervals: [{ times: ['09:00-17:00'], weekdays: ['monday:friday'] }] },
    { name: 'lunch', intervals: [{ times: ['12:00-13:00'] }, { times: ['15:00-15:15'] }] },
  ]);
  const at = (iso: string, active: string[], mute: string[]) => quietBy({ active, mute }, intervals, Date.parse(iso));

  expect(at('2026-11-20T10:00:00Z', ['office'], ['lunch'])).toBeUndefined();
  expect(at('2026-11-20T15:10:00Z', ['office'], ['lunch'])).toBe('lunch');
  expect(at('2026-11-20T08:00:00Z', ['office'], ['lunch'])).toBe('not office');
  expect(at('2026-11-20T08:00:00Z', [], ['lunch'])).toBeUndefined();
  expect(at('2026-11-21T12:00:00Z', ['office', 'lunch'], [])).toBeUndefined();
});

test('days are those of the calendar, whatever the month and the zone', () => {
  const zone = fc.constantFrom('UTC', 'Asia/Seoul', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia');
  const time = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2032, 0) });
  fc.assert(
    fc.property(time, zone, fc.integer({ min: 1, max: 31 }), (nowMs, timeZone, count) => {
      const parts = new Intl.DateTimeFormat('en-US', {
        timeZone,
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        weekday: 'long',
      }).formatToParts(nowMs);
      const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
      const last = new Date(Date.UTC(Number(of('year')), Number(of('month')), 0)).getUTCDate();
      const iso = new Date(nowMs).toISOString();

      expect(holds({ daysOfMonth: [`-${count}:-1`], timeZone }, iso)).toBe(Number(of('day')) > last - count);
      expect(
        holds({ weekdays: [of('weekday')], months: [of('month')], years: [of('year')], daysOfMonth: [of('day')], timeZone }, iso),
      ).toBe(true);
    }),
  );
});
