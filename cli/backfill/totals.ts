import { addTally, type Tally } from '../../lambdas/core/delivery/settle.ts';

/** What became of everything that was read, over all runs of one backfill. In source events. */
export interface Totals {
  read: number;
  indexed: number;
  /** Written over what was there, with `--overwrite`. */
  overwritten: number;
  /** There already. */
  duplicate: number;
  /** Part of a record whose first event has the document. */
  joined: number;
  /** What the search will never take, by reason; the originals are where they were. */
  readonly refused: Tally;
  /** By rule. */
  readonly excluded: Tally;
  /** Documents that could not be written, by index that is read-only. */
  readonly readOnly: Tally;
  /** Files and lines that hold no event, by reason. */
  readonly unreadable: Tally;
  /** Documents of lines that no parser understood; they are among the others. */
  unparsed: number;
  files: number;
  /** Bytes of the source as it lists them. */
  bytes: number;
}

/** Nothing yet. */
export function newTotals(): Totals {
  return {
    ...{ read: 0, indexed: 0, overwritten: 0, duplicate: 0, joined: 0, unparsed: 0, files: 0, bytes: 0 },
    ...{ refused: {}, excluded: {}, readOnly: {}, unreadable: {} },
  };
}

/** Adds `from` to `into`, in place. */
export function addTotals(into: Totals, from: Totals): void {
  for (const name of ['read', 'indexed', 'overwritten', 'duplicate', 'joined', 'unparsed', 'files', 'bytes'] as const)
    into[name] += from[name];
  for (const name of ['refused', 'excluded', 'readOnly', 'unreadable'] as const) addTally(into[name], from[name]);
}

const sum = (tally: Tally): number => Object.values(tally).reduce((all, count) => all + count, 0);

/** Events that no count accounts for; 0 where all is well. */
export function unaccounted(totals: Totals): number {
  const { read, indexed, overwritten, duplicate, joined, refused, excluded } = totals;
  return read - (indexed + overwritten + duplicate + joined + sum(refused) + sum(excluded));
}

/** Whether everything that was read is in the search or was left out by a rule. */
export function isWhole(totals: Totals): boolean {
  return unaccounted(totals) === 0 && sum(totals.refused) === 0 && sum(totals.unreadable) === 0;
}

/** `12 mapper-parsing, 3 index-read-only` */
export function tallyText(tally: Tally): string {
  return Object.entries(tally)
    .map(([name, count]) => `${count.toLocaleString('en-US')} ${name}`)
    .join(', ');
}
