import { counted, EVENTS, pathOf, requestsIn } from '../../support/audit.ts';
import { binOf, countBy, distinct, rowsBy, SAMPLES, shownTime, truth } from '../../support/independent.ts';
import { askSaved, command, expectRows, expectTop, withFile } from '../../support/run-query.ts';

test('audit-by-user-agent counts requests and users of every program', async () => {
  const rows = await askSaved('audit-by-user-agent', SAMPLES.audit);

  const expected = rowsBy(
    EVENTS,
    (event) => ({ userAgent: event.userAgent }),
    (events) => ({ ...counted(events), users: distinct(events.map((event) => event.user.username)) }),
  );
  expect(expected).toHaveLength(truth['kube-apiserver-audit'].user_agents_distinct);
  expectTop(rows, expected, 'requests', 100);
});

test('audit-by-verb-uri-and-user counts paths without what stands behind the question mark', async () => {
  const rows = await askSaved('audit-by-verb-uri-and-user', SAMPLES.audit);

  const expected = rowsBy(
    EVENTS,
    (event) => ({ verb: event.verb, path: pathOf(event), 'user.username': event.user.username }),
    (events) => ({ requests: requestsIn(events) }),
  );
  expectTop(rows, expected, 'requests', 200);
});

test.each([
  ['1m', 1],
  ['5m', 5],
])('api-requests-over-time gives bars of %s', async (period, minutes) => {
  const rows = await askSaved('api-requests-over-time', SAMPLES.audit, { period });

  const expected = rowsBy(
    EVENTS,
    (event) => ({ time: binOf(shownTime(event.stageTimestamp), minutes) }),
    (events) => ({ requests: requestsIn(events), users: distinct(events.map((event) => event.user.username)) }),
  );
  expectRows(rows, expected);
  expect(rows.map((row) => row['time'])).toEqual(expected.map((row) => String(row['time'])).sort());
});

test('api-requests-over-time is drawn as bars', async () => {
  const { out } = await command(['api-requests-over-time', '--logs', SAMPLES.audit]);

  expect(out.split('\n').filter((line) => line.includes('█')).length).toBeGreaterThan(3);
});

test('unlimited-lists finds lists of whole collections, not those with a limit or from the cache', async () => {
  const rows = await askSaved('unlimited-lists', SAMPLES.audit);

  const lists = EVENTS.filter((event) => {
    const query = new URLSearchParams(event.requestURI.split('?')[1] ?? '');
    return event.verb === 'list' && !query.has('limit') && query.get('resourceVersion') !== '0' && event.objectRef && !event.objectRef.name;
  });
  expect(lists.length).toBeGreaterThan(100);
  expectTop(
    rows,
    rowsBy(
      lists,
      (event) => ({
        userAgent: event.userAgent,
        'user.username': event.user.username,
        'objectRef.resource': event.objectRef.resource,
      }),
      (events) => ({ requests: requestsIn(events), namespaces: distinct(events.map((event) => event.objectRef.namespace)) }),
    ),
    'requests',
    100,
  );
});

test('deprecated-apis names clients by the annotation of the API server', async () => {
  const rows = await askSaved('deprecated-apis', SAMPLES.audit);

  const deprecated = EVENTS.filter((event) => event.annotations?.['k8s.io/deprecated'] === 'true');
  expect(countBy(deprecated, (event) => event.objectRef.resource)).toEqual({ endpoints: 4 });
  expectRows(
    rows,
    rowsBy(
      deprecated,
      (event) => ({
        'objectRef.apiGroup': event.objectRef.apiGroup,
        'objectRef.apiVersion': event.objectRef.apiVersion,
        'objectRef.resource': event.objectRef.resource,
        userAgent: event.userAgent,
        'user.username': event.user.username,
        removed_in: event.annotations['k8s.io/removed-release'],
      }),
      counted,
    ),
  );
});

// Endpoints are deprecated but will not be removed, so no event of the samples names a release: this one is the sample's first deprecated event,
// as an API server writes it for a version that goes away.
test('deprecated-apis tells the release that drops a version', async () => {
  const real = EVENTS.find((event) => event.annotations?.['k8s.io/deprecated'] === 'true');
  const event = {
    ...real,
    objectRef: { resource: 'flowschemas', apiGroup: 'flowcontrol.apiserver.k8s.io', apiVersion: 'v1beta3' },
    userAgent: 'old-operator/1.4',
    annotations: { ...real.annotations, 'k8s.io/removed-release': '1.32' },
  };

  const rows = await withFile('kube-apiserver-audit.log', [event], (path) => askSaved('deprecated-apis', path));

  expect(rows).toMatchObject([{ 'objectRef.apiVersion': 'v1beta3', userAgent: 'old-operator/1.4', removed_in: '1.32', requests: 1 }]);
});

// The samples hold no 429: their API server never was that busy. These are events of the sample with the answer that an API server gives then.
test('throttled-clients counts requests that were turned away with 429', async () => {
  const real = EVENTS.filter(
    (event) => event.verb === 'list' && event.user.username === 'bob' && event.objectRef.resource === 'services',
  ).slice(0, 3);
  const refused = real.map((event) => ({
    ...event,
    responseStatus: {
      metadata: {},
      status: 'Failure',
      message: 'Too many requests, please try again later.',
      reason: 'TooManyRequests',
      details: { retryAfterSeconds: 1 },
      code: 429,
    },
  }));
  const [other] = EVENTS.filter((event) => event.responseStatus?.code === 200);

  const rows = await withFile('kube-apiserver-audit.log', [...refused, other], (path) => askSaved('throttled-clients', path));

  expect(rows).toEqual([
    {
      'user.username': 'bob',
      userAgent: real[0].userAgent,
      verb: 'list',
      'objectRef.resource': real[0].objectRef.resource,
      requests: 3,
      first_seen: shownTime(real[0].stageTimestamp),
      last_seen: shownTime(real[2].stageTimestamp),
    },
  ]);
  expect(await askSaved('throttled-clients', SAMPLES.audit)).toEqual([]);
});
