import { compileMetricFilter, type MetricFilter, type MetricFilterSpec } from '../../../../lambdas/core/filter-pattern/metric-filter.ts';

function compiled(spec: MetricFilterSpec): MetricFilter {
  const result = compileMetricFilter(spec);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

const DENIED = '{"verb":"get","latency":12.5,"responseStatus":{"code":403},"user":{"username":"jane"},"text":"7","word":"x","list":[1]}';
const LINE = '192.0.2.7 - jane [21/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 404 1534';

test('a fixed value counts the events that match', () => {
  const filter = compiled({ filterPattern: 'ERROR', metricValue: '1' });

  expect(filter.evaluate('an ERROR')).toEqual({ kind: 'value', value: 1, unit: 'None', dimensions: {} });
  expect(filter.evaluate('fine')).toEqual({ kind: 'none', reason: 'not-matched' });
});

test('the default value is published for an event that does not match', () => {
  const filter = compiled({ filterPattern: 'ERROR', metricValue: '1', defaultValue: 0, unit: 'Count' });

  expect(filter.evaluate('an ERROR')).toEqual({ kind: 'value', value: 1, unit: 'Count', dimensions: {} });
  expect(filter.evaluate('fine')).toEqual({ kind: 'default', value: 0, unit: 'Count', dimensions: {} });
});

test('a value is taken from a JSON event', () => {
  const filter = compiled({ filterPattern: '{ $.latency = * }', metricValue: '$.latency', unit: 'Milliseconds' });

  expect(filter.evaluate(DENIED)).toEqual({ kind: 'value', value: 12.5, unit: 'Milliseconds', dimensions: {} });
});

test.each([
  ['$.responseStatus.code', { kind: 'value', value: 403 }],
  ['$.text', { kind: 'value', value: 7 }],
  ['$.list[0]', { kind: 'value', value: 1 }],
  ["$.user.['username']", { kind: 'none', reason: 'not-a-number' }],
  ['$.word', { kind: 'none', reason: 'not-a-number' }],
  ['$.list', { kind: 'none', reason: 'no-value' }],
  ['$.missing', { kind: 'none', reason: 'no-value' }],
])('the value %s of an event', (metricValue, outcome) => {
  expect(compiled({ filterPattern: '{ $.verb = get }', metricValue }).evaluate(DENIED)).toMatchObject(outcome);
});

test('a value that is no number is not replaced by the default', () => {
  const filter = compiled({ filterPattern: '{ $.verb = get }', metricValue: '$.word', defaultValue: 0 });

  expect(filter.evaluate(DENIED)).toEqual({ kind: 'none', reason: 'not-a-number' });
});

test('value and dimensions are taken from a space-delimited event', () => {
  const filter = compiled({
    filterPattern: '[ip, id, user, time, request, status = 4*, bytes]',
    metricValue: '$bytes',
    dimensions: { Status: '$status', Method: '$request' },
    unit: 'Bytes',
  });

  expect(filter.evaluate(LINE)).toEqual({
    kind: 'value',
    value: 1534,
    unit: 'Bytes',
    dimensions: { Status: '404', Method: 'GET / HTTP/1.1' },
  });
});

test('a field without a name is taken by its position', () => {
  expect(compiled({ filterPattern: '[..., status = 4*,]', metricValue: '$7' }).evaluate(LINE)).toMatchObject({ value: 1534 });
});

test('an event without the value of a dimension publishes nothing', () => {
  const filter = compiled({ filterPattern: '{ $.verb = * }', metricValue: '1', dimensions: { User: '$.user.username' } });

  expect(filter.evaluate(DENIED)).toMatchObject({ value: 1, dimensions: { User: 'jane' } });
  expect(filter.evaluate('{"verb":"get"}')).toEqual({ kind: 'none', reason: 'no-dimension' });
  expect(filter.evaluate('{"verb":"get","user":{"username":""}}')).toEqual({ kind: 'none', reason: 'no-dimension' });
});

test.each<[string, MetricFilterSpec, { field: string; reason: string; column?: number }]>([
  ['a bad pattern', { filterPattern: 'a-b', metricValue: '1' }, { field: 'filterPattern', column: 2, reason: 'double quotes' }],
  ['a word as value', { filterPattern: 'a', metricValue: 'one' }, { field: 'metricValue', reason: 'is a number, $.property or $field' }],
  ['no value', { filterPattern: 'a', metricValue: '' }, { field: 'metricValue', reason: 'is a number' }],
  ['a long value', { filterPattern: 'a', metricValue: '1'.repeat(101) }, { field: 'metricValue', reason: 'at most 100' }],
  [
    'a bad selector',
    { filterPattern: '{ $.a = 1 }', metricValue: '$.a b' },
    { field: 'metricValue', column: 4, reason: 'nothing may follow' },
  ],
  [
    'a wildcard selector',
    { filterPattern: '{ $.a = 1 }', metricValue: '$.a[*]' },
    { field: 'metricValue', column: 1, reason: 'no wildcard' },
  ],
  [
    'a property of plain text',
    { filterPattern: 'ERROR', metricValue: '$.a' },
    { field: 'metricValue', reason: 'only JSON and space-delimited' },
  ],
  ['a field of JSON', { filterPattern: '{ $.a = 1 }', metricValue: '$a' }, { field: 'metricValue', reason: 'no $fields' }],
  ['a property of fields', { filterPattern: '[a, b]', metricValue: '$.a' }, { field: 'metricValue', reason: 'no $.properties' }],
  ['an unknown field', { filterPattern: '[a, b]', metricValue: '$c' }, { field: 'metricValue', reason: 'it names $a, $b' }],
  [
    'four dimensions',
    { filterPattern: '[a, b, c, d]', metricValue: '1', dimensions: { A: '$a', B: '$b', C: '$c', D: '$d' } },
    { field: 'dimensions', reason: 'at most 3' },
  ],
  [
    'a default with dimensions',
    { filterPattern: '[a, b]', metricValue: '1', defaultValue: 0, dimensions: { A: '$a' } },
    { field: 'defaultValue', reason: 'cannot have a default value' },
  ],
  [
    'a dimension of plain text',
    { filterPattern: 'x', metricValue: '1', dimensions: { A: '$a' } },
    { field: 'dimensions.A', reason: 'only JSON' },
  ],
  [
    'a fixed dimension',
    { filterPattern: '[a]', metricValue: '1', dimensions: { A: 'x' } },
    { field: 'dimensions.A', column: 1, reason: '$field' },
  ],
  [
    'a dimension called :x',
    { filterPattern: '[a]', metricValue: '1', dimensions: { ':x': '$a' } },
    { field: 'dimensions.:x', reason: '":"' },
  ],
  ['an unknown unit', { filterPattern: 'x', metricValue: '1', unit: 'ms' }, { field: 'unit', reason: 'Milliseconds' }],
  [
    'a default that is no number',
    { filterPattern: 'x', metricValue: '1', defaultValue: Number.NaN },
    { field: 'defaultValue', reason: 'a number' },
  ],
])('%s is refused', (_name, spec, problem) => {
  const refused = compileMetricFilter(spec);

  expect(refused).toMatchObject({ ok: false, problems: [{ ...problem, reason: expect.stringContaining(problem.reason) }] });
});

test('every problem of a filter is told at once', () => {
  const refused = compileMetricFilter({ filterPattern: '{', metricValue: 'x', unit: 'y', defaultValue: 1, dimensions: { A: '$.a' } });

  expect(refused).toMatchObject({
    problems: [{ field: 'filterPattern' }, { field: 'metricValue' }, { field: 'defaultValue' }, { field: 'unit' }],
  });
});
