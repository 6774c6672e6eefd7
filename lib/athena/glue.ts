import type { PartitionKey, RowFormat, Table } from './types.ts';

const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';
const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';

/** Classes of a row format, and the parameters of its reader. */
export interface StorageFormat {
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly library: string;
  readonly parameters: { readonly [name: string]: string };
}

/**
 * How Athena reads a format. JSON by OpenX' reader, since Hive's fails the whole query at the first line that is no JSON (one cut by a full disk of years
 * ago); OpenX' makes it a row of NULLs.
 */
export function storageFormat(format: RowFormat): StorageFormat {
  const text = { inputFormat: TEXT_INPUT, outputFormat: TEXT_OUTPUT };
  switch (format.kind) {
    case 'regex':
      return { ...text, library: 'org.apache.hadoop.hive.serde2.RegexSerDe', parameters: { 'input.regex': format.regex } };
    case 'json':
      return { ...text, library: 'org.openx.data.jsonserde.JsonSerDe', parameters: { 'ignore.malformed.json': 'true' } };
    case 'tabs':
      return {
        ...text,
        library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        parameters: { 'field.delim': '\t', 'serialization.format': '\t' },
      };
    case 'parquet':
      return {
        inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
        library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        parameters: { 'serialization.format': '1' },
      };
  }
}

/** Parameters of a table: what it holds, and how the values of its partition keys are computed. */
export function tableParameters({ partitions, template, format }: Table): { readonly [name: string]: string } {
  return {
    EXTERNAL: 'TRUE',
    ...(format.kind === 'json' || format.kind === 'parquet' ? { classification: format.kind } : {}),
    ...(format.kind === 'tabs' ? { 'skip.header.line.count': String(format.headerLines) } : {}),
    ...(template === undefined
      ? {}
      : {
          'projection.enabled': 'true',
          'storage.location.template': template,
          ...Object.assign({}, ...partitions.map(projectionOf)),
        }),
  };
}

function projectionOf({ name, projection }: PartitionKey): { readonly [name: string]: string } {
  const key = `projection.${name}`;
  switch (projection.type) {
    case 'enum':
      return { [`${key}.type`]: 'enum', [`${key}.values`]: projection.values.join(',') };
    case 'date':
      return {
        [`${key}.type`]: 'date',
        [`${key}.format`]: projection.format,
        [`${key}.range`]: `${projection.first},NOW+1DAYS`,
        [`${key}.interval`]: '1',
        [`${key}.interval.unit`]: 'DAYS',
      };
    case 'integer':
      return {
        [`${key}.type`]: 'integer',
        [`${key}.range`]: `${projection.from},${projection.to}`,
        [`${key}.interval`]: '1',
        [`${key}.digits`]: String(projection.digits),
      };
  }
}
