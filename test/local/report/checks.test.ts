import { emptyCounts } from '../../../lambdas/core/delivery/counts.ts';
import { Ledger } from '../../../local/account/ledger.ts';
import { checkRun } from '../../../local/report/checks.ts';
import type { ReportInput } from '../../../local/report/types.ts';

/** The check of the engine's documents, after so many were counted as indexed and as duplicates of a first delivery. */
function engineCheck(documents: number, indexed: number, duplicatesBefore: number) {
  const input = {
    account: { messages: { queues: new Map() }, deliveryStreams: new Map() },
    ledger: new Ledger(),
    metrics: { byFunction: new Map() },
    redelivery: { events: 5, newDocuments: 0 },
    search: { kind: 'engine' },
    duplicatesBefore,
  } as unknown as ReportInput;
  const source = { source: 'app', counts: { ...emptyCounts(), received: indexed, indexed }, excludedTotal: 0, unaccounted: 0 };
  return checkRun(input, [source], new Map([['app-1', documents]]), []).find(({ name }) => name.startsWith('the engine holds'));
}

test('the engine holds what was counted as indexed, no more and no less', () => {
  expect(engineCheck(100, 100, 0)).toMatchObject({ ok: true, detail: '100 documents, 100 indexed' });
  expect(engineCheck(101, 100, 0)?.ok).toBe(false);
  expect(engineCheck(99, 100, 0)?.ok).toBe(false);
});

test('documents of a request whose answer was lost are counted as duplicates when they are sent again, and no others', () => {
  expect(engineCheck(100, 75, 25)).toMatchObject({
    ok: true,
    detail: '100 documents, 75 indexed, 25 found when they were sent again after an answer that never came',
  });
  expect(engineCheck(101, 75, 25)?.ok).toBe(false);
  expect(engineCheck(74, 75, 25)?.ok).toBe(false);
});
