import type { Refusal } from './access.ts';

/** A command as the help shows it. */
export interface HelpText {
  readonly usage: string;
  readonly what: string;
  readonly example?: string;
}

/** All words of ours in an answer. Names that others chose come in already escaped. */
export interface ChatTexts {
  readonly refusals: { readonly [refusal in Refusal]: string };
  readonly help: { readonly [command: string]: HelpText };
  readonly helpHead: (command: string) => string;
  readonly helpRange: string;
  readonly asking: (what: string) => string;
  readonly pong: (region: string, clusters: string) => string;
  readonly kubectl: (command: string) => string;
  readonly unknownCommand: (word: string, nearest: string | undefined, command: string) => string;
  readonly unknownWord: (word: string) => string;
  readonly unknownOption: (word: string) => string;
  readonly badLimit: (word: string) => string;
  readonly badSpan: (word: string) => string;
  readonly badTop: (word: string) => string;
  readonly badMatcher: (word: string, reason: string) => string;
  readonly noQuery: (command: string) => string;
  readonly noMatcher: string;
  readonly noSilenceNamed: string;
  readonly unknownQuery: (name: string, nearest: readonly string[]) => string;
  readonly whichCluster: (clusters: string) => string;
  readonly unknownCluster: (cluster: string, clusters: string) => string;
  readonly notOfCluster: (query: string, cluster: string) => string;
  readonly groupRefused: (group: string) => string;
  readonly parameterUnknown: (name: string, known: string) => string;
  readonly parameterMissing: (name: string, description: string) => string;
  readonly parameterValue: (name: string) => string;
  readonly badTime: (word: string) => string;
  readonly badRange: string;
  readonly rangeTooLong: (limit: string) => string;
  readonly queries: (count: number) => string;
  readonly noQueries: string;
  readonly more: (count: number) => string;
  readonly rows: (count: number) => string;
  readonly shownRows: (shown: number, count: number) => string;
  readonly noRows: string;
  readonly scanned: (bytes: string, events: string) => string;
  readonly cost: (usd: string) => string;
  readonly costUnder: (usd: string) => string;
  readonly took: (seconds: string) => string;
  readonly stoppedByScan: (limit: string) => string;
  readonly stoppedByTime: (seconds: number) => string;
  readonly queryFailed: (status: string) => string;
  readonly fileHere: string;
  readonly fileToYou: string;
  readonly fileFailed: (reason: string) => string;
  readonly openInsights: string;
  readonly noIndices: (command: string) => string;
  readonly searchFailed: (reason: string) => string;
  readonly failed: (reason: string) => string;
  readonly firing: (count: number) => string;
  readonly nothingFires: string;
  readonly silences: (count: number) => string;
  readonly noSilences: string;
  readonly silenced: string;
  readonly silenceMade: (who: string, matchers: string, until: string, id: string) => string;
  readonly silenceEnded: (who: string, matchers: string) => string;
  readonly silenceStands: (matchers: string, until: string, author: string) => string;
  readonly silenceUnknown: (target: string) => string;
  readonly silenceTooWide: string;
  readonly alertGone: string;
  readonly groupTooWide: string;
  readonly approved: (who: string, what: string) => string;
  readonly rejected: (who: string, what: string) => string;
  readonly notWaiting: (what: string) => string;
  readonly pipelineRefused: (pipeline: string) => string;
  readonly howToUnsilence: (command: string, id: string) => string;
  readonly noTop: string;
  readonly noData: string;
  readonly settings: {
    readonly clusters: string;
    readonly queries: string;
    readonly logGroups: string;
    readonly indices: string;
    readonly limits: string;
    readonly people: string;
    readonly none: string;
    readonly anybody: string;
    readonly window: string;
    readonly scan: string;
    readonly seconds: string;
    readonly mayAsk: string;
    readonly maySilence: string;
  };
  readonly columns: { readonly [column in ChatColumn]: string };
}

/** Columns of tables that we make ourselves. */
export type ChatColumn =
  | 'time'
  | 'namespace'
  | 'pod'
  | 'container'
  | 'node'
  | 'lines'
  | 'errors'
  | 'last'
  | 'type'
  | 'reason'
  | 'object'
  | 'count'
  | 'message'
  | 'level'
  | 'cpu'
  | 'memory';
