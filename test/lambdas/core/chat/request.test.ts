import fc from 'fast-check';
import { formatForm, parseForm } from '../../../../lambdas/core/chat/form.ts';
import { readRequest } from '../../../../lambdas/core/chat/request.ts';

const COMMAND = {
  token: 'gone',
  team_id: 'T0123ABCD',
  channel_id: 'C0123ABCD',
  user_id: 'U0123ABCD',
  command: '/logs',
  text: 'run a=“b”',
  response_url: 'https://hooks.slack.com/commands/T0/1/x',
  trigger_id: '1.2.3',
};
const PRESS = {
  type: 'block_actions',
  team: { id: 'T0123ABCD' },
  user: { id: 'U0123ABCD', team_id: 'T0OTHER' },
  channel: { id: 'C0123ABCD' },
  container: { type: 'message_attachment', message_ts: '1763700000.000100', channel_id: 'C0123ABCD' },
  trigger_id: '1.2.3',
  response_url: 'https://hooks.slack.com/actions/T0/1/x',
  actions: [{ action_id: 'silence:60', value: 'group', action_ts: '1763700001.1', type: 'button' }],
};
const press = (change: object) => readRequest(formatForm({ payload: JSON.stringify({ ...PRESS, ...change }) }));

test('a slash command', () => {
  expect(readRequest(formatForm(COMMAND))).toEqual({
    kind: 'command',
    caller: { team: 'T0123ABCD', userTeam: '', channel: 'C0123ABCD', user: 'U0123ABCD' },
    command: '/logs',
    text: 'run a=“b”',
    responseUrl: 'https://hooks.slack.com/commands/T0/1/x',
    requestId: '1.2.3',
  });
});

test('a press, with the workspace of who pressed and the message that the button stands in', () => {
  expect(press({})).toEqual({
    kind: 'press',
    caller: { team: 'T0123ABCD', userTeam: 'T0OTHER', channel: 'C0123ABCD', user: 'U0123ABCD' },
    actionId: 'silence:60',
    value: 'group',
    messageTs: '1763700000.000100',
    responseUrl: 'https://hooks.slack.com/actions/T0/1/x',
    requestId: '1.2.3/1763700001.1',
  });
});

test.each<[string, ReturnType<typeof readRequest>['kind'], () => ReturnType<typeof readRequest>]>([
  ["Slack's probe of the certificate", 'nothing-to-do', () => readRequest('ssl_check=1&token=x')],
  ['a button that only opens a link', 'nothing-to-do', () => press({ actions: [{ action_id: 'link:logs:0' }] })],
  ['a dialogue', 'unknown', () => press({ type: 'view_submission' })],
  ['two actions at once', 'unknown', () => press({ actions: [...PRESS.actions, ...PRESS.actions] })],
  ['no actions', 'unknown', () => press({ actions: {} })],
  ['a payload that is no JSON', 'unknown', () => readRequest('payload=%7B')],
  ['JSON that is no object', 'unknown', () => readRequest('payload=null')],
  ['a stray percent sign', 'unknown', () => readRequest('command=%2')],
  ['bytes that are no UTF-8', 'unknown', () => readRequest('command=%ff')],
  ['a hundred and one members', 'unknown', () => readRequest('a=b&'.repeat(101))],
  ['no command', 'unknown', () => readRequest('text=ping')],
  ['nothing', 'unknown', () => readRequest('')],
])('%s', (_name, kind, read) => {
  expect(read().kind).toBe(kind);
});

test('of two members with one name the first counts, so nothing that is added behind changes who calls', () => {
  expect(readRequest(`${formatForm(COMMAND)}&user_id=U0OTHER`)).toMatchObject({ caller: { user: 'U0123ABCD' } });
});

test('ids of another shape are none', () => {
  expect(readRequest(formatForm({ ...COMMAND, user_id: '<!channel>', team_id: '*' }))).toMatchObject({ caller: { user: '', team: '' } });
});

test('a form comes back as it was written', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), { maxKeys: 20 }),
      (members) => {
        expect(Object.fromEntries(parseForm(formatForm(members)) ?? [])).toEqual(members);
      },
    ),
    { numRuns: 500 },
  );
});

test('nothing makes it throw', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.json().map((json) => `payload=${encodeURIComponent(json)}`),
      ),
      (body) => {
        expect(readRequest(body).kind).toMatch(/^(?:unknown|nothing-to-do|command|press)$/);
      },
    ),
    { numRuns: 400 },
  );
});
