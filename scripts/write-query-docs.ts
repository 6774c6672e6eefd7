// Writes docs/queries.md from the saved queries and their answers on the samples; a test fails where it is out of date.
import { writeFileSync } from 'node:fs';
import { queryDocs } from './query-docs.ts';

writeFileSync('docs/queries.md', await queryDocs('.'));
