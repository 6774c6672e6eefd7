import { evaluatePrefix, objectName, rotationSuffix } from '../../../local/firehose/prefix.ts';

const AT = Date.parse('2016-02-25T13:00:00Z');

test.each([
  ['NoRotation', ''],
  ['OneHour', '-2016-02-25-13'],
  ['OneDay', '-2016-02-25'],
  // AWS's page gives w08 as its example, which is the ISO week, and right below it the rule that makes it w09. The rule is taken.
  ['OneWeek', '-2016-w09'],
  ['OneMonth', '-2016-02'],
])('an index that rotates by %s ends as AWS documents its rule', (rotation, suffix) => {
  expect(rotationSuffix(rotation, AT)).toBe(suffix);
});

test.each([
  ['2020-01-04T12:00:00Z', '-2020-w01'],
  ['2020-01-05T00:00:00Z', '-2020-w02'],
  ['2019-12-29T00:00:00Z', '-2020-w01'],
  ['2026-11-21T08:00:00Z', '-2026-w47'],
])('%s is in week %s: weeks begin on Sunday, the first one has a Saturday of the year', (time, suffix) => {
  expect(rotationSuffix('OneWeek', Date.parse(time))).toBe(suffix);
});

test('a prefix has times in UTC, partition keys and the type of an error', () => {
  const partitionKeys = { kind: 'audit', dt: '2026-11-21' };

  expect(evaluatePrefix('kind=!{partitionKeyFromLambda:kind}/dt=!{partitionKeyFromLambda:dt}/', { timeMs: AT, partitionKeys })).toBe(
    'kind=audit/dt=2026-11-21/',
  );
  expect(
    evaluatePrefix('errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/', { timeMs: AT, errorType: 'x' }),
  ).toBe('errors/x/dt=2016-02-25/hr=13/');
  expect(objectName('logs', AT, 'id')).toBe('logs-1-2016-02-25-13-00-00-id');
});

test('a record without one of the keys has no prefix', () => {
  expect(evaluatePrefix('kind=!{partitionKeyFromLambda:kind}/', { timeMs: AT })).toBeUndefined();
  expect(evaluatePrefix('kind=!{partitionKeyFromLambda:kind}/', { timeMs: AT, partitionKeys: { kind: '' } })).toBeUndefined();
});

test.each(['!{partitionKeyFromQuery:x}', '!{timestamp:EEE}', '!{firehose:random-string}'])('%s is refused, not guessed', (prefix) => {
  expect(() => evaluatePrefix(prefix, { timeMs: AT })).toThrow('no counterpart on this machine');
});
