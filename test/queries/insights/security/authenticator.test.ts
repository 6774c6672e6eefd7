import { type ExpectedRow, earliest, latest, linesOf, rowsBy, SAMPLES, shownTime, truth } from '../../support/independent.ts';
import { askSaved, expectDescending, expectRows, withFile } from '../../support/run-query.ts';

/** One line as keys and values: a character by character walk over logrus' `key=value` and `key="quoted"`. */
function readLine(line: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = 0; at < line.length; ) {
    const equals = line.indexOf('=', at);
    if (equals < 0) break;
    const key = line.slice(at, equals);
    let end = equals + 1;
    if (line[end] === '"') {
      for (end++; line[end] !== '"'; end++) if (line[end] === '\\') end++;
      end++;
      found[key] = JSON.parse(line.slice(equals + 1, end));
    } else {
      while (end < line.length && line[end] !== ' ') end++;
      found[key] = line.slice(equals + 1, end);
    }
    at = end + 1;
  }
  return found;
}

const RECORDS = linesOf(SAMPLES.authenticator)
  .filter((line) => line.startsWith('time='))
  .map(readLine);
const DENIED = RECORDS.filter((record) => record['msg'] === 'access denied');
const GRANTED = RECORDS.filter((record) => record['msg'] === 'access granted');

function span(records: readonly Record<string, string>[]): ExpectedRow {
  const times = records.map((record) => shownTime(record['time'] as string));
  return { first_seen: earliest(times), last_seen: latest(times) };
}

test('authenticator-denied counts reasons by ARN', async () => {
  const rows = await askSaved('authenticator-denied', SAMPLES.authenticator);

  expect(DENIED).toHaveLength(truth.authenticator.denied);
  expectRows(
    rows,
    rowsBy(
      DENIED,
      (record) => ({ reason: (record['error'] as string).split(':')[0], arn: record['arn'] }),
      (records) => ({ denied: records.length, ...span(records) }),
    ),
  );
  expectDescending(rows, 'denied');
});

test('authenticator-unmapped-arns names the role that nobody mapped', async () => {
  const rows = await askSaved('authenticator-unmapped-arns', SAMPLES.authenticator);

  expectRows(
    rows,
    rowsBy(
      DENIED.filter((record) => record['error'] === 'identity is not mapped'),
      (record) => ({ arn: record['arn'] }),
      (records) => ({ denied: records.length, ...span(records) }),
    ),
  );
  expect(rows.map((row) => row['arn'])).toEqual(['arn:aws:iam::111122223333:role/unmapped-role']);
});

test('authenticator-unmapped-arns knows the words of other releases', async () => {
  const line =
    'time="2026-11-21T08:24:50Z" level=warning msg="access denied" arn="arn:aws:iam::111122223333:user/bob" client="127.0.0.1:41040" error="ARN is not mapped: arn:aws:iam::111122223333:user/bob" method=POST path=/authenticate';

  const rows = await withFile('authenticator-0123.log', [line], (path) => askSaved('authenticator-unmapped-arns', path));
  const denied = await withFile('authenticator-0123.log', [line], (path) => askSaved('authenticator-denied', path));

  expect(rows).toMatchObject([{ arn: 'arn:aws:iam::111122223333:user/bob', denied: 1 }]);
  expect(denied).toMatchObject([{ reason: 'ARN is not mapped', arn: 'arn:aws:iam::111122223333:user/bob', denied: 1 }]);
});

test('authenticator-role-use shows which ARN became which user, with its groups', async () => {
  const rows = await askSaved('authenticator-role-use', SAMPLES.authenticator);

  expect(GRANTED).toHaveLength(truth.authenticator.granted);
  expectRows(
    rows,
    rowsBy(
      GRANTED,
      (record) => ({ arn: record['arn'], username: record['username'], groups: (record['groups'] as string).slice(1, -1) }),
      (records) => ({ granted: records.length, ...span(records) }),
    ),
  );
  expect(rows.map((row) => row['username'])).toContain('dev:o=brien-example.com');
});

test('authenticator-sts-problems tells throttling from credentials that STS refuses', async () => {
  const rows = await askSaved('authenticator-sts-problems', SAMPLES.authenticator);

  const problems = DENIED.filter((record) => (record['error'] as string).startsWith('sts getCallerIdentity'));
  expectRows(
    rows,
    rowsBy(
      problems,
      (record) => {
        const error = record['error'] as string;
        return error.includes('<Code>')
          ? { problem: 'failed', code: error.split('<Code>')[1]?.split('<')[0] }
          : { problem: 'was throttled', code: JSON.parse(error.slice(error.indexOf('{'))).Error.Code };
      },
      (records) => ({ lines: records.length, ...span(records) }),
    ),
  );
  expect(rows.map((row) => row['code'])).toEqual(['Throttling', 'InvalidClientTokenId']);
});

test('role-sessions shows the people behind the roles', async () => {
  const rows = await askSaved('role-sessions', SAMPLES.authenticator);

  const answers = RECORDS.filter((record) => record['msg'] === 'STS response');
  expect(answers).toHaveLength(truth.authenticator.sts);
  expectRows(
    rows,
    rowsBy(
      answers,
      (record) => {
        const [kind, role, session] = (record['arn'] as string).replace(/^.*:/, '').split('/');
        return { account: record['accountid'], role, session: kind === 'user' ? '' : session };
      },
      (records) => ({ logins: records.length, ...span(records) }),
    ),
  );
  for (const record of answers) expect(rows.map((row) => row['session'])).toContain(record['session']);
});
