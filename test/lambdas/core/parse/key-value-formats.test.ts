import fc from 'fast-check';
import { parseLogfmt } from '../../../../lambdas/core/parse/logfmt.ts';
import { parseLogrus } from '../../../../lambdas/core/parse/logrus.ts';
import { objectOf } from './support.ts';

const HEAD = 'time="2026-11-21T08:24:50Z" level=info ';

test('reads an answer of the authenticator into fields', () => {
  const line = `${HEAD}msg="access granted" arn="arn:aws:iam::111122223333:role/path/eks-admin" client="127.0.0.1:58562" groups="[system:masters team-a]" method=POST path=/authenticate uid="aws-iam-authenticator:111122223333:AROA" username="dev:o=brien"`;

  expect(objectOf(parseLogrus(line))).toEqual({
    '@timestamp': '2026-11-21T08:24:50Z',
    log: { level: 'info' },
    event: { outcome: 'success' },
    message: 'access granted',
    authenticator: {
      outcome: 'granted',
      arn: 'arn:aws:iam::111122223333:role/path/eks-admin',
      account: '111122223333',
      role: 'eks-admin',
      client: '127.0.0.1:58562',
      groups: ['system:masters', 'team-a'],
      uid: 'aws-iam-authenticator:111122223333:AROA',
      username: 'dev:o=brien',
    },
    kv: { method: 'POST', path: '/authenticate' },
  });
});

test.each([
  [
    'msg="access denied" arn="arn:aws:iam::111122223333:user/bob" client="127.0.0.1:41040" error="ARN is not mapped"',
    {
      outcome: 'denied',
      arn: 'arn:aws:iam::111122223333:user/bob',
      account: '111122223333',
      client: '127.0.0.1:41040',
      error: 'ARN is not mapped',
    },
  ],
  [
    'msg="STS response" accountid=111122223333 arn="arn:aws:sts::111122223333:assumed-role/dev/a/b" session=',
    { outcome: null, arn: 'arn:aws:sts::111122223333:assumed-role/dev/a/b', account: '111122223333', role: 'dev', session: 'a/b' },
  ],
  ['msg="STS response" accountid=111122223333', { outcome: null, account: '111122223333' }],
  ['msg="access granted" groups="[]" username=', { outcome: 'granted', groups: [], username: '' }],
  ['msg="access granted" arn="not an arn" groups=one', { outcome: 'granted', arn: 'not an arn', groups: ['one'] }],
])('reads %s', (pairs, authenticator) => {
  expect(objectOf(parseLogrus(HEAD + pairs))['authenticator']).toEqual(authenticator);
});

test('other lines keep their pairs in kv', () => {
  expect(objectOf(parseLogrus(`${HEAD}msg="listening" client=x error="a \\"b\\"\\n" path=/p`))).toMatchObject({
    message: 'listening',
    kv: { client: 'x', error: 'a "b"\n', path: '/p' },
  });
  expect(objectOf(parseLogrus(`${HEAD}msg=one`))).toMatchObject({ message: 'one' });
  expect(objectOf(parseLogrus(`${HEAD}address=127.0.0.1`))).toMatchObject({ message: '', kv: { address: '127.0.0.1' } });
});

test.each([
  '',
  'Authenticator Version: "unversioned", ""',
  'time="x"',
  'time="2026-11-21T08:24:50Z" msg=a',
  `${HEAD}msg="open`,
  `${HEAD}msg=a b`,
])('says no to %j', (text) => {
  expect(parseLogrus(text)).toBeUndefined();
});

test('logfmt finds time, level, message, error and caller by their usual names', () => {
  expect(objectOf(parseLogfmt('ts=2026-11-21T08:26:53.1Z caller=main.go:12 level=warn msg="a b" err="x" dur=1.5ms\n'))).toEqual({
    '@timestamp': '2026-11-21T08:26:53.1Z',
    log: { level: 'warning', origin: { file: { name: 'main.go', line: 12 } } },
    message: 'a b',
    error: { message: 'x' },
    kv: { ts: '2026-11-21T08:26:53.1Z', caller: 'main.go:12', level: 'warn', err: 'x', dur: '1.5ms' },
  });
  expect(parseLogfmt('t=1763713387 lvl=eror msg=x')?.timestamp).toBe('2025-11-21T08:23:07Z');
});

test.each(['', 'a=b', 'plain text', 'url=http://x y=z and more', '="x" a=b'])('logfmt says no to %j', (text) => {
  expect(parseLogfmt(text)).toBeUndefined();
});

test('of equal keys the last one is kept', () => {
  expect(objectOf(parseLogfmt('a=1 b=2 a=3 msg=x msg=y'))).toMatchObject({ kv: { a: '3', b: '2' } });
});

test('gives back every value that logrus quoted', () => {
  const isBare = /^[A-Za-z0-9\-._/@^+]*$/;
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
        fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
      ),
      (values) => {
        const { time: _time, level: _level, msg: _msg, ...rest } = values;
        const body = Object.entries(rest).map(([key, value]) => `${key}=${isBare.test(value) ? value : JSON.stringify(value)}`);

        expect(objectOf(parseLogrus(`${HEAD}msg=x ${body.join(' ')}`))['kv'] ?? {}).toEqual(rest);
      },
    ),
  );
});
