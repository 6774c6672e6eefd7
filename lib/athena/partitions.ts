import type { PartitionKey } from './types.ts';

/** A key of days from `first` (YYYY-MM-DD) on; `format` is that of the folders, in Java's letters. */
export function days(name: string, format: 'yyyy-MM-dd' | 'yyyy/MM/dd', first: string, comment: string): PartitionKey {
  return { name, comment, projection: { type: 'date', format, first: format === 'yyyy/MM/dd' ? first.replaceAll('-', '/') : first } };
}

/** The hour of an event, `00` to `23`: a text, as the folder is named. */
export const HOURS: PartitionKey = {
  name: 'hr',
  comment: 'hour, 00 to 23, UTC',
  projection: { type: 'integer', from: 0, to: 23, digits: 2 },
};
