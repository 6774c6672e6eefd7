import { counted, EVENTS, requestsIn, spanOf } from '../../support/audit.ts';
import { countBy, distinct, type Json, rowsBy, SAMPLES, shownTime, truth } from '../../support/independent.ts';
import { askSaved, expectRows, expectTop } from '../../support/run-query.ts';

/** The message of the last event that has one; of events in one millisecond the one that stands first. */
function lastMessage(events: readonly Json[]): string | undefined {
  const withMessage = events.filter((event) => event.responseStatus.message !== undefined);
  const last = withMessage.map((event) => shownTime(event.stageTimestamp)).sort();
  const time = last[last.length - 1];
  return withMessage.find((event) => shownTime(event.stageTimestamp) === time)?.responseStatus.message;
}

test('api-errors-by-resource counts what failed with 5xx', async () => {
  const rows = await askSaved('api-errors-by-resource', SAMPLES.audit);

  const failed = EVENTS.filter((event) => event.responseStatus?.code >= 500);
  const { code } = truth['kube-apiserver-audit'];
  expect(failed).toHaveLength(code['500'] + code['503'] + code['504']);
  expectTop(
    rows,
    rowsBy(
      failed,
      (event) => ({
        'objectRef.resource': event.objectRef?.resource,
        verb: event.verb,
        'responseStatus.code': event.responseStatus.code,
      }),
      (events) => ({
        ...counted(events),
        users: distinct(events.map((event) => event.user.username)),
        last_message: lastMessage(events),
      }),
    ),
    'requests',
    100,
  );
});

test('update-conflicts tells lost races from creates that came twice', async () => {
  const rows = await askSaved('update-conflicts', SAMPLES.audit);

  const conflicts = EVENTS.filter((event) => event.responseStatus?.code === 409);
  expect(conflicts).toHaveLength(truth['kube-apiserver-audit'].code['409']);
  expectTop(
    rows,
    rowsBy(
      conflicts,
      (event) => ({
        'user.username': event.user.username,
        verb: event.verb,
        'objectRef.resource': event.objectRef.resource,
        'objectRef.subresource': event.objectRef.subresource,
        'responseStatus.reason': event.responseStatus.reason,
      }),
      (events) => ({ requests: requestsIn(events), objects: distinct(events.map((event) => event.objectRef.name)) }),
    ),
    'requests',
    100,
  );
  expect(countBy(rows, (row) => String(row['responseStatus.reason']))).toEqual({ Conflict: 2, AlreadyExists: 5 });
});

test('etcd-refused-writes names the users whose writes a full database refused', async () => {
  const rows = await askSaved('etcd-refused-writes', SAMPLES.audit);

  const refused = EVENTS.filter((event) => (event.responseStatus?.message ?? '').includes('mvcc: database space exceeded'));
  expect(refused.length).toBeGreaterThan(20);
  expectRows(
    rows,
    rowsBy(
      refused,
      (event) => ({ 'user.username': event.user.username, verb: event.verb, 'objectRef.resource': event.objectRef.resource }),
      (events) => ({ requests: requestsIn(events), ...spanOf(events) }),
    ),
  );
});
