import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { AwsError } from '../../../lambdas/clients/aws-json.ts';
import type { AnswerFile, ChatPorts } from '../../../lambdas/clients/chat-ports.ts';
import { runChat } from '../../../lambdas/clients/chat-run.ts';
import { SearchError } from '../../../lambdas/clients/search-question.ts';
import type { Alert } from '../../../lambdas/core/alerts/alert.ts';
import type { Silence } from '../../../lambdas/core/alerts/mute.ts';
import type { AlertRow, GroupRow } from '../../../lambdas/core/alerts/store.ts';
import type { ChatAnswer } from '../../../lambdas/core/chat/answer.ts';
import { auditLine } from '../../../lambdas/core/chat/audit.ts';
import type { ChatRequest } from '../../../lambdas/core/chat/request.ts';
import type { ChatRules } from '../../../lambdas/core/chat/rules.ts';
import { limitProblems } from '../../../lambdas/core/slack/limits.ts';
import { CALLER, liveParts, markdownOf, NOW, RULES, redact } from '../core/chat/support.ts';

const MINUTE = 60_000;
const RESPONSE = 'https://hooks.slack.com/commands/T0/1/secretpart';
const ALERT: Alert = {
  key: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:pods-oom',
  kind: 'metric-alarm',
  lifecycle: 'state',
  title: 'Container out of memory',
  severity: 'critical',
  labels: { alertname: 'pods-oom', cluster: 'prod', namespace: 'team-a' },
  startsAt: NOW - 10 * MINUTE,
  updatedAt: NOW - 10 * MINUTE,
};

const group = (id: string, labels: GroupRow['labels']): GroupRow => ({ id, receiver: 'r', routeId: 'r', labels, rev: 1, failures: 0 });

/** The world of one call: a table in memory, and services that answer what a test says. */
function world(
  change: Partial<ChatPorts> = {},
  groups: readonly [GroupRow, readonly Alert[]][] = [[group('g1', { alertname: 'pods-oom' }), [ALERT]]],
) {
  const answers: ChatAnswer[] = [];
  const files: AnswerFile[] = [];
  const calls: [string, object][] = [];
  const silences = new Map<string, Silence>();
  const rows = (id: string): AlertRow[] =>
    (groups.find(([{ id: other }]) => other === id)?.[1] ?? []).map((alert) => ({
      groupId: id,
      fingerprint: alert.key,
      alert,
      closed: false,
    }));
  let machineMs = 0;
  const claimed = new Set<string>();
  const ports: ChatPorts = {
    respond: async (answer) => {
      answers.push(answer);
      return { ok: true };
    },
    claim: async () => (claimed.has('once') ? false : Boolean(claimed.add('once'))),
    table: {
      group: async (id) => groups.find(([{ id: other }]) => other === id)?.[0],
      liveAlerts: async (id) => rows(id),
      async *openGroups() {
        for (const [row] of groups) yield row;
      },
      silences: async () => [...silences.values()],
      putSilence: async (silence) => {
        const known = silences.get(silence.id);
        if (known !== undefined && known.updatedAt >= silence.updatedAt) return false;
        silences.set(silence.id, silence);
        return true;
      },
    },
    logs: async (action, input) => {
      calls.push([action, input]);
      if (action === 'StartQuery') return { queryId: 'q' };
      return { status: 'Complete', results: [[{ field: 'c', value: '5' }]], statistics: { bytesScanned: 2e9, recordsScanned: 9 } };
    },
    metrics: async (action, input) => {
      calls.push([action, input]);
      return {
        MetricDataResults: [
          { Label: 'team-a web', Values: [10, 20] },
          { Label: 'team-a api', Values: [90] },
          { Label: 'x y', Values: [] },
        ],
      };
    },
    search: async ({ path }) => {
      calls.push([path, {}]);
      return {};
    },
    pipelines: async () => ({}),
    redact,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    now: () => NOW,
    machineNow: () => machineMs,
    sleep: async (ms) => {
      machineMs += ms;
    },
    remainingMs: () => 120_000,
    ...change,
  };
  return { answers, calls, files, ports, silences, claimed };
}

const ask = (text: string, user = CALLER.user): ChatRequest => ({
  kind: 'command',
  caller: { ...CALLER, user },
  command: '/logs',
  text,
  responseUrl: RESPONSE,
  requestId: '1',
});
const press = (actionId: string, value = 'g1', user = CALLER.user): ChatRequest => ({
  kind: 'press',
  caller: { ...CALLER, user },
  actionId,
  value,
  messageTs: '1763700000.000100',
  responseUrl: RESPONSE,
  requestId: '1',
});
const textOf = ({ message }: ChatAnswer): string => JSON.stringify(message);

test('a query asks its log groups and nothing else, and its cost is told and logged', async () => {
  const { answers, calls, ports } = world();

  const record = await runChat(ask('run every-place text=x since=15m limit=50 share'), RULES, ports);

  expect(calls[0]).toEqual([
    'StartQuery',
    expect.objectContaining({
      logGroupNames: ['/aws/containerinsights/prod/application'],
      startTime: (NOW - 15 * MINUTE) / 1000,
      endTime: NOW / 1000,
      limit: 50,
    }),
  ]);
  expect(record).toMatchObject({
    outcome: 'answered',
    command: 'run',
    scannedBytes: 2e9,
    costUsd: 0.01,
    rows: 1,
    about: 'every-place text=x since=15m',
  });
  expect([answers[0]?.isPublic, textOf(answers[0] as ChatAnswer)]).toEqual([
    true,
    expect.stringContaining('scanned 2 GB, 9 events  ·  about 0.01 USD'),
  ]);
});

test.each<[string, string, string]>([
  ['a query that nobody saved', 'run no-such-query', 'unknown-query'],
  ['a log group that is not listed', 'run node-not-ready', 'log-group'],
  ['a cluster that there is not', 'run every-place text=x cluster=nope', 'unknown-cluster'],
  ['a cluster that has no such logs', 'run every-place text=x cluster=Test_2', 'not-of-cluster'],
  ['a window that is too long', 'run every-place text=x since=25h', 'range-too-long'],
  ['a window that ends before it begins', 'run every-place text=x since=1h until=2h', 'bad-range'],
  ['a time that is none', 'run every-place text=x since=yesterday', 'bad-time'],
  ['a parameter that is missing', 'run every-place', 'missing-parameter'],
  ['a parameter that there is not', 'run every-place text=x foo=1', 'unknown-parameter'],
  ['a value that would leave its literal', `run every-place text='x" | limit 1'`, 'parameter-value'],
  ['pods of several clusters', 'pods', 'no-cluster'],
  ['a silence of everything', 'silence alertname=~".*" for=1h', 'too-wide'],
  ['a silence of nearly everything', 'silence namespace!="x" for=1h', 'too-wide'],
  ['the end of a silence that there is not', 'unsilence nope', 'no-silence'],
])('%s is refused, and nothing is asked', async (_name, text, reason) => {
  const { answers, calls, ports, silences } = world();

  expect(await runChat(ask(text), RULES, ports)).toMatchObject({ outcome: 'refused', reason });
  expect([calls, silences.size, answers.length, answers[0]?.isPublic]).toEqual([[], 0, 1, false]);
});

test('a silence by a command: everybody sees it, it covers what was named, and it ends', async () => {
  const { answers, ports, silences, claimed } = world();

  await runChat(ask('silence pods-oom namespace="team-a" for=4h we know, password=hunter2secret'), RULES, ports);
  claimed.clear();
  await runChat(ask('status'), RULES, ports);
  claimed.clear();
  await runChat(ask('unsilence pods-oom'), RULES, ports);

  const [silence] = [...silences.values()];
  expect(silence).toMatchObject({
    matchers: [
      { label: 'alertname', op: '=', value: 'pods-oom' },
      { label: 'namespace', op: '=', value: 'team-a' },
    ],
    author: 'U0123ABCD',
    endsAt: NOW,
  });
  expect(answers.map(({ isPublic }) => isPublic)).toEqual([true, false, true]);
  expect(answers.map(textOf)).toEqual([
    expect.stringMatching(/🔕 <@U0123ABCD> silenced/),
    expect.stringMatching(/Container out of memory.*🔕 silenced.*1 silence/s),
    expect.stringMatching(/🔔 <@U0123ABCD>/),
  ]);
  expect(JSON.stringify([...silences.values(), answers])).not.toContain('hunter2');
});

test('a button silences its group in the thread of its message; pressed twice it is one silence', async () => {
  const { answers, ports, silences, claimed } = world();

  await runChat(press('silence:60'), RULES, ports);
  claimed.clear();
  const again = await runChat(press('silence:60'), RULES, ports);

  expect([...silences.values()]).toEqual([
    expect.objectContaining({ matchers: [{ label: 'alertname', op: '=', value: 'pods-oom' }], endsAt: NOW + 60 * MINUTE }),
  ]);
  expect(answers.map(({ isPublic, threadTs }) => [isPublic, threadTs])).toEqual([
    [true, '1763700000.000100'],
    [false, undefined],
  ]);
  expect(again).toMatchObject({ outcome: 'answered', reason: 'stands-already' });

  claimed.clear();
  await runChat(press('silence:1440'), RULES, ports);
  // A longer one is another one.
  expect(silences.size).toBe(2);

  // On a clock that stands still, as in the local run: ended and made again within one millisecond.
  for (const text of ['unsilence pods-oom', 'silence pods-oom for=1h']) {
    claimed.clear();
    await runChat(ask(text), RULES, ports);
  }
  expect([...silences.values()].filter(({ endsAt }) => endsAt > NOW)).toHaveLength(1);
});

test.each<[string, ChatRequest, string]>([
  ['by somebody who may only ask', press('silence:60', 'g1', 'U0456EFGH'), 'silencer'],
  ['by somebody else', press('silence:60', 'g1', 'U0789IJKL'), 'user'],
  ['of a group that is forgotten', press('silence:60', 'g9'), 'alert-gone'],
  ['of no group', press('silence:60', ''), 'alert-gone'],
  ['for a time that no button has', press('silence:999999'), 'unknown-button'],
  ['of another kind', press('delete:everything'), 'unknown-button'],
])('a press %s silences nothing', async (_name, request, reason) => {
  const { ports, silences } = world();

  expect([await runChat(request, RULES, ports), silences.size]).toEqual([expect.objectContaining({ outcome: 'refused', reason }), 0]);
});

test('a group whose alerts are all over needs no silence; one of everything is silenced by its only alert, or not at all', async () => {
  const over = world({}, [[group('g1', { alertname: 'x' }), []]]);
  expect(await runChat(press('silence:60'), RULES, over.ports)).toMatchObject({ reason: 'alert-gone' });

  const one = world({}, [[group('g1', {}), [ALERT]]]);
  await runChat(press('silence:60'), RULES, one.ports);
  expect([...one.silences.values()][0]?.matchers.map(({ label }) => label)).toEqual(['alertname', 'cluster', 'namespace']);

  const many = world({}, [[group('g1', {}), [ALERT, { ...ALERT, key: 'b' }]]]);
  expect(await runChat(press('silence:60'), RULES, many.ports)).toMatchObject({ reason: 'group-too-wide' });
});

test('a delivery that comes again is neither worked on nor answered', async () => {
  const { answers, ports, silences } = world();
  await runChat(press('silence:60'), RULES, ports);

  expect(await runChat(press('silence:240'), RULES, ports)).toMatchObject({ outcome: 'repeated' });
  expect([answers.length, silences.size]).toEqual([1, 1]);
});

test('without the table a question is answered, and a silence is not made but failed', async () => {
  const claim = () => Promise.reject(new AwsError('dynamodb', 'PutItem', 'InternalServerError', 500, 'secret words'));
  const question = world({ claim });
  expect(await runChat(ask('run every-place text=x'), RULES, question.ports)).toMatchObject({ outcome: 'answered' });

  const change = world({ claim });
  const record = await runChat(ask('silence a for=1h'), RULES, change.ports);
  expect(record).toMatchObject({ outcome: 'failed', reason: 'InternalServerError (HTTP 500)' });
  expect(textOf(change.answers[0] as ChatAnswer)).not.toContain('secret words');
});

test('top asks one query of metrics and shows the greatest first', async () => {
  const { answers, calls, ports } = world();

  await runChat(ask('top pods by=memory cluster=prod since=30m'), RULES, ports);

  expect(JSON.stringify(calls[0])).toContain(
    'SELECT AVG(pod_memory_utilization) FROM SCHEMA(\\"ContainerInsights\\", ClusterName, Namespace, PodName) WHERE ClusterName = \'prod\' GROUP BY Namespace, PodName ORDER BY AVG() DESC LIMIT 10',
  );
  expect(textOf(answers[0] as ChatAnswer)).toMatch(/namespace `team-a`.*api\s+90\.0.*web\s+15\.0/s);
});

test('indices that are not open are not searched, and an engine that fails is said to', async () => {
  const closed = world();
  const rules: ChatRules = { ...RULES, indices: { records: [], events: [] } };
  expect(await runChat(ask('logs web cluster=prod'), rules, closed.ports)).toMatchObject({ outcome: 'refused', reason: 'no-indices' });
  expect(closed.calls).toEqual([]);

  const away = world({ search: () => Promise.reject(new SearchError('HTTP 403 security_exception')) });
  expect(await runChat(ask('logs web cluster=prod'), RULES, away.ports)).toMatchObject({
    outcome: 'failed',
    reason: 'HTTP 403 security_exception',
  });
});

test('only the families that are open are searched, by terms and phrases', async () => {
  const bodies: object[] = [];
  const { ports } = world({
    search: async (request) => {
      bodies.push(request);
      return {};
    },
  });

  await runChat(ask('logs web-* "x) OR *" ns=a level=ERROR cluster=Test_2'), RULES, ports);

  expect(bodies[0]).toMatchObject({ path: expect.stringMatching(/^\/eks-application-test-2-\*,checkout-test-2-\*\/_search\?/) });
  expect(JSON.stringify(bodies[0])).toContain('{"prefix":{"kubernetes.pod_name":"web-*"}}');
  expect(JSON.stringify(bodies[0])).toContain('{"match_phrase":{"message":"x) OR *"}}');
  expect(JSON.stringify(bodies[0])).not.toContain('query_string');
});

test('a long answer goes into a file, for who asked or for all; a file that Slack does not take is said', async () => {
  const results = Array.from({ length: 400 }, (_, at) => [{ field: 'line', value: `line ${at} password=hunter2secret` }]);
  const logs: ChatPorts['logs'] = async (action) =>
    action === 'StartQuery' ? { queryId: 'q' } : { status: 'Complete', results, statistics: {} };
  const files: AnswerFile[] = [];
  const sendFile: ChatPorts['sendFile'] = async (file) => {
    files.push(file);
    return files.length > 2 ? 'file ticket: missing_scope' : undefined;
  };
  const { answers, claimed, ports } = world({ logs, sendFile });
  for (const text of ['run every-place text=x', 'run every-place text=x share', 'run every-place text=x']) {
    claimed.clear();
    await runChat(ask(text), RULES, ports);
  }

  expect(files.map(({ channel, isShared, name, user }) => [channel, isShared, name, user])[0]).toEqual([
    'C0123ABCD',
    false,
    'applications-every-place-2026-11-21T0825.csv',
    'U0123ABCD',
  ]);
  expect(files[0]?.text.split('\r\n')).toHaveLength(402);
  expect(files[0]?.text).not.toContain('hunter2');
  expect(answers.map(textOf)).toEqual([
    expect.stringContaining('sent to you alone'),
    expect.stringContaining('in the file below'),
    expect.stringContaining('missing'),
  ]);
});

const NASTY = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '<!channel>',
    '<@U0999ZZZZ>',
    '<https://evil.example.com|x>',
    '```',
    '`*_~',
    '\u202e\u0000',
    'password=hunter2secret',
    '<'.repeat(900),
    '가'.repeat(700),
  ),
);

test('two thousand hostile answers of CloudWatch, the engine and the table: no crash, no live mention, no block over a limit, no secret', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(NASTY, { minLength: 4, maxLength: 8 }),
      fc.constantFrom('run', 'logs', 'events', 'pods', 'status', 'top', 'press'),
      async (texts, what) => {
        const [a = '', b = '', c = '', d = ''] = texts;
        const nasty: Alert = { ...ALERT, title: a, labels: { alertname: b, cluster: c, [d || 'x']: a } };
        const silence: Silence = {
          id: 's',
          matchers: [{ label: a || 'x', op: '=', value: b }],
          startsAt: 0,
          endsAt: NOW + 1,
          author: c,
          comment: d,
          updatedAt: 0,
        };
        const { answers, ports } = world(
          {
            logs: async (action) =>
              action === 'StartQuery'
                ? { queryId: 'q' }
                : {
                    status: d || 'Complete',
                    results: texts.map((value) => [
                      { field: a || 'f', value },
                      { field: b || 'g', value: c },
                    ]),
                    statistics: {},
                  },
            search: async () => ({
              hits: {
                hits: texts.map((message) => ({ _source: { message, '@timestamp': a, kubernetes: { pod_name: b }, json: { reason: c } } })),
              },
              aggregations: { pods: { buckets: [{ key: texts, doc_count: 1, last: { value: NOW } }] } },
            }),
            metrics: async () => ({ MetricDataResults: texts.map((Label) => ({ Label, Values: [1] })) }),
          },
          [[group('g1', { alertname: a, [b || 'y']: c }), [nasty, { ...nasty, key: 'k' }]]],
        );
        ports.table.silences = async () => [silence];
        const request = what === 'press' ? press('silence:60') : ask(`${what}${what === 'run' ? ' every-place text=x' : ''} cluster=prod`);
        const record = await runChat(request, RULES, ports);
        const found = answers.flatMap(({ message }) => [
          ...limitProblems(message),
          ...markdownOf(message)
            .flatMap(liveParts)
            .filter((part) => part !== '<@U0123ABCD>'),
          ...(JSON.stringify(message).includes('hunter2') ? ['a secret'] : []),
        ]);
        const line = auditLine(record, { functionName: 'f', namespace: 'n', nowMs: NOW });
        if (found.length > 0 || answers.length !== 1 || /hunter2|secretpart/.test(line))
          throw new Error(`${what}: ${found.join(', ')} ${line}`);
      },
    ),
    { numRuns: 2000 },
  );
});
