import { overwriteAll } from '../../../../lambdas/core/index/overwrite.ts';
import { APPLICATION, application, events, RULES, record, run } from './transform-support.ts';

test('every action becomes an index without a version, for the same index and id; documents stay as they are', () => {
  const rules = { ...RULES, applications: [application({ name: 'checkout', match: { container: 'web' }, format: 'java' })] };
  const at = (n: number): string => `2026-11-21T08:39:00.00000000${n}Z`;
  const head = '2026-11-21 08:39:00.000 ERROR [main] com.example.Order : "version":1';
  const bulk = run(
    {
      ...{ logGroup: APPLICATION, logStream: 'node' },
      events: events(
        record(head, { time: at(1) }),
        record('\tat com.example.Order.place(Order.java:1)', { time: at(2) }),
        record(head, { time: at(3) }),
      ),
    },
    rules,
  );
  const before = rows(bulk.body);

  overwriteAll(bulk);

  const after = rows(bulk.body);
  expect(before.map(({ action }) => Object.keys(action)[0])).toEqual(['index', 'create']);
  expect(after.map(({ action }) => action)).toEqual(
    before.map(({ action }) => {
      const { _index, _id } = Object.values(action)[0] as { _index: string; _id: string };
      return { index: { _index, _id } };
    }),
  );
  expect(after.map(({ document }) => document)).toEqual(before.map(({ document }) => document));
});

function rows(body: Uint8Array): { action: Record<string, unknown>; document: string }[] {
  const lines = Buffer.from(body).toString('utf8').split('\n').slice(0, -1);
  return lines.flatMap((line, at) =>
    at % 2 === 0 ? [{ action: JSON.parse(line) as Record<string, unknown>, document: lines[at + 1] as string }] : [],
  );
}
