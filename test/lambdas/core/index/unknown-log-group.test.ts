import { transformBatch } from '../../../../lambdas/core/index/transform.ts';
import type { SourceBatch } from '../../../../lambdas/core/index/types.ts';
import { compileRules } from '../../../../lambdas/core/rules/compile.ts';
import type { Rules } from '../../../../lambdas/core/rules/rules.ts';

const NOW = Date.UTC(2026, 10, 21, 10);
const rules: Rules = {
  account: '111122223333',
  region: 'us-east-1',
  sources: [],
  applications: [],
  families: {},
  redaction: { builtin: [], fields: [], patterns: [] },
  timeBounds: { backMs: 86_400_000, aheadMs: 3_600_000 },
};
const ports = { nowMs: NOW, hash: (text: string) => text, write: () => 0 };

function batch(count: number): SourceBatch {
  const events = Array.from({ length: count }, (_, index) => ({ id: String(index + 1), timestamp: NOW, message: 'a line' }));
  return { owner: '111122223333', logGroup: '/example/other', logStream: 's', events };
}

test('events of a group that no source names are kept as dead letters where nothing should have sent them', () => {
  const { counts, rejected } = transformBatch(batch(2), compileRules(rules), ports);

  expect(rejected).toEqual([0, 1].map((event) => ({ event, reason: 'unknown-log-group', detail: '/example/other' })));
  expect(counts).toMatchObject({ received: 2, excluded: {} });
});

test('they are counted and dropped where an account-level subscription sends them', () => {
  const compiled = compileRules({ ...rules, unknownLogGroups: 'exclude' });

  const { counts, documents, rejected } = transformBatch(batch(2), compiled, ports);

  expect([documents, rejected]).toEqual([[], []]);
  expect(counts).toMatchObject({ received: 2, excluded: { 'unknown-log-group': 2 } });
});

test('an empty payload counts nothing', () => {
  const compiled = compileRules({ ...rules, unknownLogGroups: 'exclude' });

  expect(transformBatch(batch(0), compiled, ports).counts).toMatchObject({ received: 0, excluded: {} });
});
