/** What a prefix may ask for. */
export interface PrefixValues {
  /** ms since the epoch. */
  readonly timeMs: number;
  readonly partitionKeys?: { readonly [key: string]: string };
  readonly errorType?: string;
}

const EXPRESSION = /!\{([^}]*)\}/g;

/**
 * Works out a prefix of S3 as Firehose does: `!{timestamp:yyyy-MM-dd}` in UTC, `!{partitionKeyFromLambda:name}`, `!{firehose:error-output-type}`. Undefined
 * where the record has not all partition keys. Throws on an expression that has no counterpart here.
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export function evaluatePrefix(prefix: string, { timeMs, partitionKeys, errorType }: PrefixValues): string | undefined {
  let isComplete = true;
  const text = prefix.replace(EXPRESSION, (_all, expression: string) => {
    const colon = expression.indexOf(':');
    const namespace = expression.slice(0, colon);
    const name = expression.slice(colon + 1);
    if (namespace === 'timestamp') return formatTime(name, timeMs);
    if (namespace === 'firehose' && name === 'error-output-type' && errorType !== undefined) return errorType;
    if (namespace !== 'partitionKeyFromLambda') throw new Error(`the prefix !{${expression}} has no counterpart on this machine`);
    const value = partitionKeys?.[name];
    if (value === undefined || value === '') isComplete = false;
    return value ?? '';
  });
  return isComplete ? text : undefined;
}

/** Letters of Java's DateTimeFormatter that a prefix of ours uses. */
function formatTime(pattern: string, timeMs: number): string {
  const [date = '', time = ''] = new Date(timeMs).toISOString().split('T');
  const [yyyy = '', MM = '', dd = ''] = date.split('-');
  const parts: { readonly [letters: string]: string } = { yyyy, MM, dd, HH: time.slice(0, 2), mm: time.slice(3, 5), ss: time.slice(6, 8) };
  return pattern.replace(/[A-Za-z]+/g, (letters) => {
    const part = parts[letters];
    if (part === undefined) throw new Error(`the time pattern ${pattern} has no counterpart on this machine`);
    return part;
  });
}

/** Name of an object behind its prefix: stream, version, time, id. */
export function objectName(stream: string, timeMs: number, id: string): string {
  return `${stream}-1-${formatTime('yyyy-MM-dd-HH-mm-ss', timeMs)}-${id}`;
}

/** What Firehose puts behind the name of an index, by the arrival of a record in UTC; weeks begin on Sunday, the first one holds January 1st. */
export function rotationSuffix(rotation: string, arrivalMs: number): string {
  switch (rotation) {
    case 'NoRotation':
      return '';
    case 'OneHour':
      return `-${formatTime('yyyy-MM-dd-HH', arrivalMs)}`;
    case 'OneDay':
      return `-${formatTime('yyyy-MM-dd', arrivalMs)}`;
    case 'OneMonth':
      return `-${formatTime('yyyy-MM', arrivalMs)}`;
    case 'OneWeek':
      return `-${weekText(arrivalMs)}`;
    default:
      throw new Error(`the index rotation ${rotation} has no counterpart on this machine`);
  }
}

const DAY_MS = 86_400_000;

/** `2016-w08`: the first week of a year is the first one with a Saturday of it. */
function weekText(timeMs: number): string {
  const day = Math.floor(timeMs / DAY_MS);
  // 1970-01-01 was a Thursday: the week of a day ends on the Saturday that follows it.
  const saturday = day + ((6 - ((day + 4) % 7) + 7) % 7);
  const year = new Date(saturday * DAY_MS).getUTCFullYear();
  const firstOfYear = Math.floor(Date.UTC(year, 0, 1) / DAY_MS);
  const firstSaturday = firstOfYear + ((6 - ((firstOfYear + 4) % 7) + 7) % 7);
  return `${year}-w${String((saturday - firstSaturday) / 7 + 1).padStart(2, '0')}`;
}
