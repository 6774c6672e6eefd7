import type { InvocationReport } from '../core/firehose/invocation.ts';
import { printCounts } from './print-counts.ts';

/** Prints the counts of one invocation as EMF lines: by source as every function does, and what became of the records of the delivery stream. */
export function printTransform(
  { sources, failed, records, reingested }: InvocationReport,
  { namespace, functionName, stream, nowMs }: { namespace: string; functionName: string; stream: string; nowMs: number },
): void {
  for (const [source, report] of sources) printCounts(source, report, { namespace, functionName, nowMs });
  const count = (result: string): number => records.filter((record) => record.result === result).length;
  const values = {
    RecordsOk: count('Ok'),
    RecordsDropped: count('Dropped'),
    RecordsFailed: count('ProcessingFailed'),
    RecordsReingested: reingested,
  };
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: 'Count' }));
  const _aws = { Timestamp: nowMs, CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [['DeliveryStream']], Metrics }] };
  console.log(JSON.stringify({ _aws, DeliveryStream: stream, ...values, failedByReason: failed }));
}
