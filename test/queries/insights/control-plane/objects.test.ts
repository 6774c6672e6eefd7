import { EVENTS, isComponent } from '../../support/audit.ts';
import { countBy, type ExpectedRow, type Json, SAMPLES, shownTime, truth } from '../../support/independent.ts';
import { asCounts, askSaved, expectDescending, expectRows } from '../../support/run-query.ts';

const CHANGES = ['create', 'update', 'patch', 'delete', 'deletecollection'];

function isDone(event: Json): boolean {
  return event.stage === 'ResponseComplete' && event.responseStatus?.code < 300;
}

function changeOf(event: Json): ExpectedRow {
  return {
    '@timestamp': shownTime(event.stageTimestamp),
    'user.username': event.user.username,
    verb: event.verb,
    'objectRef.namespace': event.objectRef.namespace,
    name: event.objectRef.name ?? event.responseObject?.metadata?.name,
    'objectRef.subresource': event.objectRef.subresource,
    userAgent: event.userAgent,
  };
}

function expectNewestFirst(rows: readonly Readonly<Record<string, string | number>>[]): void {
  expectDescending(
    rows.map((row) => ({ at: Date.parse(`${String(row['@timestamp']).replace(' ', 'T')}Z`) })),
    'at',
  );
}

test('pod-patches-by-user counts as the text tools did', async () => {
  const rows = await askSaved('pod-patches-by-user', SAMPLES.audit);

  expect(asCounts(rows, 'user.username', 'patches')).toEqual(
    truth['kube-apiserver-audit'].pod_patches_without_subresource_ResponseComplete_by_user,
  );
});

test('pod-patches-by-user takes a namespace or its beginning', async () => {
  const rows = await askSaved('pod-patches-by-user', SAMPLES.audit, { namespace: 'team-b' });

  const patches = EVENTS.filter(
    (event) =>
      event.verb === 'patch' &&
      event.stage === 'ResponseComplete' &&
      event.objectRef?.resource === 'pods' &&
      event.objectRef.subresource === undefined &&
      event.objectRef.namespace.startsWith('team-b'),
  );
  expect(asCounts(rows, 'user.username', 'patches')).toEqual(countBy(patches, (event) => event.user.username));
});

test('object-changes lists who changed pods, without status and components', async () => {
  const rows = await askSaved('object-changes', SAMPLES.audit);

  const changes = EVENTS.filter(
    (event) =>
      isDone(event) &&
      CHANGES.includes(event.verb) &&
      event.objectRef?.resource === 'pods' &&
      event.objectRef.subresource !== 'status' &&
      !isComponent(event),
  );
  expect(changes.length).toBeGreaterThan(100);
  expectRows(rows, changes.map(changeOf));
  expectNewestFirst(rows);
});

test('object-changes takes a resource without namespace, and every user when nobody is to be left out', async () => {
  const rows = await askSaved('object-changes', SAMPLES.audit, { resource: 'nodes', ignored_users: '^$' });

  const changes = EVENTS.filter(
    (event) =>
      isDone(event) && CHANGES.includes(event.verb) && event.objectRef?.resource === 'nodes' && event.objectRef.subresource !== 'status',
  );
  expect(changes.length).toBeGreaterThan(0);
  expectRows(rows, changes.map(changeOf));
});

test('object-changes names objects whose name the API server made', async () => {
  const rows = await askSaved('object-changes', SAMPLES.audit, { ignored_users: '^$', namespace: 'batch-jobs' });

  const created = EVENTS.filter(
    (event) =>
      isDone(event) &&
      event.verb === 'create' &&
      event.objectRef?.resource === 'pods' &&
      event.objectRef.subresource === undefined &&
      event.objectRef.namespace === 'batch-jobs',
  );
  expect(created.length).toBeGreaterThan(0);
  expect(rows.filter((row) => row['verb'] === 'create' && !row['objectRef.subresource']).map((row) => row['name'])).toEqual(
    expect.arrayContaining(created.map((event) => event.responseObject.metadata.name)),
  );
});

test('object-revision-history follows one object through generations and revisions, refused updates too', async () => {
  const rows = await askSaved('object-revision-history', SAMPLES.audit);

  const history = EVENTS.filter(
    (event) =>
      event.stage === 'ResponseComplete' &&
      ['create', 'update', 'patch', 'delete'].includes(event.verb) &&
      event.objectRef?.resource === 'deployments' &&
      event.objectRef.namespace === 'team-a' &&
      event.objectRef.name === 'web',
  );
  expectRows(
    rows,
    history.map((event) => ({
      '@timestamp': shownTime(event.stageTimestamp),
      'user.username': event.user.username,
      verb: event.verb,
      'objectRef.subresource': event.objectRef.subresource,
      'responseStatus.code': event.responseStatus.code,
      generation: event.responseObject?.metadata?.generation,
      revision: event.responseObject?.metadata?.resourceVersion,
      userAgent: event.userAgent,
    })),
  );
  expect(rows[0]).toMatchObject({ verb: 'create', generation: 1 });
  expect(countBy(rows, (row) => String(row['responseStatus.code']))['409']).toBeGreaterThan(0);
});

test('object-revision-history finds an object without a namespace', async () => {
  const parameters = { resource: 'nodes', namespace: '', name: 'ip-10-0-11-78.ec2.internal' };
  const rows = await askSaved('object-revision-history', SAMPLES.audit, parameters);

  const history = EVENTS.filter(
    (event) =>
      event.stage === 'ResponseComplete' &&
      ['create', 'update', 'patch', 'delete'].includes(event.verb) &&
      event.objectRef?.resource === 'nodes' &&
      event.objectRef.name === 'ip-10-0-11-78.ec2.internal',
  );
  expect(rows).toHaveLength(history.length);
  expect(rows.length).toBeGreaterThan(5);
});

test('deleted-objects lists deletions that were done, not those that were denied or came too late', async () => {
  const rows = await askSaved('deleted-objects', SAMPLES.audit);

  const deleted = EVENTS.filter((event) => isDone(event) && event.verb.startsWith('delete') && !isComponent(event));
  expect(countBy(deleted, (event) => `${event.user.username} ${event.objectRef.resource}`)).toEqual({
    'eks:cluster-bootstrap secrets': 8,
    'eks:cluster-bootstrap validatingwebhookconfigurations': 1,
    'bob pods': 4,
    'josé "jo" müller|ops pods': 4,
  });
  expectRows(
    rows,
    deleted.map((event) => ({
      '@timestamp': shownTime(event.stageTimestamp),
      'user.username': event.user.username,
      verb: event.verb,
      'objectRef.resource': event.objectRef.resource,
      'objectRef.namespace': event.objectRef.namespace,
      'objectRef.name': event.objectRef.name,
      userAgent: event.userAgent,
    })),
  );
  expectNewestFirst(rows);
});
