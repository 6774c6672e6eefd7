import { createServer } from 'node:http';
import { type NotifierRecord, type NotifierReport, openEach, runNotifier } from '../../../lambdas/clients/notifier-run.ts';
import { createHttpClient } from '../../../lambdas/clients/signed-http.ts';
import { createTell } from '../../../lambdas/clients/tell.ts';
import { MemoryAlertStore } from '../../../lambdas/core/alerts/memory-store.ts';
import { compileNotifier, type NotifierRules } from '../../../lambdas/core/alerts/notifier-rules.ts';
import type { AlertStore } from '../../../lambdas/core/alerts/store.ts';
import { BUILTIN_RULES } from '../../../lambdas/core/redact/rule-names.ts';
import { SINK_TOKEN, SlackSink } from '../../../local/slack/sink.ts';
import { alertOf, MINUTE, NOW, SECOND, sha256 } from '../core/alerts/support.ts';

const RULES: NotifierRules = {
  account: '111122223333',
  region: 'us-east-1',
  language: 'en',
  receivers: [
    {
      name: 'bot',
      kind: 'bot',
      secretArn: 'token',
      channel: 'C1',
      sendResolved: true,
      graph: false,
      mentions: { critical: ['S0123ABCD'] },
    },
    { name: 'hook', kind: 'webhook', secretArn: 'webhook', sendResolved: true, graph: false, mentions: {} },
  ],
  route: { receiver: 'bot', groupBy: ['alertname'], routes: [{ receiver: 'hook', matchers: [{ label: 'via', op: '=', value: 'hook' }] }] },
  inhibit: [],
  owners: {},
  storm: { messages: 0, windowMs: 5 * MINUTE },
  explanations: [],
  redaction: { builtin: BUILTIN_RULES, fields: [], patterns: [] },
  isInteractive: false,
};

/** One account: a store, Slack, and a queue of reminders on a clock of its own. */
class World {
  nowMs = NOW;
  /** Longest wait for Slack. Short where it hangs: on a busy machine a first answer takes long. */
  timeoutMs = 5000;
  readonly store = new MemoryAlertStore();
  table: AlertStore = this.store;
  readonly gaveUp: string[] = [];
  readonly errors: string[] = [];
  readonly reports: NotifierReport[] = [];
  readonly sink: SlackSink;
  readonly #reminders: { readonly groupId: string; readonly atMs: number }[] = [];
  readonly #notifier = compileNotifier(RULES, 90_000);
  #records = 0;

  constructor(sink: SlackSink) {
    this.sink = sink;
  }

  /** Runs one invocation with real requests to the sink. */
  async invoke(...records: readonly NotifierRecord[]): Promise<NotifierReport> {
    const http = createHttpClient({ service: '', region: '', credentials: () => undefined, now: () => Date.now(), unsigned: true });
    const tell = createTell(this.#notifier, {
      http: (request) => http({ ...request, timeoutMs: this.timeoutMs }),
      readSecret: async (arn) => (arn === 'token' ? SINK_TOKEN : this.sink.webhook),
      api: this.sink.api,
      now: () => this.nowMs,
      sleep: async (ms) => {
        this.nowMs += ms;
      },
      remainingMs: () => 60_000,
      lookUp: async () => ({}),
    });
    const report = await runNotifier(records, this.#notifier, {
      store: this.table,
      tell,
      hash: sha256,
      now: () => this.nowMs,
      random: () => 0,
      claimId: () => `claim-${this.#records++}`,
      remainingMs: () => 60_000,
      remind: async (groupId, atMs) => void this.#reminders.push({ groupId, atMs }),
      giveUp: async (text) => void this.gaveUp.push(text),
      onError: (what) => this.errors.push(what),
    });
    this.reports.push(report);
    return report;
  }

  async notify(...alerts: readonly Parameters<typeof alertOf>[]): Promise<NotifierReport> {
    return this.invoke(
      ...alerts.map(([name, fields]): NotifierRecord => ({ kind: 'alerts', id: `r${this.#records++}`, alerts: [alertOf(name, fields)] })),
    );
  }

  /** Delivers reminders when they are due. */
  async runUntil(untilMs: number): Promise<void> {
    for (;;) {
      this.#reminders.sort((a, b) => a.atMs - b.atMs);
      const next = this.#reminders[0];
      if (!next || next.atMs > untilMs) break;
      this.#reminders.shift();
      this.nowMs = Math.max(this.nowMs, next.atMs);
      await this.invoke({ kind: 'flush', id: `r${this.#records++}`, groupId: next.groupId });
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  total(name: keyof NotifierReport['counts']): number {
    return this.reports.reduce((sum, { counts }) => sum + counts[name], 0);
  }
}

let sink: SlackSink;
let world: World;
beforeEach(async () => {
  sink = await new SlackSink(() => world.nowMs).start();
  world = new World(sink);
});
afterEach(() => sink.close());

test('a bot posts once, replies in the thread and changes its message until it is over', async () => {
  await world.notify(['A']);
  await world.runUntil(NOW + 70 * MINUTE);
  await world.notify(['A', { endsAt: world.nowMs }]);
  await world.runUntil(NOW + 90 * MINUTE);

  const [root, ...replies] = sink.messages;
  expect(sink.messages.filter(({ threadTs }) => threadTs === undefined)).toHaveLength(1);
  expect(root?.edits).toBe(2);
  expect(root?.message.text).toMatch(/^✅ Resolved after 1h 10m: A/);
  expect(replies.map(({ isBroadcast, message, threadTs }) => [threadTs === root?.ts, isBroadcast, message.text])).toEqual([
    [true, true, expect.stringContaining('Still firing after 1h')],
    [true, false, expect.stringContaining('Resolved after 1h 10m')],
  ]);
});

test('a webhook posts each change', async () => {
  await world.notify(['A', { labels: { via: 'hook' } }]);
  await world.runUntil(NOW + 70 * MINUTE);
  await world.notify(['A', { labels: { via: 'hook' }, endsAt: world.nowMs }]);
  await world.runUntil(NOW + 90 * MINUTE);

  expect(sink.messages.map(({ message }) => message.text)).toEqual([
    expect.stringContaining('Firing: A'),
    expect.stringContaining('Still firing after 1h'),
    expect.stringContaining('Resolved'),
  ]);
});

const json = (body: object): { status: number; body: string } => ({ status: 200, body: JSON.stringify(body) });
test.each<[string, Parameters<typeof Object>[0], boolean]>([
  ['429 with Retry-After', { status: 429, body: '', headers: { 'retry-after': '30' } }, false],
  ['a short 429, which is waited for', { status: 429, body: '', headers: { 'retry-after': '1' } }, false],
  ['500', { status: 500, body: 'rollup_error' }, false],
  ['no answer', 'hang', false],
  ['ok: false with an error that passes', json({ ok: false, error: 'internal_error' }), false],
  ['a page of a proxy', { status: 200, body: '<html>' }, false],
  ['ok: false for good', json({ ok: false, error: 'invalid_auth' }), true],
  ['an archived channel', json({ ok: false, error: 'is_archived' }), true],
  ['404', { status: 404, body: 'channel_not_found' }, true],
])('%s three times: nothing is lost, nothing is told twice', async (_name, fault, isPermanent) => {
  let left = 3;
  if (fault === 'hang') world.timeoutMs = 150;
  sink.fault = () => (left-- > 0 ? (fault as 'hang') : undefined);
  await world.notify(['A'], ['B']);
  await world.runUntil(NOW + 40 * MINUTE);

  expect(sink.messages.map(({ message }) => message.text.slice(-1)).sort()).toEqual(['A', 'B']);
  expect(world.total('messagesTold')).toBe(2);
  expect(world.gaveUp.length > 0).toBe(isPermanent);
  for (const text of world.gaveUp)
    expect(JSON.parse(text)).toMatchObject({ eksTelemetryNotTold: { receiver: 'bot', firing: [expect.stringMatching(/^[AB]$/)] } });
});

test('an error that stays reaches an operator once, and the state waits for the mend', async () => {
  sink.fault = () => json({ ok: false, error: 'channel_not_found' });
  await world.notify(['A']);
  await world.runUntil(NOW + 5 * 60 * MINUTE);
  expect(world.gaveUp).toHaveLength(1);
  expect(sink.messages).toEqual([]);

  sink.fault = () => undefined;
  await world.runUntil(NOW + 6 * 60 * MINUTE);
  expect(sink.messages).toHaveLength(1);
});

test('blocks that Slack does not like are told in plain words', async () => {
  sink.fault = ({ count }) => (count === 1 ? json({ ok: false, error: 'invalid_blocks' }) : undefined);
  await world.notify(['A']);
  await world.runUntil(NOW + MINUTE);

  expect(sink.messages.map(({ message }) => message)).toEqual([
    expect.objectContaining({ text: expect.stringContaining('Firing: A'), mrkdwn: false }),
  ]);
});

test('a message that somebody deleted is told anew', async () => {
  await world.notify(['A']);
  await world.runUntil(NOW + MINUTE);
  sink.messages.length = 0;
  await world.runUntil(NOW + 61 * MINUTE);

  expect(sink.messages.map(({ message, threadTs }) => [threadTs, message.text])).toEqual([
    [undefined, expect.stringContaining('Still firing')],
  ]);
});

test('without the table everything is told at once, and counted', async () => {
  const away = new Proxy(world.store, { get: () => () => Promise.reject(new Error('the table is away')) });
  world.table = away;
  const report = await world.notify(['A'], ['B', { endsAt: NOW }], ['E', { lifecycle: 'once' }]);

  expect(report.failed).toEqual([]);
  expect(report.counts).toMatchObject({ alertsReceived: 3, dedupUnavailable: 3, messagesTold: 3 });
  expect(sink.messages).toHaveLength(3);
});

test('without the table a group has the id that it has in the table: a pager knows its incident by it', async () => {
  const seen: (string | undefined)[] = [];
  const groupIds = async (table: AlertStore): Promise<void> => {
    const told = runNotifier(
      [{ kind: 'alerts', id: 'r', alerts: [alertOf('A', { startsAt: NOW - MINUTE })] }],
      compileNotifier(RULES, 90_000),
      {
        store: table,
        tell: async ({ groupId }) => {
          seen.push(groupId);
          return { ok: true };
        },
        hash: sha256,
        now: () => NOW,
        random: () => 0,
        claimId: () => 'c',
        remainingMs: () => 60_000,
        remind: async () => undefined,
        giveUp: async () => undefined,
        onError: () => undefined,
      },
    );
    await told;
  };
  await groupIds(new MemoryAlertStore());
  await groupIds(new Proxy(world.store, { get: () => () => Promise.reject(new Error('the table is away')) }));

  expect(seen).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), seen[0]]);
});

test('without the table and without Slack the message comes again', async () => {
  world.table = new Proxy(world.store, { get: () => () => Promise.reject(new Error('the table is away')) });
  sink.fault = () => ({ status: 500, body: '' });
  const report = await world.notify(['A'], ['B']);

  expect(report.failed).toHaveLength(2);
});

test('no secret is in what was written, whatever fails', async () => {
  world.timeoutMs = 150;
  sink.fault = ({ count }) => (count % 2 === 0 ? 'hang' : { status: 404, body: 'no_service' });
  await world.notify(['A', { labels: { via: 'hook' } }], ['B']);
  await world.runUntil(NOW + 60 * MINUTE);
  const written = JSON.stringify([world.gaveUp, world.errors, world.reports.map(({ reasons }) => [...reasons])]);

  expect(written).not.toContain(SINK_TOKEN);
  expect(written).not.toContain('localsink');
  expect(world.gaveUp.length).toBeGreaterThan(0);
});

test('the end that a sweeper found resolves what is believed to fire', async () => {
  await world.notify(['A']);
  await world.runUntil(NOW + 20 * MINUTE);
  const [group] = world.store.groups.values();
  await world.invoke({
    kind: 'end',
    id: 'x',
    groupId: group?.id ?? '',
    fingerprint: sha256('A').slice(0, 24),
    atMs: NOW + 15 * MINUTE,
    reason: 'The alarm is OK.',
  });
  await world.runUntil(NOW + 40 * MINUTE);

  expect(sink.messages[0]?.message.text).toMatch(/^✅ Resolved after 15m/);
});

test('a host that refuses connections is an error that passes', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  await new Promise((resolve) => closed.close(resolve));
  await sink.close();
  await world.notify(['A']);
  await world.runUntil(NOW + 10 * SECOND + MINUTE);

  expect(world.total('messagesFailed')).toBeGreaterThan(1);
  expect([...(world.reports.at(-1)?.reasons.keys() ?? [])]).toEqual(['ECONNREFUSED']);
  sink = await new SlackSink(() => world.nowMs).start();
});

test('a message that cannot even be opened comes again alone, and what is said of it holds nothing of its text', () => {
  const errors: string[] = [];
  const open = ({ messageId }: { messageId: string }): NotifierRecord => {
    if (messageId === 'b') throw new TypeError('the text: hunter2');
    return { kind: 'flush', id: messageId, groupId: 'g' };
  };

  const { records, unread } = openEach([{ messageId: 'a' }, { messageId: 'b' }, { messageId: 'c' }], open, (what) => errors.push(what));

  expect(records.map(({ id }) => id)).toEqual(['a', 'c']);
  expect(unread).toEqual(['b']);
  expect(errors).toEqual(['message b cannot be opened: TypeError']);
});
