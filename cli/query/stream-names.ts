import { QUERY_SOURCES, querySource } from '../../lambdas/core/insights/sources.ts';

/** How streams of the control plane begin. */
const PREFIXES = QUERY_SOURCES.flatMap(({ streamPrefixes }) => streamPrefixes ?? []);

/** Finds the log stream that the plain lines of a file are said to be of. */
export type StreamNames = (file: string) => string;

/** The name of a file without folder and endings; `stdin` for `-`. */
export function streamOfFile(file: string): string {
  return file === '-' ? 'stdin' : (file.split('/').pop() as string).replace(/\.(gz|log)$/g, '').replace(/\.log$/, '');
}

/**
 * A saved query chooses the streams of its control-plane log by their beginning (`kube-apiserver-audit…`), which a file of one's own has only by
 * chance. So where the query has one source, and the file's name begins like the stream of none, the lines are taken as that source's and `tell` is
 * told. `named` (--log-stream) names the stream of every file; a file with the name of another source stays what it is.
 */
export function streamNames(sources: readonly string[], named: string | undefined, tell: (text: string) => void): StreamNames {
  const source = sources.length === 1 ? querySource(sources[0] as string) : undefined;
  const assumed = source?.streamPrefixes?.[0];
  return (file) => {
    if (named !== undefined) return named;
    const own = streamOfFile(file);
    if (assumed === undefined || PREFIXES.some((prefix) => own.startsWith(prefix))) return own;
    tell(
      `${file === '-' ? 'stdin' : file}: its lines are taken as log stream ${assumed}, which the query asks; --log-stream names another\n`,
    );
    return assumed;
  };
}
