import type { RunningServer } from '../../../local/http/server.ts';
import { TABLE_SPEC, tableAt } from '../../support/alert-table.ts';
import { alertOf, MINUTE, NOW, Rig, sha256 } from '../core/alerts/support.ts';

// dynalite keeps the conditions of DynamoDB; import.meta of local/ does not compile in tests, so the server is made here.
let server: RunningServer;
beforeAll(async () => {
  const { listen } = await import('../../../local/http/server.ts');
  // biome-ignore lint/suspicious/noExplicitAny: dynalite has no types
  const dynalite = require('dynalite') as any;
  server = await listen(dynalite({ createTableMs: 0 }), 0);
});
afterAll(() => server.close());

let tables = 0;
/** A new table of its own for each test. */
async function newStore() {
  const { AlertTable } = await import('../../../lambdas/clients/alert-table.ts');
  const { createAwsClient, DYNAMODB } = await import('../../../lambdas/clients/aws-json.ts');
  const { awsPorts } = await import('../../support/alert-table.ts');
  const call = createAwsClient(DYNAMODB, { region: 'us-east-1' }, awsPorts({ AWS_ENDPOINT_URL_DYNAMODB: server.url }));
  const TableName = `alerts-${tables++}`;
  await call('CreateTable', { ...TABLE_SPEC, TableName, BillingMode: 'PAY_PER_REQUEST' });
  for (;;) {
    const { Table } = (await call('DescribeTable', { TableName })) as { Table: { TableStatus: string } };
    if (Table.TableStatus === 'ACTIVE') break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return new AlertTable(call, TableName);
}

/** Looks at every group that the index says is due, until a time. */
async function runUntil(rig: Rig, store: Awaited<ReturnType<typeof newStore>>, untilMs: number): Promise<void> {
  for (;;) {
    const [group] = await store.dueGroups(untilMs, 1);
    if (group?.flushAt === undefined) break;
    rig.nowMs = Math.max(rig.nowMs, group.flushAt);
    await rig.flush(group.id);
  }
  rig.nowMs = untilMs;
}

test('an episode is told, repeated and resolved as in memory', async () => {
  const store = await newStore();
  const rig = new Rig(undefined, { store });
  await rig.take(alertOf('A'), alertOf('B'));
  await runUntil(rig, store, NOW + 70 * MINUTE);
  await rig.take(alertOf('A', { endsAt: rig.nowMs }), alertOf('B', { endsAt: rig.nowMs }));
  await runUntil(rig, store, NOW + 200 * MINUTE);
  await rig.take(alertOf('A'));
  await runUntil(rig, store, NOW + 300 * MINUTE);

  expect(rig.log()).toEqual(['0.5 first: firing A B', '60.5 repeat: firing A B', '70.5 all-resolved: resolved A B']);
});

test('deliveries to several consumers at once are one alert and one message', async () => {
  const store = await newStore();
  const rigs = [0, 1, 2].map(() => new Rig(undefined, { store }));
  await Promise.all(rigs.flatMap((rig) => [rig.take(alertOf('A')), rig.take(alertOf('B')), rig.take(alertOf('A'))]));
  for (const rig of rigs) rig.nowMs = NOW + MINUTE;
  const [group] = await store.dueGroups(NOW + MINUTE, 10);
  const outcomes = await Promise.all([...rigs, ...rigs].map((rig) => rig.flush(group?.id ?? '')));

  expect(outcomes.map(({ outcome }) => outcome).filter((outcome) => outcome === 'told')).toHaveLength(1);
  expect(rigs.flatMap((rig) => rig.log())).toEqual(['1 first: firing A B']);
});

test('under concurrent reports and looks no message goes out twice within the repeat interval, and the last state is told', async () => {
  const store = await newStore();
  const rigs = [0, 1].map(() => new Rig({ receiver: 'platform', groupBy: [] }, { store }));
  const [one, two] = rigs as [Rig, Rig];
  for (let minute = 0; minute < 60; minute += 3) {
    const nowMs = NOW + minute * MINUTE;
    one.nowMs = two.nowMs = nowMs;
    const name = `alert-${minute % 4}`;
    const ends = minute % 5 === 0 && minute > 0 ? { endsAt: nowMs } : {};
    const report = alertOf(name, { startsAt: nowMs, updatedAt: nowMs, ...ends });
    const due = await store.dueGroups(nowMs, 10);
    await Promise.all([one.take(report), two.take(report), ...due.flatMap(({ id }) => [one.flush(id), two.flush(id)])]);
  }
  one.nowMs = NOW + 60 * MINUTE;
  await runUntil(one, store, NOW + 70 * MINUTE);

  const sent = [...one.sent, ...two.sent].sort((a, b) => a.nowMs - b.nowMs);
  const shown = sent.map(({ firing, resolved }) =>
    JSON.stringify([firing.map(({ key }) => key).sort(), resolved.map(({ key }) => key).sort()]),
  );
  for (const [index, state] of shown.entries()) expect(state).not.toBe(shown[index - 1]);
  const live = (await store.liveAlerts((await store.dueGroups(NOW + 999 * MINUTE, 1))[0]?.id ?? '')).filter(
    ({ alert }) => alert.endsAt === undefined,
  );
  expect(
    sent
      .at(-1)
      ?.firing.map(({ key }) => key)
      .sort(),
  ).toEqual(live.map(({ alert }) => alert.key).sort());
});

test('what was told but could not be written down is told once more, and nothing is lost', async () => {
  const store = await newStore();
  const rig = new Rig(undefined, { store });
  await rig.take(alertOf('A'));
  const finish = store.finishGroup.bind(store);
  store.finishGroup = () => Promise.reject(new Error('the table is away'));
  rig.nowMs = NOW + MINUTE;
  const [group] = await store.dueGroups(rig.nowMs, 1);
  const first = await rig.flush(group?.id ?? '');
  store.finishGroup = finish;
  // The claim ends by itself.
  rig.nowMs += 2 * MINUTE;
  await runUntil(rig, store, NOW + 30 * MINUTE);

  expect(first.isUnrecorded).toBe(true);
  expect(rig.log()).toEqual(['1 first: firing A', '3 first: firing A']);
});

test('silences, sources of inhibitions and counts of storms are kept', async () => {
  const store = await newStore();
  const silence = {
    id: 's',
    matchers: [{ label: 'a', op: '=' as const, value: 'b' }],
    startsAt: 1,
    endsAt: 2,
    author: 'kim',
    comment: 'x',
    updatedAt: 5,
  };

  expect(await store.putSilence(silence, 0)).toBe(true);
  expect(await store.putSilence({ ...silence, comment: 'older', updatedAt: 4 }, 0)).toBe(false);
  expect(await store.silences()).toEqual([silence]);
  await store.putSource({ rule: 'node', labels: { node: 'a' } }, sha256('x'), NOW);
  expect(await store.sources(['node', 'other'])).toEqual([{ rule: 'node', labels: { node: 'a' } }]);
  await store.removeSource('node', sha256('x'));
  expect(await store.sources(['node'])).toEqual([]);
  expect([await store.countFirst('r', 0, NOW), await store.countFirst('r', 0, NOW), await store.countFirst('r', 1, NOW)]).toEqual([
    1, 2, 1,
  ]);
});

test('a table that is not there rejects with the name of the error, and no credentials', async () => {
  const error = await tableAt(server.url)
    .group('x')
    .catch((caught: unknown) => caught);

  expect(String(error)).toMatch(/dynamodb GetItem: ResourceNotFoundException/);
});
