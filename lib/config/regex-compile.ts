import { spawnSync } from 'node:child_process';

/** Parts of an expression that may be missing (`a?`, `(…)?`, `a{0,3}`): with few of them an engine is ready at once. */
const OPTIONAL_PART = /(?<![(\\])\?|\{0,\d*\}/g;
const FEW_OPTIONAL_PARTS = 15;
/** Time for another process to start, compile and try the expression, in ms. It takes 50; a run-away one would take for ever. */
const PATIENCE_MS = 3000;

const TRIAL = "const { source, flags } = JSON.parse(require('fs').readFileSync(0, 'utf8')); new RegExp(source, flags).test('');";

/**
 * Whether the engine itself gets ready with an expression. V8 may need exponential time to compile many optional parts in a row, whatever the line
 * (`a?` and `a` sixty times each), and nothing can stop it; so such an expression is tried in a process of its own first.
 */
export function compilesInTime(source: string, flags: string): boolean {
  if ((source.match(OPTIONAL_PART)?.length ?? 0) < FEW_OPTIONAL_PARTS) return true;
  const { error } = spawnSync(process.execPath, ['-e', TRIAL], {
    input: JSON.stringify({ source, flags }),
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return (error as NodeJS.ErrnoException | undefined)?.code !== 'ETIMEDOUT';
}
