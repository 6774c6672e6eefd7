import { counted, EVENTS, isComponent, pathOf, requestsIn, spanOf } from '../../support/audit.ts';
import { countBy, distinct, distinctBy, type Json, rowsBy, SAMPLES, shownTime, truth } from '../../support/independent.ts';
import { askSaved, expectDescending, expectRows, expectTop, withFile } from '../../support/run-query.ts';

const TRUTH = truth['kube-apiserver-audit'];
const withCode = (code: number) => EVENTS.filter((event) => event.responseStatus?.code === code);

test.each([
  [undefined, 403],
  ['401', 401],
])('denied-requests with the code %p counts requests, not events', async (code, expected) => {
  const rows = await askSaved('denied-requests', SAMPLES.audit, code === undefined ? {} : { code });

  expectTop(
    rows,
    rowsBy(
      withCode(expected),
      (event) => ({ 'user.username': event.user.username, verb: event.verb, 'objectRef.resource': event.objectRef?.resource }),
      (events) => ({ requests: requestsIn(events) }),
    ),
    'requests',
    100,
  );
});

test('denied-requests adds up to what the text tools counted per user', async () => {
  const rows = await askSaved('denied-requests', SAMPLES.audit);

  const byUser: Record<string, number> = {};
  for (const row of rows) byUser[String(row['user.username'])] = (byUser[String(row['user.username'])] ?? 0) + Number(row['requests']);
  expect(byUser).toEqual(TRUTH['403_distinct_requests_by_user']);
  expect(withCode(403)).toHaveLength(TRUTH['403_events']);
});

test('permission-probing puts whoever tried most doors first', async () => {
  const rows = await askSaved('permission-probing', SAMPLES.audit);

  expectRows(
    rows,
    rowsBy(
      withCode(403),
      (event) => ({ 'user.username': event.user.username }),
      (events) => ({
        denied: requestsIn(events),
        resources: distinct(events.map((event) => event.objectRef?.resource)),
        namespaces: distinct(events.map((event) => event.objectRef?.namespace)),
        ...spanOf(events),
      }),
    ),
  );
  expect(rows[0]?.['user.username']).toBe('mallory');
  expectDescending(rows, 'resources');
});

test('anonymous-requests shows what was asked for without a login', async () => {
  const rows = await askSaved('anonymous-requests', SAMPLES.audit);

  expectTop(
    rows,
    rowsBy(
      EVENTS.filter((event) => event.user.username === 'system:anonymous'),
      (event) => ({
        verb: event.verb,
        path: pathOf(event),
        'responseStatus.code': event.responseStatus.code,
        'sourceIPs.0': event.sourceIPs[0],
      }),
      counted,
    ),
    'requests',
    200,
  );
  expect(rows.reduce((sum, row) => sum + Number(row['requests']), 0)).toBe(TRUTH['403_distinct_requests_by_user']['system:anonymous']);
});

test('failed-authentication counts logins that failed, which have no user', async () => {
  const rows = await askSaved('failed-authentication', SAMPLES.audit);

  expect(withCode(401)).toHaveLength(TRUTH.code['401']);
  expectRows(
    rows,
    rowsBy(
      withCode(401),
      (event) => ({ 'sourceIPs.0': event.sourceIPs[0], userAgent: event.userAgent, verb: event.verb, path: pathOf(event) }),
      counted,
    ),
  );
});

test('impersonation shows who acted as whom', async () => {
  const rows = await askSaved('impersonation', SAMPLES.audit);

  const impersonated = EVENTS.filter((event) => event.impersonatedUser);
  expect(countBy(impersonated, (event) => event.impersonatedUser.username)).toEqual({ 'eve@example.com': 4, alice: 3 });
  expectRows(
    rows,
    rowsBy(
      impersonated,
      (event) => ({
        'user.username': event.user.username,
        'impersonatedUser.username': event.impersonatedUser.username,
        verb: event.verb,
        'objectRef.resource': event.objectRef?.resource,
        'responseStatus.code': event.responseStatus.code,
      }),
      counted,
    ),
  );
});

const SHELLS = ['exec', 'attach', 'portforward', 'ephemeralcontainers'];

test('pod-exec shows each session once, with its command and how long it was open', async () => {
  const rows = await askSaved('pod-exec', SAMPLES.audit);

  const events = EVENTS.filter((event) => event.objectRef?.resource === 'pods' && SHELLS.includes(event.objectRef.subresource));
  expect(
    distinctBy(
      events,
      (event) => event.objectRef.subresource,
      (event) => event.auditID,
    ),
  ).toEqual({ exec: 1 });
  const [begin, end] = events as [Json, Json];
  expect(rows).toEqual([
    {
      started: shownTime(begin.stageTimestamp),
      seconds: (Date.parse(end.stageTimestamp) - Date.parse(begin.stageTimestamp)) / 1000,
      'user.username': 'alice',
      'objectRef.namespace': 'team-a',
      'objectRef.name': 'web-569696d9f6-6kj7f',
      'objectRef.subresource': 'exec',
      code: 101,
      requestURI: begin.requestURI,
      auditID: begin.auditID,
    },
  ]);
  expect(rows[0]?.['requestURI']).toContain('command=ls');
});

// The samples hold one exec. These are its two events, made into a port-forward of an hour and a debug container that was refused.
test('pod-exec finds port-forwards and debug containers, refused ones too', async () => {
  const [begin, end] = EVENTS.filter((event) => event.objectRef?.subresource === 'exec') as [Json, Json];
  const forward = { objectRef: { ...begin.objectRef, subresource: 'portforward' }, auditID: 'forward', verb: 'create' };
  const debug = { objectRef: { ...begin.objectRef, subresource: 'ephemeralcontainers' }, auditID: 'debug', verb: 'patch' };
  const events = [
    { ...begin, ...forward },
    { ...end, ...forward, stageTimestamp: '2026-11-21T09:25:01.053000Z' },
    { ...end, ...debug, responseStatus: { metadata: {}, status: 'Failure', reason: 'Forbidden', code: 403 } },
  ];

  const rows = await withFile('kube-apiserver-audit.log', events, (path) => askSaved('pod-exec', path));

  expect(rows.map((row) => [row['auditID'], row['objectRef.subresource'], row['code'], row['seconds']])).toEqual([
    ['debug', 'ephemeralcontainers', 403, 0],
    ['forward', 'portforward', 101, 3600],
  ]);
});

function secretReads(isIgnored: (event: Json) => boolean): Json[] {
  return EVENTS.filter(
    (event) =>
      event.objectRef?.resource === 'secrets' &&
      ['get', 'list', 'watch'].includes(event.verb) &&
      event.user.username !== undefined &&
      !isIgnored(event),
  );
}

test.each([
  ['without components', {}, isComponent],
  ['of everybody', { ignored_users: '^$' }, () => false],
])('secret-reads %s, by user, name and answer', async (_name, parameters, isIgnored) => {
  const rows = await askSaved('secret-reads', SAMPLES.audit, parameters);

  expectTop(
    rows,
    rowsBy(
      secretReads(isIgnored),
      (event) => ({
        'user.username': event.user.username,
        verb: event.verb,
        'objectRef.namespace': event.objectRef.namespace,
        'objectRef.name': event.objectRef.name,
        'responseStatus.code': event.responseStatus?.code,
      }),
      counted,
    ),
    'requests',
    500,
  );
});

test('secret-reads of everybody adds up to what the text tools counted per user', async () => {
  const rows = await askSaved('secret-reads', SAMPLES.audit, { ignored_users: '^$' });

  const byUser: Record<string, number> = {};
  for (const row of rows) byUser[String(row['user.username'])] = (byUser[String(row['user.username'])] ?? 0) + Number(row['requests']);
  // The text tools counted events; the controller manager's watch, which ended, made two of one request.
  const watch = EVENTS.filter((event) => event.verb === 'watch' && event.user.username === 'system:kube-controller-manager').filter(
    (event) => event.objectRef?.resource === 'secrets',
  );
  expect(watch.map((event) => event.stage)).toEqual(['ResponseStarted', 'ResponseComplete']);
  expect({ ...byUser, 'system:kube-controller-manager': (byUser['system:kube-controller-manager'] ?? 0) + 1 }).toEqual(
    TRUTH['secret_reads_by_user'],
  );
});

test('requests-by-source-address counts users and programs of an address', async () => {
  const rows = await askSaved('requests-by-source-address', SAMPLES.audit);

  expectTop(
    rows,
    rowsBy(
      EVENTS.filter((event) => event.user.username !== undefined),
      (event) => ({ 'sourceIPs.0': event.sourceIPs[0], 'user.username': event.user.username }),
      (events) => ({ requests: requestsIn(events), programs: distinct(events.map((event) => event.userAgent)), ...spanOf(events) }),
    ),
    'requests',
    500,
  );
});
