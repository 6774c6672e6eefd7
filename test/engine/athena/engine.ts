import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** First fetch of 452 MB, unpacking and start. */
export const START_PATIENCE_MS = 15 * 60_000;

/** Why no Trino can run here; undefined where one can. */
function missing(): string | undefined {
  const program = join(__dirname, '../../../local/trino/print-plan.ts');
  const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8', timeout: 60_000 });
  const line = stdout.trim().split('\n').at(-1);
  if (!line) return `no plan: ${stderr.slice(-500)}`;
  return (JSON.parse(line) as { reason?: string }).reason;
}

/**
 * `describe` for tests that need a real Trino. Where none can run they are skipped, and the reason is said; where `CI` is true that is a failure, because a
 * test that is never run proves nothing.
 */
export function describeWithTrino(title: string, body: () => void): void {
  const reason = missing();
  if (reason === undefined) {
    describe(title, body);
    return;
  }
  if (process.env['CI'] === 'true') {
    test(title, () => {
      throw new Error(`no Trino for the tests: ${reason}`);
    });
    return;
  }
  process.stderr.write(`skipped "${title}": ${reason}\n`);
  const skipped = describe.skip;
  skipped(`${title} (skipped: ${reason})`, body);
}
