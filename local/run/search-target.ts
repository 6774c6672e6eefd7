import { startFileSink } from '../search/file-sink.ts';
import { type EngineDeath, planSearchEngine, type SearchEngine, startSearchEngine } from '../search-engine/search-engine.ts';
import type { StatePaths } from './state.ts';

/** Where documents go in this run. */
export interface SearchTarget {
  readonly url: string;
  /** `engine`: a real OpenSearch; `files`: a stand-in that keeps documents and searches nothing. */
  readonly kind: 'engine' | 'files';
  /** In words, for the report. */
  readonly what: string;
  /** Why no engine runs. */
  readonly reason?: string;
  /** Machine ms of its start. */
  readonly startMs: number;
  /** Documents by index that the stand-in holds. */
  readonly fileCounts?: () => ReadonlyMap<string, number>;
  /** Resolves with an error that says what to do, if the engine ends by itself. */
  readonly died?: Promise<Error>;
  stop(): Promise<void>;
}

/** Starts the engine, or what stands in for it where none can run here. An engine that should start but does not is an error. */
export async function startSearchTarget(
  paths: Pick<StatePaths, 'documents' | 'engineLog'>,
  env: NodeJS.ProcessEnv,
  onProgress: (step: string) => void,
  signal: AbortSignal,
): Promise<SearchTarget> {
  const plan = await planSearchEngine(env);
  if (plan.kind === 'none') {
    onProgress(`no OpenSearch in this run: ${plan.reason}`);
    return fileTarget(paths.documents, plan.reason);
  }
  return engineTarget(await startSearchEngine({ env, onProgress, logFile: paths.engineLog, signal }));
}

/** A running engine as the place where documents go. */
export function engineTarget(engine: SearchEngine): SearchTarget {
  return {
    // The functions take plain HTTP for 127.0.0.1 only.
    url: engine.url.replace('//localhost', '//127.0.0.1'),
    kind: 'engine',
    what: `OpenSearch ${engine.version}${engine.owned ? '' : ' (OPENSEARCH_URL, not started by this run)'}`,
    startMs: engine.startMs,
    died: engine.died.then((death) => new Error(deathText(engine, death))),
    stop: () => engine.stop(),
  };
}

function deathText(engine: SearchEngine, { how, logFile }: EngineDeath): string {
  // The kernel kills without a word to the victim.
  const memory = how.endsWith('SIGKILL') ? ' The system may have been out of memory: the engine takes about 1.5 GB.' : '';
  return `OpenSearch ${engine.version} ended in the middle of the run (${how}).${memory} Its log is ${logFile}. Start the run again, or set OPENSEARCH_URL for a cluster that is there`;
}

/** Keeps documents as files in a folder; `reason` says why there is no engine. */
export async function fileTarget(documents: string, reason: string): Promise<SearchTarget> {
  const sink = await startFileSink(documents);
  return {
    url: sink.url,
    kind: 'files',
    what: `no OpenSearch; documents are kept as files in ${documents}`,
    reason,
    startMs: 0,
    fileCounts: () => sink.counts(),
    stop: () => sink.close(),
  };
}
