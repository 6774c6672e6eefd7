import type { FieldType, IndexPeriod } from '../rules/rules.ts';

/** What search-setup needs to know of the config, as `search-setup.json` in its asset. Plain data. */
export interface SearchSetup {
  /** Starts the name of every template, policy and role, such as `eks-telemetry`. */
  readonly prefix: string;
  readonly families: readonly SearchFamily[];
  readonly access: SearchAccess;
}

/** An index family with every setting resolved. */
export interface SearchFamily {
  readonly name: string;
  /** `audit` maps the fields of Kubernetes audit events, `records` those of every other parser. */
  readonly kind: 'audit' | 'records';
  /** Clusters, by their name inside index names, that have documents in the family. */
  readonly clusters: readonly string[];
  readonly period: IndexPeriod;
  /** Age at which an index is deleted, in days. */
  readonly retentionDays: number;
  /** Age at which an index moves to UltraWarm, and is read-only from then on. */
  readonly warmAfterDays?: number;
  /** Age at which an index moves to cold storage. */
  readonly coldAfterDays?: number;
  readonly shards: number;
  readonly replicas: number;
  readonly refreshSeconds: number;
  /** Typed fields that its applications and sources declare, by dotted name. */
  readonly fields: { readonly [field: string]: FieldType };
}

/** Who may do what. IAM roles (ARNs) and SAML groups are both backend roles of the security plugin. */
export interface SearchAccess {
  readonly admins: readonly string[];
  /** Readers of one family; family `*` is all of them. */
  readonly readers: readonly { readonly family: string; readonly backendRoles: readonly string[] }[];
  /** The functions that index: ARNs of their roles, known at deploy time only. */
  readonly writers: readonly string[];
  /** Roles of delivery streams, which index by themselves; absent where there are none. */
  readonly deliverers?: readonly string[];
  /** The function that answers questions from a channel: it only searches, and only these families. */
  readonly chat?: { readonly families: readonly string[]; readonly backendRoles: readonly string[] };
}

/** JSON that goes to OpenSearch as it is. */
export type JsonBody = { readonly [key: string]: unknown };

/** A named thing to PUT. */
export interface NamedBody {
  readonly name: string;
  readonly body: JsonBody;
}

/** Everything that must be there before the first document, in the order in which it must be sent. */
export interface SearchTemplates {
  /** PUT _component_template/<name> */
  readonly componentTemplates: readonly NamedBody[];
  /** PUT _index_template/<name> */
  readonly indexTemplates: readonly NamedBody[];
  /** PUT _plugins/_ism/policies/<name>; an update needs if_seq_no and if_primary_term of the one that is there. */
  readonly policies: readonly NamedBody[];
  /** PUT _plugins/_security/api/roles/<name> */
  readonly roles: readonly NamedBody[];
  /** PUT _plugins/_security/api/rolesmapping/<name>; only roles of our own, so replacing one locks nobody out. */
  readonly roleMappings: readonly NamedBody[];
}
