// Prints how an OpenSearch would run here, as one JSON line: for callers that cannot wait for a promise.
import { planSearchEngine } from './search-engine.ts';

planSearchEngine().then(
  (plan) => process.stdout.write(`${JSON.stringify(plan)}\n`),
  (error: unknown) => process.stdout.write(`${JSON.stringify({ kind: 'none', reason: String(error) })}\n`),
);
