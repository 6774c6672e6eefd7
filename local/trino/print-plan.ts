// Prints whether a Trino can run here, as one JSON line: for callers that cannot wait for a promise.
import { planTrino } from './trino.ts';

planTrino(process.env).then(
  (reason) => process.stdout.write(`${JSON.stringify(reason === undefined ? {} : { reason })}\n`),
  (error: unknown) => process.stdout.write(`${JSON.stringify({ reason: String(error) })}\n`),
);
