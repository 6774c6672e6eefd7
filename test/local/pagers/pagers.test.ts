import { createHttpClient } from '../../../lambdas/clients/signed-http.ts';
import { createTell } from '../../../lambdas/clients/tell.ts';
import type { Notice } from '../../../lambdas/core/alerts/chat.ts';
import { compileNotifier } from '../../../lambdas/core/alerts/notifier-rules.ts';
import { DEFAULT_REDACTION } from '../../../lambdas/core/redact/rule-names.ts';
import { PAGER_KEYS, type PagerFault, PagerSink } from '../../../local/pagers/sink.ts';
import { alertOf, MINUTE, NOW } from '../../lambdas/core/alerts/support.ts';
import { noticeOf } from '../../lambdas/core/slack/support.ts';

let sink: PagerSink;
const pauses: number[] = [];
beforeEach(async () => {
  sink = await new PagerSink(() => NOW).start();
  pauses.length = 0;
});
afterEach(() => sink.close());

const receiver = (name: 'pagerduty' | 'opsgenie') =>
  ({ name, kind: name, secretArn: name, sendResolved: true, graph: false, mentions: {} }) as const;
const notifier = compileNotifier(
  {
    account: '111122223333',
    region: 'us-east-1',
    language: 'en',
    receivers: [receiver('pagerduty'), { ...receiver('opsgenie'), site: 'jsm' }],
    route: { receiver: 'pagerduty' },
    inhibit: [],
    owners: {},
    storm: { messages: 0, windowMs: MINUTE },
    explanations: [],
    redaction: DEFAULT_REDACTION,
    isInteractive: false,
  },
  0,
);

function tell(notice: Partial<Notice>, keys: { readonly [arn: string]: string } = PAGER_KEYS) {
  const http = createHttpClient({ service: '', region: '', credentials: () => undefined, now: () => NOW, unsigned: true });
  const send = createTell(notifier, {
    http: (request) => http({ ...request, timeoutMs: 300 }),
    readSecret: async (arn) => keys[arn] ?? '',
    api: sink.url,
    pagerApi: sink.url,
    now: () => NOW,
    sleep: async (ms) => void pauses.push(ms),
    remainingMs: () => 60_000,
    lookUp: async () => ({}),
  });
  return send({ ...noticeOf([alertOf('pods-oom', { severity: 'critical' })]), ...notice });
}

test.each(['pagerduty', 'opsgenie'])('%s has one incident, however often it is told, until it is over', async (name) => {
  const over = noticeOf([alertOf('pods-oom', { endsAt: NOW })]);

  expect(await tell({ receiver: name })).toEqual({ ok: true });
  expect(await tell({ receiver: name, reason: 'repeat' })).toEqual({ ok: true });
  expect(await tell({ ...over, receiver: name })).toEqual({ ok: true });
  await tell({ receiver: name });

  expect(sink.incidents.map(({ closedMs, told }) => [told, closedMs])).toEqual([
    [2, NOW],
    [1, undefined],
  ]);
});

test.each<[string, PagerFault, object]>([
  [
    'a limit with a pause that is too long to wait for',
    { status: 429, headers: { 'retry-after': '30' } },
    { reason: 'rate_limited', isPermanent: false, retryAfterMs: 30_000 },
  ],
  ['trouble of its own', { status: 503 }, { reason: 'HTTP 503', isPermanent: false }],
  ['an unknown key', { status: 403 }, { reason: 'HTTP 403', isPermanent: true }],
  ['a request it does not like', { status: 422 }, { reason: 'HTTP 422', isPermanent: true }],
])('%s is a value that says whether to try again', async (_name, fault, expected) => {
  sink.fault = () => fault;

  expect(await tell({ receiver: 'opsgenie' })).toEqual({ ok: false, ...expected });
});

test('a short pause is waited for', async () => {
  sink.fault = (count) => (count === 1 ? { status: 429, headers: { 'retry-after': '2' } } : undefined);

  expect(await tell({ receiver: 'pagerduty' })).toEqual({ ok: true });
  expect(pauses).toEqual([2000]);
});

test('nobody answers: it is tried again later, and the error holds neither address nor key', async () => {
  await sink.close();

  const delivery = await tell({ receiver: 'pagerduty' });

  expect(delivery).toEqual({ ok: false, reason: 'ECONNREFUSED', isPermanent: false });
  sink = await new PagerSink(() => NOW).start();
});

test('what is no key is sent to nobody', async () => {
  const delivery = await tell({ receiver: 'pagerduty' }, { pagerduty: 'https://events.example.com/integration/abc/enqueue' });

  expect(delivery).toEqual({ ok: false, reason: 'the secret is no integration key', isPermanent: true });
  expect(sink.bodies).toEqual([]);
});
