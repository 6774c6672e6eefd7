import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONTAINERS, MORE_SAMPLES } from '../support/container-records.ts';
import { ROOT } from '../support/independent.ts';
import { askSaved } from '../support/run-query.ts';

const FOLDERS = ['applications', 'traffic', 'events', 'capacity', 'pipeline'];
/** Samples of each source. */
const FILES: { readonly [source: string]: readonly string[] } = {
  application: [...CONTAINERS, MORE_SAMPLES.ingress],
  events: [MORE_SAMPLES.events],
  performance: [MORE_SAMPLES.performance],
  pipeline: [MORE_SAMPLES.functions],
};
/** Values for parameters without a default. */
const VALUES: { readonly [query: string]: { readonly [name: string]: string } } = {
  'latest-lines': { namespace: 'prod-web', pod: 'orders' },
  'lines-with-text': { text: 'panic' },
  'events-of-object': { name: 'report-0' },
};

const QUERIES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, 'queries/insights', folder)).map((file) => ({
    name: file.replace('.logsinsights', ''),
    text: readFileSync(join(ROOT, 'queries/insights', folder, file), 'utf8'),
  })),
);
const TESTS = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, 'test/queries/insights', folder)).map((file) =>
    readFileSync(join(ROOT, 'test/queries/insights', folder, file), 'utf8'),
  ),
).join('\n');

describe.each(QUERIES.map((query) => [query.name, query.text] as const))('%s', (name, text) => {
  const source = /^# Source: (\w+)$/m.exec(text)?.[1] as string;

  test('says when it is of use, and has a test of its rows', () => {
    expect(text).toMatch(/^# When: \S/m);
    expect(TESTS).toContain(`'${name}'`);
  });

  test('has rows on the samples of its source, with no column but those it names', async () => {
    const rows = await askSaved(name, FILES[source] ?? [], VALUES[name]);

    const columns = /^# Columns: (.*)$/m.exec(text)?.[1]?.split(', ') ?? [];
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.flatMap((row) => Object.keys(row)).filter((column) => !columns.includes(column))).toEqual([]);
    // A column that no row of the samples fills would be a misspelt field; frames need an agent that joins lines.
    const filled = new Set(rows.flatMap((row) => Object.keys(row)));
    expect(columns.filter((column) => !filled.has(column) && column !== 'first_frame')).toEqual([]);
  });
});
