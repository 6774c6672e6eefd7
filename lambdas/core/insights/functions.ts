/** What a function gives: `time` values are milliseconds inside and are shown as dates. */
export type ResultType = 'number' | 'string' | 'boolean' | 'time' | 'structure' | 'any';

/** A function of the language as CloudWatch documents it (names are found in any case). */
export interface FunctionInfo {
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate';
  readonly min: number;
  readonly max: number;
  readonly result: ResultType;
  /** `count(*)`. */
  readonly star?: boolean;
  /** Position of an argument that is a length of time. */
  readonly periodAt?: number;
  /** Why it cannot run on files; it is still accepted for a query that runs in the account. */
  readonly accountOnly?: string;
}

type Row = readonly [name: string, min: number, max: number, result: ResultType, more?: Partial<FunctionInfo>];

const MANY = 1000;

const SCALARS: readonly Row[] = [
  // Numbers.
  ['abs', 1, 1, 'number'],
  ['ceil', 1, 1, 'number'],
  ['floor', 1, 1, 'number'],
  ['greatest', 1, MANY, 'number'],
  ['least', 1, MANY, 'number'],
  ['log', 1, 1, 'number'],
  ['round', 1, 2, 'number'],
  ['sqrt', 1, 1, 'number'],
  ['haversine', 4, 4, 'number'],
  ['toNumber', 1, 1, 'number'],
  ['toInt', 1, 1, 'number'],
  ['toLong', 1, 1, 'number'],
  ['toDouble', 1, 1, 'number'],
  // Dates.
  ['bin', 1, 1, 'time', { periodAt: 0 }],
  ['datefloor', 2, 2, 'time', { periodAt: 1 }],
  ['dateceil', 2, 2, 'time', { periodAt: 1 }],
  ['fromMillis', 1, 1, 'time'],
  ['toMillis', 1, 1, 'number'],
  ['now', 0, 0, 'number'],
  ['parseDate', 2, 3, 'number'],
  ['formatDate', 2, 3, 'string'],
  ['strftime', 2, 3, 'string'],
  // General.
  ['ispresent', 1, 1, 'boolean'],
  ['coalesce', 1, MANY, 'any'],
  ['case', 2, 21, 'any'],
  ['if', 3, 3, 'any'],
  ['isNumeric', 1, 1, 'boolean'],
  ['messageSize', 1, 1, 'number'],
  ['queryStartTime', 0, 0, 'number'],
  ['queryEndTime', 0, 0, 'number'],
  ['queryTimeRange', 0, 0, 'number'],
  ['unmask', 1, 1, 'any'],
  // JSON.
  ['jsonParse', 1, 1, 'structure'],
  ['jsonStringify', 1, 1, 'string'],
  ['jsonArraySize', 1, 1, 'number'],
  ['jsonArrayContains', 2, 2, 'boolean'],
  // IP addresses.
  ['isValidIp', 1, 1, 'boolean'],
  ['isValidIpV4', 1, 1, 'boolean'],
  ['isValidIpV6', 1, 1, 'boolean'],
  ['isIpInSubnet', 2, 2, 'boolean'],
  ['isIpv4InSubnet', 2, 2, 'boolean'],
  ['isIpv6InSubnet', 2, 2, 'boolean'],
  ['ipv4ToNumber', 1, 1, 'number'],
  ['isPrivateIP', 1, 1, 'boolean'],
  ['isPublicIP', 1, 1, 'boolean'],
  ['isReservedIP', 1, 1, 'boolean'],
  // Strings.
  ['isempty', 1, 1, 'boolean'],
  ['isblank', 1, 1, 'boolean'],
  ['concat', 1, MANY, 'string'],
  ['ltrim', 1, 2, 'string'],
  ['rtrim', 1, 2, 'string'],
  ['trim', 1, 2, 'string'],
  ['strlen', 1, 1, 'number'],
  ['toupper', 1, 1, 'string'],
  ['tolower', 1, 1, 'string'],
  ['substr', 2, 3, 'string'],
  ['replace', 3, 3, 'string'],
  ['regexReplace', 3, 3, 'string'],
  ['strcontains', 2, 3, 'boolean'],
  ['startsWith', 2, 2, 'boolean'],
  ['endsWith', 2, 2, 'boolean'],
  ['urlencode', 1, 1, 'string'],
  ['urldecode', 1, 1, 'string'],
  ['base64encode', 1, 1, 'string'],
  ['base64decode', 1, 1, 'string'],
  ['split', 2, 2, 'structure'],
  ['hexToAscii', 1, 1, 'string'],
  ['hexToDec', 1, 1, 'number'],
  ['decToHex', 1, 1, 'string'],
  // Hashes.
  ['md5', 1, 1, 'string'],
  ['sha256', 1, 1, 'string'],
];

const AGGREGATES: readonly Row[] = [
  ['count', 0, 1, 'number', { star: true }],
  ['count_distinct', 1, 1, 'number'],
  ['countDistinct', 1, 1, 'number'],
  ['sum', 1, 1, 'number'],
  ['avg', 1, 1, 'number'],
  ['min', 1, 1, 'any'],
  ['max', 1, 1, 'any'],
  ['pct', 2, 2, 'any'],
  ['median', 1, 1, 'any'],
  ['stddev', 1, 1, 'number'],
  ['earliest', 1, 1, 'any'],
  ['latest', 1, 1, 'any'],
  ['sortsFirst', 1, 1, 'any'],
  ['sortsLast', 1, 1, 'any'],
  ['countOverTime', 1, 1, 'number', { star: true }],
  ['count_over_time', 1, 1, 'number', { star: true }],
  ['sumOverTime', 1, 1, 'number'],
  ['sum_over_time', 1, 1, 'number'],
  ['rate', 2, 2, 'number', { periodAt: 1, accountOnly: 'the documentation does not say how it counts the change' }],
  ['histogram', 2, 2, 'structure', { accountOnly: 'the documentation does not say how it names its ranges' }],
];

const BY_NAME = new Map<string, FunctionInfo>();
for (const [kind, rows] of [
  ['scalar', SCALARS],
  ['aggregate', AGGREGATES],
] as const) {
  for (const [name, min, max, result, more] of rows) BY_NAME.set(name.toLowerCase(), { name, kind, min, max, result, ...more });
}

/** Looks a function up, in any case. */
export function functionNamed(name: string): FunctionInfo | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** All functions, for "did you mean". */
export function functionNames(): string[] {
  return [...BY_NAME.values()].map((info) => info.name);
}
