/**
 * What a function needs to know of the config, as one JSON file (`rules.json`) inside its asset, written at synth.
 * Plain data: no function, no regular expression object, nothing that JSON cannot hold.
 */
export interface Rules {
  /** 12-digit account id; part of every `_id`. */
  readonly account: string;
  /** AWS Region, such as `us-east-1`; part of every `_id`. */
  readonly region: string;
  readonly sources: readonly SourceRule[];
  /** Tried in this order; `check` refuses two that match the same record. */
  readonly applications: readonly ApplicationRule[];
  /** Index families by name. A document goes to `<family>-<cluster index name>-<period>`. */
  readonly families: { readonly [name: string]: IndexFamily };
  readonly redaction: RedactionRules;
  /** Bounds of a live event's CloudWatch time around the processing time. PutLogEvents: 14 days back, 2 hours ahead. */
  readonly timeBounds: TimeBounds;
  /**
   * What becomes of events of a log group that no source names. `exclude` counts and drops them under `unknown-log-group`: an account-level
   * subscription sends every group of the Region. Absent: they are dead-lettered, because nothing should have sent them.
   */
  readonly unknownLogGroups?: 'exclude';
}

/** Kinds of log that a source can be. `controlPlane` holds five kinds of stream, told apart by stream prefix. */
export const SOURCE_KINDS = ['controlPlane', 'application', 'host', 'dataplane', 'performance', 'events', 'logGroup'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** What a stream of the control-plane group holds. */
export const CONTROL_PLANE_KINDS = ['audit', 'api', 'authenticator', 'controllerManager', 'scheduler'] as const;
export type ControlPlaneKind = (typeof CONTROL_PLANE_KINDS)[number];

export interface SourceRule {
  readonly name: string;
  readonly kind: SourceKind;
  /** The cluster's name as EKS knows it. */
  readonly cluster: string;
  /** The cluster's name inside index names: lower case, valid in an index name. */
  readonly clusterIndexName: string;
  /** Log groups that belong to the source; a trailing `*` is a prefix. */
  readonly logGroups: readonly string[];
  /** Family of everything that no application claims; for `controlPlane` of a stream with an unknown prefix. */
  readonly family: string;
  /** Families of the control-plane streams, only for `controlPlane`. */
  readonly controlPlaneFamilies?: { readonly [kind in ControlPlaneKind]: string };
  /** Parser of everything that no application claims: a format's name or `auto`. Ignored for `controlPlane`. */
  readonly format: string;
  /** The pattern of `format: regex:NAME`. */
  readonly pattern?: RegexPattern;
  /** Typed fields of its records, like an application's. */
  readonly fields?: { readonly [field: string]: FieldType };
  readonly exclusions: readonly ExclusionRule[];
}

/** One application: which container records it owns, and how they are read. */
export interface ApplicationRule {
  readonly name: string;
  readonly owner?: string;
  /** All of the given ones must match; `*` is a wildcard in each. */
  readonly match: {
    readonly cluster?: string;
    readonly namespace?: string;
    readonly container?: string;
    readonly pod?: string;
    readonly labels?: { readonly [label: string]: string };
  };
  /** A format's name, `auto`, or `regex:NAME` with `NAME` in `patterns`. */
  readonly format: string;
  readonly pattern?: RegexPattern;
  /** Typed fields of its own: JSON members or named groups that may be sorted, averaged and grouped. */
  readonly fields: { readonly [field: string]: FieldType };
  readonly family: string;
  readonly exclusions: readonly ExclusionRule[];
  readonly redaction?: RedactionRules;
}

/** Types that an application may declare for a field; names are OpenSearch's. */
export const FIELD_TYPES = ['keyword', 'text', 'long', 'integer', 'double', 'boolean', 'date', 'ip'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** A user's own line format. */
export interface RegexPattern {
  /** ECMAScript source with named groups; proven linear at synth. */
  readonly regex: string;
  /** Named group that holds the time. */
  readonly timeKey?: string;
  /** `iso8601`, `epochSeconds`, `epochMillis`, or a strptime format such as `%d/%b/%Y:%H:%M:%S %z`. */
  readonly timeFormat?: string;
  /** Start of a record; lines that do not match belong to the record before. Default: every line is a record. */
  readonly start?: string;
}

/** Drops events before the index and counts them under its name. */
export interface ExclusionRule {
  readonly name: string;
  /** All conditions must hold. A field is a dotted path of the parsed record, or `@message` for the text itself. */
  readonly when: readonly ExclusionCondition[];
  /** Count only, drop nothing: a dry run. */
  readonly countOnly?: boolean;
}
export interface ExclusionCondition {
  readonly field: string;
  readonly equals?: string | number | boolean;
  readonly in?: readonly (string | number)[];
  readonly startsWith?: string;
  readonly contains?: string;
}

/** How long one index covers. `week` is the ISO week. */
export const INDEX_PERIODS = ['hour', 'day', 'week', 'month'] as const;
export type IndexPeriod = (typeof INDEX_PERIODS)[number];

export interface IndexFamily {
  readonly period: IndexPeriod;
  /** Events older than this are excluded with the reason `older-than-retention`. */
  readonly retentionDays: number;
  /** Age at which ISM makes an index of the family warm, hence read-only: a write block is final from then on. Absent: never. */
  readonly warmAfterDays?: number;
}

export interface RedactionRules {
  /** Names of built-in rules that are on (`lambdas/core/redact`). */
  readonly builtin: readonly string[];
  /** Dotted paths whose value is replaced whole, such as `user.extra.accessKeyId`; `*` stands for one segment. */
  readonly fields: readonly string[];
  /**
   * Those of `fields` whose name no parser writes by itself (`isWritten`), so that a search of the line finds them: decided at synth, since deciding needs
   * every mapping. Without the list no field counts as one of them, which is right too, and slower.
   */
  readonly copiedFields?: readonly string[];
  /** Own patterns; what matches (or its group 1) is replaced. */
  readonly patterns: readonly { readonly name: string; readonly regex: string }[];
}

export interface TimeBounds {
  readonly backMs: number;
  readonly aheadMs: number;
}
