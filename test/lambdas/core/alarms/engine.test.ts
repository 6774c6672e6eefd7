import type {
  AlarmDefinition,
  CompositeAlarm,
  LogAlarm,
  MetricAlarm,
  MetricId,
  PromqlAlarm,
} from '../../../../lambdas/core/alarms/definition.ts';
import { AlarmEngine } from '../../../../lambdas/core/alarms/engine.ts';
import type { LogResult } from '../../../../lambdas/core/alarms/log-alarm.ts';
import { MetricStore } from '../../../../lambdas/core/alarms/metric-data.ts';
import type { MuteRule } from '../../../../lambdas/core/alarms/mute.ts';
import { snsMessage, snsSubject } from '../../../../lambdas/core/alarms/notification.ts';
import type { PromqlSample } from '../../../../lambdas/core/alarms/promql-alarm.ts';
import { sampleOf } from '../../../../lambdas/core/alarms/statistic.ts';
import type { AlarmSources, Transition } from '../../../../lambdas/core/alarms/transition.ts';

const START = Date.UTC(2026, 10, 21, 10);
const MINUTE = 60_000;
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:alerts-critical';
const OWNER = { account: '111122223333', region: 'us-east-1', regionName: 'US East (N. Virginia)', partition: 'aws', configuredMs: START };

const metricId = (name: string): MetricId => ({ namespace: 'Test', metricName: name, dimensions: {} });
const metric = (name: string, change: Partial<MetricAlarm> = {}): MetricAlarm => ({
  kind: 'metric',
  name,
  queries: [{ id: 'm1', metric: metricId(name), statistic: 'Maximum', returnData: true }],
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  comparison: 'GreaterThanThreshold',
  threshold: 0,
  treatMissingData: 'notBreaching',
  alarmActions: [TOPIC],
  okActions: [TOPIC],
  ...change,
});
const composite = (name: string, rule: string, change: Partial<CompositeAlarm> = {}): CompositeAlarm => ({
  kind: 'composite',
  name,
  rule,
  alarmActions: [TOPIC],
  okActions: [TOPIC],
  ...change,
});

/** One line per transition: `minute name FROM>TO`, with `!` where its actions are due and the reason where they are held. */
const shown = ({ alarm, atMs, from, to, actions, heldBy, contributor, isLate }: Transition): string => {
  const who = contributor === undefined ? alarm.name : `${alarm.name}{${Object.values(contributor.attributes).join(',')}}`;
  const short = { OK: 'OK', ALARM: 'ALARM', INSUFFICIENT_DATA: 'NONE' };
  return `${(atMs - START) / MINUTE} ${who} ${short[from]}>${short[to]}${actions.length > 0 ? '!' : ''}${heldBy === undefined ? '' : ` held by ${heldBy}`}${isLate ? ' late' : ''}`;
};

interface Run {
  readonly alarms: readonly AlarmDefinition[];
  /** Values of successive minutes, by metric. */
  readonly values?: { readonly [metric: string]: string };
  readonly minutes: number;
  readonly stepMs?: number;
  readonly mutes?: readonly MuteRule[];
  readonly logs?: (alarm: LogAlarm, nowMs: number) => LogResult;
  readonly promql?: (minute: number) => readonly PromqlSample[] | undefined;
}

function transitionsOf({ alarms, values = {}, minutes, stepMs = MINUTE, mutes = [], logs, promql }: Run): Transition[] {
  const engine = new AlarmEngine(alarms, START, mutes);
  const metrics = new MetricStore();
  for (const [name, text] of Object.entries(values)) {
    for (const [minute, value] of text.split(' ').entries()) {
      if (value !== '-') metrics.add(metricId(name), sampleOf(START + minute * MINUTE, Number(value)));
    }
  }
  const sources: AlarmSources = {
    metrics,
    queryLogs: (alarm, nowMs) => logs?.(alarm, nowMs) ?? { ok: false, atMs: nowMs, reason: 'no logs' },
    promql: (_query, nowMs) => promql?.((nowMs - START) / MINUTE),
  };
  const found: Transition[] = [];
  for (let nowMs = START + stepMs; nowMs <= START + minutes * MINUTE; nowMs += stepMs) found.push(...engine.evaluate(nowMs, sources));
  return found;
}
const run = (options: Run): string[] => transitionsOf(options).map(shown);

describe('a metric alarm', () => {
  test('acts when its state changes, and only then', () => {
    expect(run({ alarms: [metric('a')], values: { a: '0 0 1 1 1 0 0' }, minutes: 7 })).toEqual([
      '1 a NONE>OK!',
      '3 a OK>ALARM!',
      '6 a ALARM>OK!',
    ]);
  });

  test('is looked at each minute, a high-resolution one every ten seconds', () => {
    const fast = metric('a', { periodSeconds: 10 });

    // The only point stays the newest real one of the range for two periods more.
    expect(run({ alarms: [fast], values: { a: '1' }, minutes: 1, stepMs: 10_000 })).toEqual([
      `${10 / 60} a NONE>ALARM!`,
      `${40 / 60} a ALARM>OK!`,
    ]);
  });

  test('says nothing in its warm-up unless its window is filled before', () => {
    const warm = (wholeTime: boolean) => metric('a', { warmUp: { minutes: 4, wholeTime }, evaluationPeriods: 2, datapointsToAlarm: 2 });
    const values = { a: '1 1 1 1 1 1' };

    expect(run({ alarms: [warm(false)], values, minutes: 6 })).toEqual(['2 a NONE>ALARM!']);
    expect(run({ alarms: [warm(true)], values, minutes: 6 })).toEqual(['4 a NONE>ALARM!']);
    expect(run({ alarms: [metric('a', { treatMissingData: 'breaching', warmUp: { minutes: 3, wholeTime: false } })], minutes: 4 })).toEqual(
      ['3 a NONE>ALARM!'],
    );
  });

  test('with its actions switched off changes all the same', () => {
    expect(run({ alarms: [metric('a', { actionsEnabled: false })], values: { a: '1' }, minutes: 1 })).toEqual([
      '1 a NONE>ALARM held by ActionsDisabled',
    ]);
  });
});

describe('composites', () => {
  const quiet = { alarmActions: [], okActions: [] };

  test('follow their children in the same minute, however deep', () => {
    const alarms = [
      composite('top', 'ALARM(middle)'),
      composite('middle', 'ALARM(a) AND ALARM(b)', quiet),
      metric('a', quiet),
      metric('b', quiet),
    ];

    expect(run({ alarms, values: { a: '0 1 1 0', b: '0 0 1 1' }, minutes: 4 })).toEqual([
      '1 a NONE>OK',
      '1 b NONE>OK',
      '1 middle NONE>OK',
      '1 top NONE>OK!',
      '2 a OK>ALARM',
      '3 b OK>ALARM',
      '3 middle OK>ALARM',
      '3 top OK>ALARM!',
      '4 a ALARM>OK',
      '4 middle ALARM>OK',
      '4 top ALARM>OK!',
    ]);
  });

  test('name the child that led to the change', () => {
    const alarms = [composite('any', 'ALARM(a) OR ALARM(b)'), metric('a', quiet), metric('b', quiet)];
    const fired = transitionsOf({ alarms, values: { a: '0 0', b: '0 1' }, minutes: 2 }).find(
      ({ alarm, to }) => alarm.name === 'any' && to === 'ALARM',
    );

    expect(fired?.reason).toBe('b transitioned to ALARM at Saturday 21 November, 2026 10:02:00 UTC');
    expect(fired?.triggeredBy).toEqual([{ alarm: 'b', state: 'ALARM', atMs: START + 2 * MINUTE }]);
  });

  const suppressed = (waitSeconds: number, extensionSeconds: number) => [
    composite('top', 'ALARM(a)', { suppressor: { alarm: 's', waitSeconds, extensionSeconds } }),
    metric('a', quiet),
    metric('s', quiet),
  ];
  const tops = (lines: readonly string[]): string[] => lines.filter((line) => line.includes(' top ') && !line.includes('NONE'));

  test('wait for their suppressor, and act when it stays away', () => {
    expect(tops(run({ alarms: suppressed(120, 60), values: { a: '0 1 1 1 1 0 0 0', s: '0 0 0 0 0 0 0 0' }, minutes: 8 }))).toEqual([
      '2 top OK>ALARM held by WaitPeriod',
      '4 top OK>ALARM! late',
      '6 top ALARM>OK held by WaitPeriod',
      '8 top ALARM>OK! late',
    ]);
  });

  test('stay quiet while the suppressor is in ALARM, and for the extension after it', () => {
    expect(tops(run({ alarms: suppressed(120, 120), values: { a: '0 1 1 1 1 1 1', s: '0 0 1 1 0 0 0' }, minutes: 7 }))).toEqual([
      '2 top OK>ALARM held by WaitPeriod',
      '7 top OK>ALARM! late',
    ]);
  });

  test('that came and went while they were kept back act for their end only', () => {
    expect(tops(run({ alarms: suppressed(60, 120), values: { a: '0 1 1 0 0 0 0', s: '0 1 1 1 0 0 0' }, minutes: 7 }))).toEqual([
      '2 top OK>ALARM held by Alarm',
      '4 top ALARM>OK held by Alarm',
      '7 top ALARM>OK! late',
    ]);
  });

  test('a rule that cannot be read is refused at once', () => {
    expect(() => new AlarmEngine([composite('top', 'ALARM(')], START)).toThrow('name or ARN');
  });
});

describe('mute rules', () => {
  const mute: MuteRule = { name: 'night', expression: 'cron(2 10 * * ?)', durationMs: 3 * MINUTE, timeZone: 'UTC', alarms: ['a'] };

  test('keep actions back, and let an alarm that still fires act afterwards', () => {
    expect(run({ alarms: [metric('a')], values: { a: '0 0 1 1 1 1' }, minutes: 6, mutes: [mute] })).toEqual([
      '1 a NONE>OK!',
      '3 a OK>ALARM held by MuteRule',
      '5 a OK>ALARM! late',
    ]);
  });

  test('an alarm that is over before they end says nothing', () => {
    expect(run({ alarms: [metric('a')], values: { a: '0 0 1 0 0 0' }, minutes: 6, mutes: [mute] })).toEqual([
      '1 a NONE>OK!',
      '3 a OK>ALARM held by MuteRule',
      '4 a ALARM>OK held by MuteRule',
      '5 a ALARM>OK! late',
    ]);
  });
});

describe('PromQL alarms', () => {
  const alarm = (pendingSeconds: number, recoverySeconds: number): PromqlAlarm => ({
    kind: 'promql',
    name: 'p',
    query: 'kube_pod_status_phase{phase="Pending"} == 1',
    everySeconds: 60,
    pendingSeconds,
    recoverySeconds,
    alarmActions: [TOPIC],
    okActions: [TOPIC],
  });
  /** Minutes in which each pod is returned. */
  const answers = (pods: { readonly [pod: string]: readonly number[] }) => (minute: number) =>
    Object.entries(pods).flatMap(([pod, minutes]) => (minutes.includes(minute) ? [{ labels: { pod }, value: 1 }] : []));

  test('a series is an alarm when it was returned for the pending period without a gap', () => {
    expect(run({ alarms: [alarm(120, 0)], minutes: 6, promql: answers({ web: [1, 2, 4, 5, 6] }) })).toEqual([
      '1 p NONE>OK!',
      '6 p OK>ALARM!',
      '6 p{web} OK>ALARM!',
    ]);
  });

  test('it is over when it was gone for the recovery period', () => {
    expect(run({ alarms: [alarm(0, 120)], minutes: 8, promql: answers({ web: [1, 3] }) })).toEqual([
      '1 p NONE>ALARM!',
      '1 p{web} OK>ALARM!',
      '6 p ALARM>OK!',
      '6 p{web} ALARM>OK!',
    ]);
  });

  test('each series is told by itself, and the alarm as a whole until the last', () => {
    expect(run({ alarms: [alarm(0, 0)], minutes: 4, promql: answers({ web: [1, 2], api: [2, 3] }) })).toEqual([
      '1 p NONE>ALARM!',
      '1 p{web} OK>ALARM!',
      '2 p{api} OK>ALARM!',
      '3 p{web} ALARM>OK!',
      '4 p ALARM>OK!',
      '4 p{api} ALARM>OK!',
    ]);
  });

  test('where nothing can answer, the alarm keeps its state', () => {
    expect(run({ alarms: [alarm(0, 0)], minutes: 3, promql: () => undefined })).toEqual([]);
  });
});

describe('log alarms', () => {
  const alarm = (change: Partial<LogAlarm> = {}): LogAlarm => ({
    kind: 'log',
    name: 'l',
    query: 'filter level = "ERROR"',
    aggregation: 'count(*)',
    logGroups: ['/example'],
    everySeconds: 60,
    startOffsetSeconds: 60,
    endOffsetSeconds: 0,
    resultsToAlarm: 2,
    resultsToEvaluate: 3,
    comparison: 'GreaterThanThreshold',
    threshold: 5,
    treatMissingData: 'missing',
    alarmActions: [TOPIC],
    okActions: [TOPIC],
    ...change,
  });
  /** Values by minute; `x` is a run that failed, `-` one without rows. */
  const counts =
    (text: string) =>
    (_alarm: LogAlarm, nowMs: number): LogResult => {
      const value = text.split(' ')[(nowMs - START) / MINUTE - 1] as string;
      if (value === 'x') return { ok: false, atMs: nowMs, reason: 'access denied' };
      return { ok: true, atMs: nowMs, values: value === '-' ? [] : [{ attributes: {}, value: Number(value) }] };
    };

  test('M of the last N runs are an alarm', () => {
    expect(run({ alarms: [alarm()], minutes: 7, logs: counts('9 0 9 9 0 0 0') })).toEqual([
      '2 l NONE>OK!',
      '3 l OK>ALARM!',
      '6 l ALARM>OK!',
    ]);
  });

  test('no rows are no missing data where rows are counted', () => {
    const single = { resultsToAlarm: 1, resultsToEvaluate: 1 };

    expect(run({ alarms: [alarm(single)], minutes: 3, logs: counts('- 9 -') })).toEqual(['1 l NONE>OK!', '2 l OK>ALARM!', '3 l ALARM>OK!']);
    expect(run({ alarms: [alarm({ ...single, aggregation: 'avg(ms)' })], minutes: 3, logs: counts('9 - -') })).toEqual([
      '1 l NONE>ALARM!',
      '2 l ALARM>NONE',
    ]);
  });

  test('a run that failed is INSUFFICIENT_DATA', () => {
    expect(run({ alarms: [alarm({ resultsToAlarm: 1, resultsToEvaluate: 1 })], minutes: 3, logs: counts('9 x 9') })).toEqual([
      '1 l NONE>ALARM!',
      '2 l ALARM>NONE',
      '3 l NONE>ALARM!',
    ]);
  });

  test('groups are contributors of their own; one without rows is over', () => {
    const byHost = alarm({ aggregation: 'count(*) by host | sort desc', resultsToAlarm: 1, resultsToEvaluate: 1 });
    const hosts = [{ a: 9, b: 1 }, { a: 9, b: 9 }, { b: 9 }, {}];
    const logs = (_alarm: LogAlarm, nowMs: number): LogResult => {
      const values = Object.entries(hosts[(nowMs - START) / MINUTE - 1] ?? {}).map(([host, value]) => ({ attributes: { host }, value }));
      return { ok: true, atMs: nowMs, values };
    };

    expect(run({ alarms: [byHost], minutes: 4, logs })).toEqual([
      '1 l NONE>ALARM',
      '1 l{a} OK>ALARM!',
      '2 l{b} OK>ALARM!',
      '3 l{a} ALARM>OK!',
      '4 l ALARM>OK',
      '4 l{b} ALARM>OK!',
    ]);
  });
});

describe('the notification', () => {
  const fired = (alarms: readonly AlarmDefinition[], values: { readonly [metric: string]: string }, name: string): Transition =>
    transitionsOf({ alarms, values, minutes: 2 }).find((each) => each.alarm.name === name && each.to === 'ALARM') as Transition;

  test("of a metric alarm is CloudWatch's JSON, with the tags that travel", () => {
    const alarm = metric('a', { description: 'Too many', tags: { severity: 'critical', 'aws:cloudformation:stack-name': 'x' } });
    const message = JSON.parse(snsMessage(fired([alarm], { a: '0 3' }, 'a'), OWNER));

    expect(message).toEqual({
      AlarmName: 'a',
      AlarmDescription: 'Too many',
      AWSAccountId: '111122223333',
      AlarmConfigurationUpdatedTimestamp: '2026-11-21T10:00:00.000+0000',
      NewStateValue: 'ALARM',
      NewStateReason:
        'Threshold Crossed: 1 out of the last 1 datapoints [3.0 (21/11/26 10:01:00)] was greater than the threshold (0.0) (minimum 1 datapoint for OK -> ALARM transition).',
      StateChangeTime: '2026-11-21T10:02:00.000+0000',
      Region: 'US East (N. Virginia)',
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:a',
      OldStateValue: 'OK',
      OKActions: [TOPIC],
      AlarmActions: [TOPIC],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: 'a',
        Namespace: 'Test',
        StatisticType: 'Statistic',
        Statistic: 'MAXIMUM',
        Unit: null,
        Dimensions: [],
        Period: 60,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
        EvaluateLowSampleCountPercentile: '',
      },
      AlarmTagsStatus: 'SUCCESS',
      AlarmTags: { severity: 'critical' },
    });
  });

  test('of a composite names its children', () => {
    const alarms = [composite('top', 'ALARM(a)'), metric('a')];

    expect(JSON.parse(snsMessage(fired(alarms, { a: '0 1' }, 'top'), OWNER))).toMatchObject({
      AlarmRule: 'ALARM(a)',
      TriggeringChildren: [
        { Arn: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:a', State: { Value: 'ALARM', Timestamp: '2026-11-21T10:02:00.000+0000' } },
      ],
    });
  });

  test('has a subject that SNS takes', () => {
    const subject = snsSubject(fired([metric('a'.repeat(255))], { ['a'.repeat(255)]: '0 1' }, 'a'.repeat(255)), OWNER);

    expect(subject).toHaveLength(100);
    expect(subject).toMatch(/^ALARM: "aaa/);
  });
});
