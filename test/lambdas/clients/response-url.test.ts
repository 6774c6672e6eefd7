import { createRespond, responseUrl } from '../../../lambdas/clients/response-url.ts';
import { type HttpRequest, type HttpResponse, TransportError } from '../../../lambdas/clients/signed-http.ts';
import { sayTo, tellAll } from '../../../lambdas/core/chat/answer.ts';

const HOOK = 'https://hooks.slack.com/commands/T0123ABCD/1/secretpart';
const LOCAL = 'http://127.0.0.1:4000/api';

test.each([HOOK, 'https://hooks.slack-gov.com/actions/T0/1/x'])('%s is an address of Slack', (address) => {
  expect(responseUrl(address)?.href).toBe(address);
});

test.each([
  '',
  'nonsense',
  'http://hooks.slack.com/commands/T0/1/x',
  'https://hooks.slack.com.evil.example.com/x',
  'https://evil.example.com/hooks.slack.com',
  'https://hooks.slack.com:8443/x',
  'https://user:pass@hooks.slack.com/x',
  'https://hooks.slack.com@evil.example.com/x',
  'https://hooks.slаck.com/x',
  'https://slack.com/api/chat.postMessage',
  'http://169.254.169.254/latest/meta-data/',
  'http://127.0.0.1:4000/actions/x',
  'https://[::1]/x',
  'file:///etc/passwd',
  'gopher://hooks.slack.com/x',
  `https://hooks.slack.com/${'x'.repeat(3000)}`,
])('%s is none', (address) => {
  expect(responseUrl(address)).toBeUndefined();
});

test('the Slack of the local run is one only where there is a local run, and only at its own port', () => {
  expect([responseUrl('http://127.0.0.1:4000/actions/x', LOCAL)?.port, responseUrl('http://127.0.0.1:4001/actions/x', LOCAL)]).toEqual([
    '4000',
    undefined,
  ]);
});

/** A Slack that answers in turn. */
function slack(...answers: ((Partial<HttpResponse> & { text?: string }) | 'reset')[]) {
  const requests: HttpRequest[] = [];
  const pauses: number[] = [];
  let nowMs = 0;
  const respond = createRespond(HOOK, 0, {
    http: async (request) => {
      requests.push(request);
      const answer = answers[Math.min(requests.length, answers.length) - 1];
      if (answer === undefined || answer === 'reset') throw new TransportError('ECONNRESET', 'hooks.slack.com');
      return { status: 200, headers: {}, body: Buffer.from(answer.text ?? 'ok'), ...answer };
    },
    now: () => nowMs,
    sleep: async (ms) => void pauses.push(ms),
  });
  const bodies = (): object[] => requests.map(({ body }) => JSON.parse(Buffer.concat([...(body ?? [])]).toString('utf8')) as object);
  return { respond, requests, pauses, bodies, pass: (ms: number) => (nowMs += ms) };
}

test('who asked sees the answer, or everybody in the thread of the message', async () => {
  const { bodies, respond } = slack({});

  expect([await respond(sayTo('hello')), await respond(tellAll('hello all', '1763700000.000100'))]).toEqual([{ ok: true }, { ok: true }]);
  expect(bodies()).toMatchObject([
    { response_type: 'ephemeral', replace_original: false, text: 'hello' },
    { response_type: 'in_channel', thread_ts: '1763700000.000100', text: 'hello all' },
  ]);
});

test('a sixth answer is not sent, nor one after half an hour', async () => {
  const many = slack({});
  for (let count = 0; count < 5; count++) expect(await many.respond(sayTo('x'))).toEqual({ ok: true });
  expect(await many.respond(sayTo('x'))).toEqual({ ok: false, reason: 'five answers were given' });
  expect(many.requests).toHaveLength(5);

  const late = slack({});
  late.pass(30 * 60_000 + 1);
  expect(await late.respond(sayTo('x'))).toEqual({ ok: false, reason: 'half an hour is over' });
  expect(late.requests).toEqual([]);
});

test('a pause that Slack asks for is made, a lost connection is tried once more, and the address is in no reason', async () => {
  const slow = slack({ status: 429, headers: { 'retry-after': '3' } }, {});
  expect([await slow.respond(sayTo('x')), slow.pauses]).toEqual([{ ok: true }, [3000]]);

  const gone = slack('reset');
  expect(await gone.respond(sayTo('x'))).toEqual({ ok: false, reason: 'ECONNRESET' });
  expect(gone.requests).toHaveLength(2);

  const closed = slack({ status: 404, text: '{"ok":false,"error":"expired_url"}' });
  expect(await closed.respond(sayTo('x'))).toEqual({ ok: false, reason: 'HTTP 404' });
});

test('what Slack does not like comes in plain words', async () => {
  const { bodies, respond } = slack({ text: '{"ok":false,"error":"invalid_blocks"}' }, {});

  expect(await respond(sayTo('hello'))).toEqual({ ok: true });
  expect(bodies()[1]).toEqual(expect.objectContaining({ text: 'hello', mrkdwn: false }));
  expect(bodies()[1]).not.toHaveProperty('blocks');
});
