import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { EnginePlan } from '../../local/search-engine/search-engine.ts';

/** First resolution of the jars may download 80 MB. */
const PLAN_PATIENCE_MS = 10 * 60_000;

function plan(): EnginePlan {
  const script = join(__dirname, '../../local/search-engine/print-plan.ts');
  const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: PLAN_PATIENCE_MS });
  const line = stdout.trim().split('\n').at(-1);
  return line ? (JSON.parse(line) as EnginePlan) : { kind: 'none', reason: `no plan: ${stderr.slice(-500)}` };
}

/**
 * `describe` for tests that need a real OpenSearch. Where none can run they are skipped, and the reason is said;
 * where `CI` is true that is a failure, because a test that is never run proves nothing.
 * `ownOnly`: the tests stop the engine, so one that was given by OPENSEARCH_URL will not do.
 */
export function describeWithEngine(title: string, body: () => void, { ownOnly = false } = {}): void {
  const found = plan();
  const reason =
    found.kind === 'none'
      ? found.reason
      : ownOnly && found.kind === 'url'
        ? 'these tests stop and start the engine, and OPENSEARCH_URL is not ours to stop'
        : undefined;
  if (reason === undefined) {
    describe(title, body);
    return;
  }
  if (process.env['CI'] === 'true') {
    test(title, () => {
      throw new Error(`no OpenSearch for the tests: ${reason}`);
    });
    return;
  }
  process.stderr.write(`skipped "${title}": ${reason}\n`);
  const skipped = describe.skip;
  skipped(`${title} (skipped: ${reason})`, body);
}
