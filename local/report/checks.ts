import type { FilterCounts } from '../account/ledger.ts';
import type { LetterSummary } from './dead-letters.ts';
import { documentsByFirehose } from './delivery-streams.ts';
import type { Check, ReportInput, SourceReport } from './types.ts';

/** Whether every event is accounted for: what the files held, what was forwarded, what the functions said, what the engine holds. */
export function checkRun(
  input: ReportInput,
  sources: readonly SourceReport[],
  indices: ReadonlyMap<string, number>,
  letters: readonly LetterSummary[],
): Check[] {
  return [
    ...sourceChecks(sources),
    ...functionChecks(input),
    ...filterChecks(input),
    ...queueChecks(input),
    ...deliveryChecks(input),
    ...searchChecks(input, sources, indices, letters),
  ];
}

function sourceChecks(sources: readonly SourceReport[]): Check[] {
  if (sources.length === 0) return [{ name: 'the functions reported counts', ok: false, detail: 'no metric was written by any function' }];
  return sources.map(({ source, counts, excludedTotal, unaccounted }) => ({
    name: `${source}: received = indexed + duplicate + dead-lettered + excluded + joined + returned${counts.handedOn === undefined ? '' : ' + handed on'}`,
    ok: unaccounted === 0,
    detail: `${counts.received} = ${counts.indexed} + ${counts.duplicate} + ${counts.deadLettered} + ${excludedTotal} + ${counts.joined} + ${counts.returned}${counts.handedOn === undefined ? '' : ` + ${counts.handedOn}`}`,
  }));
}

function functionChecks({ ledger, metrics }: ReportInput): Check[] {
  return [...ledger.attempts].map(([name, { events, unreported }]) => {
    const received = metrics.byFunction.get(name)?.received ?? 0;
    return {
      name: `${name}: it counted every event that it was invoked with`,
      ok: received === events - unreported,
      detail: `${received} received, ${events} handed over${unreported > 0 ? `, ${unreported} of them in attempts that ended before any count` : ''}`,
    };
  });
}

function filterChecks({ ledger }: ReportInput): Check[] {
  const checks: Check[] = [];
  const byGroup = new Map<string, FilterCounts[]>();
  for (const filter of ledger.filters.values()) byGroup.set(filter.logGroup, [...(byGroup.get(filter.logGroup) ?? []), filter]);
  for (const [logGroup, counts] of ledger.groups) {
    const filters = byGroup.get(logGroup) ?? [];
    const lines = filters.map(({ matched, unmatched }) => `${matched} matched + ${unmatched} not`);
    const ok =
      filters.length > 0 && filters.every(({ matched, unmatched }) => matched + unmatched === counts.put) && counts.refusedByTime === 0;
    const refused = counts.refusedByTime > 0 ? `, ${counts.refusedByTime} refused for their time` : '';
    checks.push({
      name: `${logGroup}: every event met a subscription`,
      ok: ok && counts.read === counts.put + counts.empty + counts.refusedByTime,
      detail: `${counts.read} read, ${counts.put} put${refused}; ${lines.join('; ') || 'no subscription takes this group'}`,
    });
  }
  for (const { filter, logGroup, matched, redelivered, done, keptAside, lost } of ledger.filters.values()) {
    checks.push({
      name: `${filter} on ${logGroup || 'the account'}: every forwarded event was taken`,
      ok: matched + redelivered === done,
      detail: `${matched} forwarded + ${redelivered} sent again = ${done} taken${keptAside > 0 ? ` + ${keptAside} in the on-failure bucket` : ''}${lost > 0 ? ` + ${lost} lost` : ''}`,
    });
  }
  for (const [reason, events] of ledger.losses) checks.push({ name: 'no event was lost', ok: false, detail: `${events}: ${reason}` });
  return checks;
}

/** A message that lies in a queue at the end was not done. */
function queueChecks({ account }: ReportInput): Check[] {
  return [...account.messages.queues.values()]
    .filter(({ size }) => size > 0)
    .map(({ spec, size }) => ({ name: `queue ${spec.name}: nothing is left in it`, ok: false, detail: `${size} messages` }));
}

/** What the function of delivery streams has handed on is at their destinations, or refused by them and kept: nothing is on its way any more. */
function deliveryChecks({ account, metrics }: ReportInput): Check[] {
  const byFunction = Map.groupBy(account.deliveryStreams.values(), ({ spec }) => spec.processor?.functionArn ?? '');
  return [...byFunction].flatMap(([functionArn, streams]): Check[] => {
    const handedOn = metrics.byFunction.get(functionArn.slice(functionArn.lastIndexOf(':') + 1))?.handedOn ?? 0;
    const delivered = streams.reduce((sum, stream) => sum + stream.delivered.delivered, 0);
    const refused = streams.reduce((sum, stream) => sum + stream.delivered.refused, 0);
    const waiting = streams.reduce((sum, stream) => sum + stream.waiting, 0);
    return [
      {
        name: `${streams.map(({ spec }) => spec.name).join(', ')}: what was handed on was delivered`,
        ok: handedOn === delivered + refused && waiting === 0,
        detail: `${handedOn} handed on = ${delivered} delivered + ${refused} refused and kept${waiting > 0 ? `; ${waiting} records are still on their way` : ''}`,
      },
    ];
  });
}

function searchChecks(
  input: ReportInput,
  sources: readonly SourceReport[],
  indices: ReadonlyMap<string, number>,
  letters: readonly LetterSummary[],
): Check[] {
  const { duplicatesBefore, ledger, redelivery, search } = input;
  const byFirehose = documentsByFirehose(input);
  const indexed = sources.reduce((sum, { counts }) => sum + counts.indexed, 0);
  const duplicates = sources.reduce((sum, { counts }) => sum + counts.duplicate, 0);
  let documents = 0;
  for (const count of indices.values()) documents += count;
  const put = [...ledger.groups.values()].reduce((sum, counts) => sum + counts.put, 0);
  const failed = letters.filter(({ reason }) => reason === 'transform-failed').length;
  return [
    {
      name: 'events became documents, and none was dead-lettered for a fault of ours',
      // In a cluster that was there, an earlier run of the same files has left the same documents.
      ok: (indexed + duplicates > 0 || put === 0) && failed === 0,
      detail: `${indexed} indexed; ${letters.length} dead letters, ${failed} of them because the transform failed`,
    },
    {
      name: `${search.kind === 'engine' ? 'the engine' : 'the file sink'} holds exactly the documents that the functions counted as indexed`,
      // A request whose answer was lost may have stored its documents: sent again, they are counted as duplicates. No more than these.
      ok: documents >= indexed + byFirehose && documents <= indexed + byFirehose + duplicatesBefore,
      detail: `${documents} documents, ${indexed} indexed${byFirehose > 0 ? ` + ${byFirehose} by Firehose` : ''}${documents > indexed + byFirehose ? `, ${documents - indexed - byFirehose} found when they were sent again after an answer that never came` : ''}`,
    },
    {
      name: 'a second delivery stored nothing twice',
      ok: redelivery.newDocuments === 0 && redelivery.events > 0,
      detail: `${redelivery.events} events sent again, ${redelivery.newDocuments} new documents`,
    },
  ];
}
