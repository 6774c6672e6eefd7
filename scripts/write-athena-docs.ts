// Writes docs/athena.md from the named queries and their answers on the samples, by a real Trino; a test fails where it is out of date.
import { writeFileSync } from 'node:fs';
import { readQueryFile } from '../lib/athena/query-file.ts';
import type { TrinoResult } from '../local/trino/client.ts';
import { exampleValues, startWorld } from './athena/assembly.ts';
import { athenaDocs } from './athena/docs.ts';

const { athena, stop } = await startWorld((step) => process.stderr.write(`${step}\n`));
try {
  const answers = new Map<string, TrinoResult>();
  for (const query of athena.queries) {
    const read = readQueryFile(query.text);
    answers.set(query.name, await athena.run(query, exampleValues(query.name, read.ok ? read.file.parameters : [])));
  }
  writeFileSync('docs/athena.md', athenaDocs(athena, answers));
} finally {
  await stop();
}
