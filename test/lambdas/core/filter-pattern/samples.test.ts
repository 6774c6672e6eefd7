import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compileFilterPattern } from '../../../../lambdas/core/filter-pattern/compile.ts';
import { compileMetricFilter } from '../../../../lambdas/core/filter-pattern/metric-filter.ts';

const SAMPLES = join(__dirname, '../../../../samples');
/** Counts made with plain text tools when the logs were recorded. */
const TRUTH = JSON.parse(readFileSync(join(SAMPLES, 'truth.json'), 'utf8'));
const AUDIT_TRUTH = TRUTH['kube-apiserver-audit'];

function linesOf(name: string): string[] {
  return gunzipSync(readFileSync(join(SAMPLES, 'control-plane', `${name}.log.gz`)))
    .toString('utf8')
    .trimEnd()
    .split('\n');
}

function count(lines: readonly string[], pattern: string): number {
  const compiled = compileFilterPattern(pattern);
  if (!compiled.ok) throw new Error(`${pattern} at column ${compiled.column}: ${compiled.reason}`);
  return lines.filter((line) => compiled.matches(line)).length;
}

const audit = linesOf('kube-apiserver-audit');

test('every audit event is JSON to a pattern', () => {
  expect(count(audit, '{ $.auditID = * }')).toBe(AUDIT_TRUTH.lines);
});

test.each(Object.entries<number>(AUDIT_TRUTH.code))('audit events with the code %s', (code, expected) => {
  expect(count(audit, `{ $.responseStatus.code = ${code} }`)).toBe(expected);
});

test.each(Object.entries<number>(AUDIT_TRUTH.verb))('audit events with the verb %s', (verb, expected) => {
  expect(count(audit, `{ $.verb = "${verb}" }`)).toBe(expected);
});

test.each(Object.entries<number>(AUDIT_TRUTH.top_users))('audit events of %s', (user, expected) => {
  expect(count(audit, `{ $.user.username = "${user}" }`)).toBe(expected);
});

test.each(Object.entries<number>(AUDIT_TRUTH.pod_patches_without_subresource_ResponseComplete_by_user))(
  'pods patched by %s',
  (user, expected) => {
    const conditions = [
      '$.verb = patch',
      '$.objectRef.resource = pods',
      '$.objectRef.subresource NOT EXISTS',
      '$.stage = ResponseComplete',
      `$.user.username = "${user.replace(/"/g, '\\"')}"`,
    ];
    expect(count(audit, `{ ${conditions.join(' && ')} }`)).toBe(expected);
  },
);

test('client errors: a wildcard, a range and a regular expression agree with the sum of the codes', () => {
  const expected = Object.entries<number>(AUDIT_TRUTH.code).reduce((sum, [code, events]) => sum + (code.startsWith('4') ? events : 0), 0);

  expect(count(audit, '{ $.responseStatus.code = 4* }')).toBe(expected);
  expect(count(audit, '{ $.responseStatus.code >= 400 && $.responseStatus.code < 500 }')).toBe(expected);
  expect(count(audit, '{ $.responseStatus.code = %^4[0-9]{2}$% }')).toBe(expected);
});

test.each([
  ['{ $.objectRef NOT EXISTS }', AUDIT_TRUTH.no_objectRef],
  ['"mvcc: database space exceeded"', AUDIT_TRUTH.mvcc_events],
  ['%mvcc: database space exceeded%', AUDIT_TRUTH.mvcc_events],
  ['{ $.stage = "ResponseStarted" || $.stage = "RequestReceived" }', AUDIT_TRUTH.stage.ResponseStarted + AUDIT_TRUTH.stage.RequestReceived],
  ['{ $.stage != "ResponseComplete" }', AUDIT_TRUTH.lines - AUDIT_TRUTH.stage.ResponseComplete],
])('audit events that match %s', (pattern, expected) => {
  expect(count(audit, pattern)).toBe(expected);
});

test('a cluster with the annotation keys of Kubernetes, which hold dots and slashes, is asked by brackets', () => {
  const text = audit.filter((line) => line.includes('"authorization.k8s.io/decision":"forbid"')).length;

  expect(text).toBeGreaterThan(0);
  expect(count(audit, `{ $.annotations.['authorization.k8s.io/decision'] = "forbid" }`)).toBe(text);
});

test.each([
  ['kube-apiserver', '"mvcc: database space exceeded"', TRUTH['kube-apiserver'].mvcc_lines],
  ['kube-apiserver', '"failing open"', TRUTH['kube-apiserver'].failing_open],
  ['kube-scheduler', '"Unable to schedule pod"', TRUTH['kube-scheduler'].unable_to_schedule],
  ['kube-controller-manager', '"status=\\"NodeNotReady\\""', TRUTH['kube-controller-manager'].node_not_ready],
  ['kube-controller-manager', '[head = E*, ...]', TRUTH['kube-controller-manager'].severity.E],
  ['kube-controller-manager', '%^E[0-9]{4} %', TRUTH['kube-controller-manager'].severity.E],
  ['kube-controller-manager', '[head = %^I[0-9]+$%, rest]', TRUTH['kube-controller-manager'].severity.I],
  ['authenticator', '"access granted"', TRUTH.authenticator.granted],
  ['authenticator', '"access denied"', TRUTH.authenticator.denied],
])('%s: %s', (name, pattern, expected) => {
  expect(count(linesOf(name), pattern)).toBe(expected);
});

test('a metric filter adds the denied requests up, per verb', () => {
  const filter = compileMetricFilter({
    filterPattern: '{ $.responseStatus.code = 403 }',
    metricValue: '1',
    unit: 'Count',
    dimensions: { Verb: '$.verb' },
  });
  if (!filter.ok) throw new Error(JSON.stringify(filter.problems));

  const sums = new Map<string, number>();
  for (const line of audit) {
    const outcome = filter.evaluate(line);
    if (outcome.kind === 'value')
      sums.set(outcome.dimensions['Verb'] as string, (sums.get(outcome.dimensions['Verb'] as string) ?? 0) + outcome.value);
  }

  expect([...sums.values()].reduce((sum, value) => sum + value, 0)).toBe(AUDIT_TRUTH['403_events']);
  expect(sums.get('get')).toBe(audit.filter((line) => line.includes('"code":403') && line.includes('"verb":"get"')).length);
});
