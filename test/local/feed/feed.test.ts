import { readFileSync } from 'node:fs';
import { fluentBitEvent, identityOf } from '../../../lambdas/events/fluent-bit.ts';
import { controlPlaneTime, LineClock } from '../../../local/feed/event-time.ts';
import { inputIdentity } from '../../../local/feed/input-identity.ts';
import { groupsOf, sampleSources } from '../../../local/feed/sources.ts';

const read = controlPlaneTime(2026);

test.each<[string, string, string | undefined]>([
  ['klog', 'I1121 08:25:25.921595   26518 controller_utils.go:186] "x"', '2026-11-21T08:25:25.921Z'],
  ['logrus', 'time="2026-11-21T08:23:19Z" level=info msg="x"', '2026-11-21T08:23:19.000Z'],
  [
    'audit by its stage time',
    '{"requestReceivedTimestamp":"2026-11-21T08:00:00Z","stageTimestamp":"2026-11-21T08:00:01.500000Z"}',
    '2026-11-21T08:00:01.500Z',
  ],
  [
    'audit whose body forges one',
    '{"requestObject":{"x":"\\"stageTimestamp\\":\\"1999-01-01T00:00:00Z\\""},"stageTimestamp":"2026-11-21T08:00:01Z"}',
    '2026-11-21T08:00:01.000Z',
  ],
  ['zap', '{"level":"warn","ts":"2026-11-21T08:23:24.123Z","msg":"x"}', '2026-11-21T08:23:24.123Z'],
  ['a trace line has none', 'Trace[123]: [1.2s] [1.2s] END', undefined],
])('time of %s', (_title, line, expected) => {
  const ms = read(line);

  expect(ms === undefined ? undefined : new Date(ms).toISOString()).toBe(expected);
});

test('a line without a time, or with one that nobody believes, takes that of the line before', () => {
  const clock = new LineClock(read, 0);
  const first = Date.parse('2026-11-21T08:23:19Z');

  expect(clock.timeOf('time="2026-11-21T08:23:19Z" level=info')).toBe(first);
  expect(clock.timeOf('  at some place')).toBe(first);
  expect(clock.timeOf('time="9999-01-01T00:00:00Z" level=info')).toBe(first);
  expect(clock.timeOf('time="1999-01-01T00:00:00Z" level=info')).toBe(first);
  expect(clock.timeOf('time="2026-11-21T08:23:18Z" level=info')).toBe(first - 1000);
});

test('the time of the framing is asked first, and nobody believes one of the year 9999 there either', () => {
  const clock = new LineClock(read, 0);
  const first = Date.parse('2026-11-21T08:23:19Z');

  expect(clock.timeOf('time="2026-11-20T01:00:00Z" level=info', first)).toBe(first);
  expect(clock.timeOf('far', Date.parse('9999-12-31T23:59:59.999Z'))).toBe(first);
  expect(clock.timeOf('time="2026-11-21T08:23:20Z" level=info', Date.parse('9999-12-31T23:59:59.999Z'))).toBe(first + 1000);
});

test('a container file is known by its name', () => {
  const id = '7d6dcafdf2da28691e980f9f04db1103aa5293af540882164cb66c5535eca52d';

  expect(identityOf(`/x/web-569696d9f6-6kj7f_team-a_nginx-${id}.log.gz`)).toEqual({
    podName: 'web-569696d9f6-6kj7f',
    namespaceName: 'team-a',
    containerName: 'nginx',
    containerId: id,
  });
  expect(identityOf('/x/app.log')).toBeUndefined();
});

test('a Fluent Bit record carries the line, its stream, its time in nanoseconds and where it comes from', () => {
  const event = fluentBitEvent(
    { time: '2026-11-21T08:27:07.171527756Z', stream: 'stderr', log: 'a "b"' },
    inputIdentity('/x/My App.log', 'input', 'input'),
  );

  expect(event.timestamp).toBe(Date.parse('2026-11-21T08:27:07.171Z'));
  expect(JSON.parse(event.message)).toMatchObject({
    time: '2026-11-21T08:27:07.171527756Z',
    stream: 'stderr',
    log: 'a "b"',
    kubernetes: { pod_name: 'my-app.log', namespace_name: 'input', container_name: 'input' },
  });
});

test('the samples arrive whole: as many events as truth.json counts lines', async () => {
  const truth = JSON.parse(readFileSync('samples/truth.json', 'utf8')) as { [name: string]: { lines?: number; logical_lines?: number } };
  const expected = new Map(
    Object.entries(truth).map(([name, { lines, logical_lines }]) => [name.replace(/\.log$/, ''), logical_lines ?? lines]),
  );

  for (const source of await sampleSources('samples', groupsOf('local'))) {
    let events = 0;
    for await (const { message } of source.events()) if (message !== '') events++;
    const name = source.file.replace(/^.*\//, '').replace(/\.log\.gz$/, '');
    expect([name, events]).toEqual([name, expected.get(name)]);
  }
});

test('control-plane streams are named like those of EKS', async () => {
  const sources = await sampleSources('samples', groupsOf('local'));

  for (const { logGroup, logStream } of sources.filter(({ file }) => file.includes('control-plane'))) {
    expect(logGroup).toBe('/aws/eks/local/cluster');
    expect(logStream).toMatch(/^(kube-apiserver-audit|kube-apiserver|authenticator|kube-controller-manager|kube-scheduler)-[0-9a-f]{32}$/);
  }
});
