/** A column of a table. Names are lower case: Glue and Athena know no other. */
export interface Column {
  readonly name: string;
  /** Hive's type, such as `string`, `int`, `double`, `array<string>`. */
  readonly type: string;
  /** What it holds; at most 255 characters (Glue). */
  readonly comment: string;
}

/** A partition key whose values Athena computes instead of looking them up. https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html */
export interface PartitionKey {
  readonly name: string;
  readonly comment: string;
  readonly projection:
    | { readonly type: 'enum'; readonly values: readonly string[] }
    /** `first` in the format; the last day is tomorrow, since an event may be some minutes ahead. */
    | { readonly type: 'date'; readonly format: string; readonly first: string }
    | { readonly type: 'integer'; readonly from: number; readonly to: number; readonly digits: number };
}

/** How rows lie in files. */
export type RowFormat =
  | { readonly kind: 'regex'; readonly regex: string }
  /** One JSON object a line; keys that are no column are ignored, members that a line lacks are NULL. */
  | { readonly kind: 'json' }
  | { readonly kind: 'tabs'; readonly headerLines: number }
  | { readonly kind: 'parquet' };

/** A table of the Glue database, as plain data. */
export interface Table {
  readonly name: string;
  readonly description: string;
  /** Where its files are, for people and for permissions; without a slash at its end. */
  readonly location: string;
  /** Where a partition's files are, with `${key}` for each key; undefined where the files are in no folders of a day. */
  readonly template: string | undefined;
  readonly partitions: readonly PartitionKey[];
  readonly columns: readonly Column[];
  readonly format: RowFormat;
}
