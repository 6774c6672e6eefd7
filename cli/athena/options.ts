import { parseArgs } from 'node:util';
import { readParameters, readPrice } from '../query/values.ts';

/** What a call of `athena` asks for. */
export interface AthenaOptions {
  readonly name: string | undefined;
  /** A file with a statement, instead of a named query. */
  readonly file: string | undefined;
  /** Folder of buckets; undefined when the query runs in the account. */
  readonly local: string | undefined;
  /** Values of parameters, `from` and `to` among them. */
  readonly values: { readonly [name: string]: string };
  readonly output: 'table' | 'json' | 'csv';
  readonly list: boolean;
  readonly config: string | undefined;
  readonly region: string | undefined;
  readonly workgroup: string | undefined;
  readonly database: string | undefined;
  readonly pricePerTb: number | undefined;
}

/** Reads the arguments; a text is what is wrong with them. */
export function readOptions(args: string[]): AthenaOptions | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = parsed;
  const list = values.list === true;
  const [name, second] = positionals;
  if (second !== undefined) return `"${second}" is one argument too many`;
  if (list && (values.file !== undefined || values.local !== undefined)) return '--list shows names; it runs nothing';
  if (name !== undefined && values.file !== undefined) return `name a query or give --file, not both ("${name}", "${values.file}")`;
  if (!list && name === undefined && values.file === undefined) return 'name a query, or give --file F; --list shows names';
  if (values.json === true && values.csv === true) return '--json and --csv exclude each other';
  if (values.local !== undefined && (values.workgroup !== undefined || values.region !== undefined))
    return '--local runs here; --workgroup and --region are of the account';
  const given = readParameters(values.param);
  if (typeof given === 'string') return given;
  for (const key of ['from', 'to'] as const) {
    const value = values[key];
    if (value === undefined) continue;
    if (given[key] !== undefined) return `--${key} and --param ${key}=… say the same twice`;
    given[key] = value;
  }
  const pricePerTb = readPrice('--price-per-tb', values['price-per-tb']);
  if (typeof pricePerTb === 'string') return pricePerTb;
  return {
    name,
    file: values.file,
    local: values.local,
    values: given,
    output: values.json === true ? 'json' : values.csv === true ? 'csv' : 'table',
    list,
    config: values.config,
    region: values.region,
    workgroup: values.workgroup,
    database: values.database,
    pricePerTb,
  };
}

function parse(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      file: { type: 'string', short: 'f' },
      local: { type: 'string' },
      param: { type: 'string', multiple: true },
      from: { type: 'string' },
      to: { type: 'string' },
      json: { type: 'boolean' },
      csv: { type: 'boolean' },
      list: { type: 'boolean' },
      config: { type: 'string' },
      region: { type: 'string' },
      workgroup: { type: 'string' },
      database: { type: 'string' },
      'price-per-tb': { type: 'string' },
    },
  });
}
