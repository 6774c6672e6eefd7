import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem } from '../../../../lambdas/core/insights/problem.ts';
import { checkQueryFile } from '../../../../lambdas/core/insights/query-file-check.ts';

const FOLDER = join(__dirname, '../../../../queries/insights');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.logsinsights'));

test.each(files)('%s: header and query are in order, its fields are documented, and the columns are those it says', (name) => {
  const { problems } = checkQueryFile(readFileSync(join(FOLDER, name), 'utf8'));

  expect(problems.map(formatProblem)).toEqual([]);
});
