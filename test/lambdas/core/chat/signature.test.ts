import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isSameText, type SignedRequest, signatureFlaw, signatureHeaders } from '../../../../lambdas/core/chat/signature.ts';

const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');

/** The example of Slack's documentation. */
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const EXAMPLE: SignedRequest = {
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
};
const AT = 1_531_420_618_000;
const flaw = (request: Partial<SignedRequest>, nowMs = AT, secret = SECRET) =>
  signatureFlaw({ ...EXAMPLE, ...request }, { secret, nowMs, hmac });

test("Slack's own example is Slack's", () => {
  expect(flaw({})).toBeUndefined();
});

test.each<[string, number, ReturnType<typeof flaw>]>([
  ['five minutes later', 300_000, undefined],
  ['a second after that', 301_000, 'too-old'],
  ['five minutes ahead of our clock', -300_000, undefined],
  ['further ahead', -301_000, 'too-old'],
])('%s', (_name, offsetMs, expected) => {
  expect(flaw({}, AT + offsetMs)).toBe(expected);
});

test.each<[string, Partial<SignedRequest>, ReturnType<typeof flaw>]>([
  ['a body that was changed', { body: `${EXAMPLE.body}&user_id=U0OTHER` }, 'wrong-signature'],
  ['a time that was changed', { timestamp: '1531420619' }, 'wrong-signature'],
  ['another version', { signature: EXAMPLE.signature?.replace('v0', 'v1') }, 'no-signature'],
  ['no signature', { signature: undefined }, 'no-signature'],
  ['no time', { timestamp: undefined }, 'no-signature'],
  ['a time that is none', { timestamp: '1531420618abc' }, 'no-signature'],
  ['a time without end', { timestamp: '9'.repeat(400) }, 'no-signature'],
  ['half of it', { signature: EXAMPLE.signature?.slice(0, 34) }, 'no-signature'],
  ['one digit of it', { signature: EXAMPLE.signature?.replace(/3$/, '4') }, 'wrong-signature'],
])('%s is refused', (_name, change, expected) => {
  expect(flaw(change as Partial<SignedRequest>)).toBe(expected);
});

test('an empty secret signs nothing', () => {
  const headers = signatureHeaders(EXAMPLE.body, '', AT, hmac);
  expect(flaw({ timestamp: headers['x-slack-request-timestamp'], signature: headers['x-slack-signature'] }, AT, '')).toBe('no-signature');
});

test('what is signed with the secret is Slack’s, and with any other is not', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (body, secret, other) => {
      const headers = signatureHeaders(body, secret, AT, hmac);
      const signed = { body, timestamp: headers['x-slack-request-timestamp'], signature: headers['x-slack-signature'] };
      expect(signatureFlaw(signed, { secret, nowMs: AT, hmac })).toBeUndefined();
      if (secret !== other) expect(signatureFlaw(signed, { secret: other, nowMs: AT, hmac })).toBe('wrong-signature');
    }),
    { numRuns: 300 },
  );
});

test('texts are the same or not, wherever they differ', () => {
  expect([
    isSameText('abc', 'abc'),
    isSameText('abc', 'abd'),
    isSameText('abc', 'bbc'),
    isSameText('abc', 'ab'),
    isSameText('', ''),
  ]).toEqual([true, false, false, false, true]);
});
