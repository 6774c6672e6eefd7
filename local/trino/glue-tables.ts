// Glue tables and named queries of the templates, as Trino takes them: https://docs.aws.amazon.com/glue/latest/webapi/API_Table.html
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Json, listAt, objectAt, textAt } from '../template/json.ts';
import type { Resolver } from '../template/resolver.ts';
import { TRINO_VERSION } from './release.ts';

interface GlueColumn {
  readonly name: string;
  readonly type: string;
}

/** A table as the template has it. */
export interface GlueTable {
  readonly database: string;
  readonly name: string;
  /** `s3://bucket/prefix/`. */
  readonly location: string;
  readonly columns: readonly GlueColumn[];
  readonly partitionKeys: readonly GlueColumn[];
  readonly parameters: { readonly [name: string]: string };
  readonly serde: string;
  readonly serdeParameters: { readonly [name: string]: string };
}

/** A named query as the template has it. */
export interface NamedQuery {
  readonly name: string;
  readonly database: string;
  readonly description: string;
  readonly text: string;
}

/** Tables of the templates. */
export function glueTables(resolver: Resolver): GlueTable[] {
  return resolver
    .resources((type) => type === 'AWS::Glue::Table')
    .map(({ properties }) => {
      const input = objectAt(properties, 'TableInput');
      const storage = objectAt(input, 'StorageDescriptor');
      const serde = objectAt(storage, 'SerdeInfo');
      return {
        database: textAt(properties, 'DatabaseName') ?? '',
        name: textAt(input, 'Name') ?? '',
        location: textAt(storage, 'Location') ?? '',
        columns: listAt(storage, 'Columns').map(columnOf),
        partitionKeys: listAt(input, 'PartitionKeys').map(columnOf),
        parameters: textsOf(objectAt(input, 'Parameters')),
        serde: textAt(serde, 'SerializationLibrary') ?? '',
        serdeParameters: textsOf(objectAt(serde, 'Parameters')),
      };
    });
}

/** Named queries of the templates, by name. */
export function namedQueries(resolver: Resolver): NamedQuery[] {
  return resolver
    .resources((type) => type === 'AWS::Athena::NamedQuery')
    .map(({ properties }) => ({
      name: textAt(properties, 'Name') ?? '',
      database: textAt(properties, 'Database') ?? '',
      description: textAt(properties, 'Description') ?? '',
      text: textAt(properties, 'QueryString') ?? '',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function columnOf(value: Json): GlueColumn {
  return { name: textAt(value, 'Name') ?? '', type: textAt(value, 'Type') ?? 'string' };
}

function textsOf(value: { readonly [name: string]: Json }): { [name: string]: string } {
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]));
}

/** Trino's name for what a reader of Glue reads. Grok, Ion and CloudTrail are Athena's alone. */
const FORMATS: { readonly [serde: string]: string } = {
  'org.apache.hadoop.hive.serde2.RegexSerDe': 'REGEX',
  'org.openx.data.jsonserde.JsonSerDe': 'OPENX_JSON',
  'org.apache.hive.hcatalog.data.JsonSerDe': 'JSON',
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe': 'TEXTFILE',
  'org.apache.hadoop.hive.serde2.OpenCSVSerde': 'CSV',
  'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe': 'PARQUET',
  'org.apache.hadoop.hive.ql.io.orc.OrcSerde': 'ORC',
};

/**
 * Writes tables into the metastore of a Trino whose files lie in `files`, over the buckets in `buckets` (`<buckets>/<bucket>/<key>`). Parameters go in as
 * they are, so that a projection that Athena would refuse is refused here. Throws for a format that Trino does not read.
 */
export async function registerTables(files: string, tables: readonly GlueTable[], buckets: string): Promise<void> {
  await symlink(buckets, join(files, 's3'));
  for (const database of new Set(tables.map((table) => table.database))) {
    const folder = join(files, 'metastore', database);
    await mkdir(folder, { recursive: true });
    await writeFile(join(files, 'metastore', `.${database}.trinoSchema`), JSON.stringify(databaseSchema(database)));
  }
  for (const table of tables) {
    const folder = join(files, 'metastore', table.database, table.name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '.trinoSchema'), JSON.stringify(metastoreTable(table)));
  }
}

/** A database as Trino's file metastore has it. */
export function databaseSchema(databaseName: string): object {
  return { writerVersion: TRINO_VERSION, databaseName, ownerName: 'local', ownerType: 'USER', parameters: {} };
}

/** A table as Trino's file metastore has it. */
export function metastoreTable(table: GlueTable): object {
  const format = FORMATS[table.serde];
  if (format === undefined) throw new Error(`table ${table.name}: Trino does not read ${table.serde}`);
  const { parameters } = table;
  const template = parameters['storage.location.template'];
  return {
    writerVersion: TRINO_VERSION,
    owner: 'local',
    tableType: 'EXTERNAL_TABLE',
    dataColumns: table.columns.map(metastoreColumn),
    partitionColumns: table.partitionKeys.map(metastoreColumn),
    parameters: {
      ...parameters,
      ...table.serdeParameters,
      ...(template === undefined ? {} : { 'storage.location.template': localLocation(template) }),
    },
    storageFormat: format,
    serdeParameters: table.serdeParameters,
    externalLocation: localLocation(table.location),
    columnStatistics: {},
  };
}

function metastoreColumn({ name, type }: GlueColumn): object {
  return { name, type, properties: {} };
}

function localLocation(location: string): string {
  return location.replace(/^s3:\/\//, 'local:///s3/').replace(/\/$/, '');
}
