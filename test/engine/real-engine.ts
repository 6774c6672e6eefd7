import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type EngineOptions, type EnginePlan, type SearchEngine, startSearchEngine } from '../../local/search-engine/search-engine.ts';

/** First resolution of the jars may download 80 MB. */
const PLAN_PATIENCE_MS = 10 * 60_000;

/** Never the engine of OPENSEARCH_URL: tests write, delete and stop, and that one has an owner. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { OPENSEARCH_URL: _given, ...env } = process.env;
  return env;
}

function plan(): EnginePlan {
  const script = join(__dirname, '../../local/search-engine/print-plan.ts');
  const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: PLAN_PATIENCE_MS, env: ownEnvironment() });
  const line = stdout.trim().split('\n').at(-1);
  return line ? (JSON.parse(line) as EnginePlan) : { kind: 'none', reason: `no plan: ${stderr.slice(-500)}` };
}

/** Starts an engine for a test, in a folder of its own that goes when it is stopped. */
export function startTestEngine(options: EngineOptions = {}): Promise<SearchEngine> {
  return startSearchEngine({ env: ownEnvironment(), isBrief: true, ...options });
}

/**
 * `describe` for tests that need a real OpenSearch. Where none can run they are skipped, and the reason is said;
 * where `CI` is true that is a failure, because a test that is never run proves nothing.
 */
export function describeWithEngine(title: string, body: () => void): void {
  const found = plan();
  if (found.kind !== 'none') {
    describe(title, body);
    return;
  }
  const { reason } = found;
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
