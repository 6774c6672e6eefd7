import { counted, EVENTS, isComponent } from '../../support/audit.ts';
import { countBy, type Json, rowsBy, SAMPLES, shownTime } from '../../support/independent.ts';
import { askSaved, command, expectRows, expectTop } from '../../support/run-query.ts';

const RBAC = ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'];
const CHANGES = ['create', 'update', 'patch', 'delete', 'deletecollection'];

function rbacChange(event: Json) {
  return {
    '@timestamp': shownTime(event.stageTimestamp),
    'user.username': event.user.username,
    verb: event.verb,
    'objectRef.resource': event.objectRef.resource,
    'objectRef.namespace': event.objectRef.namespace,
    'objectRef.name': event.objectRef.name,
    role: event.requestObject?.roleRef?.name,
    subject: event.requestObject?.subjects?.[0]?.name,
    'responseStatus.code': event.responseStatus.code,
  };
}

const RBAC_CHANGES = EVENTS.filter(
  (event) => event.stage === 'ResponseComplete' && RBAC.includes(event.objectRef?.resource) && CHANGES.includes(event.verb),
);

test('rbac-changes shows who bound which role to whom, without what the API server sets up at its start', async () => {
  const rows = await askSaved('rbac-changes', SAMPLES.audit);

  const byPeople = RBAC_CHANGES.filter((event) => !isComponent(event));
  expect(byPeople.length).toBeLessThan(RBAC_CHANGES.length);
  expectRows(rows, byPeople.map(rbacChange));
  expect(rows).toContainEqual(expect.objectContaining({ 'objectRef.name': 'devs', role: 'developer', subject: 'dev-team' }));
});

test('rbac-changes of everybody', async () => {
  const rows = await askSaved('rbac-changes', SAMPLES.audit, { ignored_users: '^$' });

  expectRows(rows, RBAC_CHANGES.map(rbacChange));
});

test('aws-auth-changes shows the person behind the role, and what was sent', async () => {
  const rows = await askSaved('aws-auth-changes', SAMPLES.audit);

  const changes = EVENTS.filter(
    (event) =>
      event.stage === 'ResponseComplete' &&
      event.objectRef?.resource === 'configmaps' &&
      event.objectRef.namespace === 'kube-system' &&
      event.objectRef.name === 'aws-auth' &&
      !['get', 'list', 'watch'].includes(event.verb),
  );
  expect(countBy(changes, (event) => `${event.user.username} ${event.verb}`)).toEqual({
    'eks:cluster-bootstrap create': 1,
    'eks:cluster-bootstrap patch': 1,
    'kubernetes-admin patch': 3,
  });
  expectRows(
    rows,
    changes.map((event) => ({
      '@timestamp': shownTime(event.stageTimestamp),
      'user.username': event.user.username,
      session: event.user.extra?.sessionName?.[0],
      verb: event.verb,
      'responseStatus.code': event.responseStatus.code,
      roles: event.requestObject?.data?.mapRoles,
      users: event.requestObject?.data?.mapUsers,
      accounts: event.requestObject?.data?.mapAccounts ?? undefined,
      'sourceIPs.0': event.sourceIPs[0],
    })),
  );
  expect(rows.filter((row) => row['session'] === 'maria.lopez')).toHaveLength(3);
});

test('a list of changes is not drawn as bars of its status codes', async () => {
  const { out } = await command(['aws-auth-changes', '--logs', SAMPLES.audit]);

  expect(out).toContain('maria.lopez');
  expect(out).not.toContain('█');
});

test('service-account-tokens shows who had tokens issued for whom', async () => {
  const rows = await askSaved('service-account-tokens', SAMPLES.audit);

  const issued = EVENTS.filter(
    (event) =>
      event.stage === 'ResponseComplete' && event.objectRef?.resource === 'serviceaccounts' && event.objectRef.subresource === 'token',
  );
  expect(issued).toHaveLength(18);
  expectTop(
    rows,
    rowsBy(
      issued,
      (event) => ({
        'user.username': event.user.username,
        'objectRef.namespace': event.objectRef.namespace,
        'objectRef.name': event.objectRef.name,
        'responseStatus.code': event.responseStatus.code,
      }),
      counted,
    ),
    'requests',
    200,
  );
});

test.each([
  ['every namespace', ''],
  ['kube-system', 'kube-system'],
])('service-account-use of %s', async (_name, namespace) => {
  const rows = await askSaved('service-account-use', SAMPLES.audit, { namespace });

  expectTop(
    rows,
    rowsBy(
      EVENTS.filter((event) => (event.user.username ?? '').startsWith(`system:serviceaccount:${namespace}`)),
      (event) => ({ 'user.username': event.user.username, 'sourceIPs.0': event.sourceIPs[0], userAgent: event.userAgent }),
      counted,
    ),
    'requests',
    200,
  );
});

test('service-account-use of a namespace without any finds nothing', async () => {
  expect(await askSaved('service-account-use', SAMPLES.audit, { namespace: 'team-z' })).toEqual([]);
});

test('cluster-admin-use shows what members of system:masters did, with the ARN of an IAM principal', async () => {
  const rows = await askSaved('cluster-admin-use', SAMPLES.audit);

  const masters = EVENTS.filter(
    (event) => (event.user.groups ?? []).includes('system:masters') && !event.user.username.startsWith('system:apiserver'),
  );
  expect(countBy(masters, (event) => event.user.username)).toEqual({ 'eks:cluster-bootstrap': 222, 'kubernetes-admin': 9 });
  expectTop(
    rows,
    rowsBy(
      masters,
      (event) => ({
        'user.username': event.user.username,
        arn: event.user.extra?.arn?.[0],
        verb: event.verb,
        'objectRef.resource': event.objectRef?.resource,
      }),
      counted,
    ),
    'requests',
    500,
  );
  expect(rows.filter((row) => row['user.username'] === 'kubernetes-admin').map((row) => row['arn'])).toContain(
    'arn:aws:sts::111122223333:assumed-role/eks-admin/maria.lopez',
  );
});
