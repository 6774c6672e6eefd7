import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkQueryText } from '../../../../lambdas/core/insights/check.ts';
import { formatProblem } from '../../../../lambdas/core/insights/problem.ts';
import { fillParameters, parseQueryFile } from '../../../../lambdas/core/insights/query-file.ts';
import { compileQuery } from '../../../../lambdas/core/insights/run.ts';
import { NOW } from './helpers.ts';

const FOLDER = join(__dirname, '../../../../queries/insights');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.logsinsights'));

test.each(files)('%s: header and query are in order, and the columns are those it says', (name) => {
  const file = parseQueryFile(readFileSync(join(FOLDER, name), 'utf8'));
  const values = Object.fromEntries(
    file.parameters.filter((parameter) => parameter.defaultValue === undefined).map((parameter) => [parameter.name, 'x']),
  );
  const { text } = fillParameters(file.query, file.parameters, values);

  expect(checkQueryText(text).map(formatProblem)).toEqual([]);
  if (!/^\s*\|?\s*(pattern|anomaly|diff|join|lookup)\b/im.test(text))
    expect(compileQuery(text, { nowMs: NOW }).columns).toEqual(file.columns);
});
