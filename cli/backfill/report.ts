import { isoOf } from './options.ts';
import type { RunEnd } from './run.ts';
import type { Identity } from './state.ts';
import { isWhole, type Totals, tallyText, unaccounted } from './totals.ts';

const whole = (value: number): string => value.toLocaleString('en-US');
const MAX_NAMED = 10;

/** What to do about reasons that people can do something about. */
const ADVICE: { readonly [reason: string]: string } = {
  'index-read-only':
    'these indices are read-only since their warm age: PUT <index>/_settings {"index.blocks.write": null} where they are on hot nodes still, and run it again; UltraWarm and cold indices take no documents',
  'file-parquet':
    "Parquet holds no lines: let Athena write JSON of it (UNLOAD (SELECT … FROM table WHERE dt = '2026-11-21') TO 's3://bucket/prefix/' WITH (format = 'JSON', compression = 'gzip')) and name that by --input",
};

/** How a backfill ended, in lines. */
export function resultText(totals: Totals, end: RunEnd, { overwrite }: Identity, isDryRun: boolean): string {
  const { read, indexed, overwritten, duplicate, joined, refused, excluded, unreadable, unparsed, readOnly } = totals;
  const parts = [
    `${isDryRun ? 'would index' : 'indexed'} ${whole(indexed)}`,
    ...(overwrite && !isDryRun ? [`overwrote ${whole(overwritten)}`] : []),
    ...(isDryRun ? [] : [`were there already ${whole(duplicate)}`]),
    ...(joined > 0 ? [`joined to others ${whole(joined)}`] : []),
    ...(Object.keys(excluded).length > 0 ? [`excluded ${tallyText(excluded)}`] : []),
    ...(Object.keys(refused).length > 0 ? [`refused ${tallyText(refused)}`] : []),
  ];
  const missing = unaccounted(totals);
  const lines = [
    `read ${whole(read)} events: ${parts.join(', ')}${missing === 0 ? '; every event is accounted for' : `; ${whole(missing)} EVENTS ARE NOT ACCOUNTED FOR`}`,
    ...(unparsed > 0 ? [`${whole(unparsed)} of them no parser understood: indexed as they are, with parse.error`] : []),
    ...(Object.keys(unreadable).length > 0 ? [`could not be read: ${tallyText(unreadable)}`] : []),
    ...namesOf(readOnly),
    ...[...Object.keys(refused), ...Object.keys(unreadable)].flatMap((reason) => ADVICE[reason] ?? []),
    ...(end.kind === 'stopped' ? [`stopped: the search did not take ${tallyText(end.returned)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function namesOf(readOnly: Totals['readOnly']): string[] {
  const names = Object.entries(readOnly).sort(([a], [b]) => (a < b ? -1 : 1));
  const named = names.slice(0, MAX_NAMED).map(([index, count]) => `  ${index}: ${whole(count)} documents not written`);
  return names.length > MAX_NAMED ? [...named, `  and ${names.length - MAX_NAMED} more indices`] : named;
}

/** The call that goes on with a backfill, its range in absolute times. */
export function resumeCall({ source, range }: Identity): string {
  return `eks-telemetry backfill ${source} --resume --config FILE   (${isoOf(range.fromMs)} to ${isoOf(range.toMs)})`;
}

/** 0 where everything is in the search, 1 where something is missing. */
export function exitCode(totals: Totals, end: RunEnd): number {
  return end.kind === 'done' && isWhole(totals) ? 0 : 1;
}
