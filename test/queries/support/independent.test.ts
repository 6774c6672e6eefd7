import {
  auditEvents,
  binOf,
  containerLines,
  containerOf,
  countBy,
  klogTime,
  linesOf,
  percentileRange,
  SAMPLES,
  shownTime,
  truth,
} from './independent.ts';

test('the lines of the samples are those that were counted when they were recorded', () => {
  expect(auditEvents()).toHaveLength(truth['kube-apiserver-audit'].lines);
  expect(linesOf(SAMPLES.api).filter((line) => klogTime(line) !== undefined)).toHaveLength(truth['kube-apiserver'].klog_records);
  expect(linesOf(SAMPLES.scheduler)).toHaveLength(truth['kube-scheduler'].lines);
  expect(linesOf(SAMPLES.controllerManager)).toHaveLength(truth['kube-controller-manager'].lines);
  expect(linesOf(SAMPLES.authenticator)).toHaveLength(truth.authenticator.lines);
});

test.each(['cdro', 'checkout', 'orders', 'web'] as const)('pieces of %s become the logical lines that were counted', (name) => {
  const file = SAMPLES[name];
  const counted = truth[(file.split('/').pop() as string).replace(/\.gz$/, '')];
  const lines = containerLines(file);

  expect(lines).toHaveLength(counted.logical_lines);
  expect(countBy(lines, (line) => line.stream)['stderr'] ?? 0).toBe(counted.stderr ?? 0);
});

test('a container file tells pod, namespace and container', () => {
  expect(containerOf(SAMPLES.web)).toEqual({ pod: 'web-569696d9f6-6kj7f', namespace: 'team-a', container: 'nginx' });
});

test('times are shown as CloudWatch shows them', () => {
  expect(shownTime('2026-11-21T08:23:24.456468Z')).toBe('2026-11-21 08:23:24.456');
  expect(shownTime('2026-11-21T08:23:24Z')).toBe('2026-11-21 08:23:24.000');
  expect(klogTime('W1121 08:27:05.123456   26491 x.go:1] y')).toBe('2026-11-21 08:27:05.123');
  expect(binOf('2026-11-21 08:27:05.123', 5)).toBe('2026-11-21 08:25:00.000');
});

test('a percentile lies between its neighbours', () => {
  expect(percentileRange([1, 2, 3, 4, 5], 50)).toEqual({ low: 1.96, high: 4.08 });
});
