import type { QueryParameter } from '../insights/query-file.ts';
import type { RedactionRules } from '../rules/rules.ts';
import type { Language } from '../slack/texts.ts';

/** Where a secret lies; never the secret. */
export interface SecretPlace {
  /** ARN of a secret of Secrets Manager, or of a SecureString parameter of Systems Manager. */
  readonly arn: string;
  /** Member of a secret that holds JSON. */
  readonly key?: string;
}

/** A saved query that may be asked from a channel. */
export interface ChatQuery {
  /** Folder and name, such as `control-plane/node-not-ready`. */
  readonly name: string;
  readonly question: string;
  /** The deployed definition; placeholders stay. */
  readonly query: string;
  readonly parameters: readonly QueryParameter[];
  /** Log groups by cluster. */
  readonly logGroups: { readonly [cluster: string]: readonly string[] };
}

/** A cluster that may be asked about. */
export interface ChatCluster {
  readonly name: string;
  /** The cluster inside index names. */
  readonly indexName: string;
}

/** Who may do what. `*` is everybody of the workspaces. */
export interface ChatAccess {
  readonly workspaces: readonly string[];
  readonly channels: readonly string[];
  /** May ask. */
  readonly users: readonly string[];
  /** May silence and end silences as well. */
  readonly silencers: readonly string[];
  /** May decide for pipelines, and ask as well. */
  readonly approvers: readonly string[];
}

/** Bounds of one call. */
export interface ChatLimits {
  /** A query that has scanned more is stopped, in bytes. */
  readonly maxScanBytes: number;
  /** Longest window, in ms. */
  readonly maxRangeMs: number;
  /** Window of a call that names none, in ms. */
  readonly defaultRangeMs: number;
  /** A query that takes longer is stopped, in ms. */
  readonly timeoutMs: number;
  /** Rows that are asked for at most. */
  readonly maxRows: number;
}

/** Families of our own indices that may be searched from a channel; empty where none of a kind may. */
export interface ChatIndices {
  /** Families that hold records of containers. */
  readonly records: readonly string[];
  /** Family of Kubernetes events. */
  readonly events: readonly string[];
}

/** What chat-command and chat-worker need to know of the config, as `chat.json` inside their assets. Plain data, no secret. */
export interface ChatRules {
  readonly account: string;
  readonly region: string;
  readonly language: Language;
  /** Such as `/logs`. */
  readonly command: string;
  readonly signingSecret: SecretPlace;
  /** For files; absent: long answers are a link. */
  readonly botToken?: SecretPlace;
  readonly access: ChatAccess;
  readonly limits: ChatLimits;
  /** Log groups that may be asked; `*` stands for any text. */
  readonly logGroups: readonly string[];
  readonly queries: readonly ChatQuery[];
  readonly clusters: readonly ChatCluster[];
  readonly indices: ChatIndices;
  /** Pipelines that may be decided for. */
  readonly pipelines: readonly string[];
  /** Whether metrics of Container Insights have the names that `top` asks for. */
  readonly hasClassicMetrics: boolean;
  /** USD per GB that Logs Insights scans; absent where nobody knows it. */
  readonly pricePerGb?: number;
  readonly redaction: RedactionRules;
}
