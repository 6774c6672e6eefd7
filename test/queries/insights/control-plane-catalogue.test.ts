import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXAMPLE_LINES as EXAMPLES } from '../../../scripts/query-examples.ts';
import { type Json, keyOf, linesOf, ROOT, SAMPLES } from '../support/independent.ts';
import { askSaved, withFile } from '../support/run-query.ts';

const FOLDERS = ['control-plane', 'security'];
const CONTROL_PLANE = ['audit', 'api', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** Audit lines that are always asked here, by length: 3.4 of 17 MB hold four of five events. The tests of each query's rows ask the whole file. */
const SHORT_LINE = 4000;
const FILES: { [source: string]: string } = { ...SAMPLES };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'control-plane-'));
  FILES['audit'] = join(folder, 'kube-apiserver-audit.log');
  const kinds = new Set<string>();
  const lines = linesOf(SAMPLES.audit).filter((line) => {
    const { verb, stage, objectRef: { resource, subresource } = {} as Json, responseStatus } = JSON.parse(line) as Json;
    const kind = keyOf(verb, stage, resource, subresource, responseStatus?.code);
    if (line.length >= SHORT_LINE && kinds.has(kind)) return false;
    kinds.add(kind);
    return true;
  });
  expect(lines.length).toBeGreaterThan(2700);
  writeFileSync(FILES['audit'], `${lines.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Saved {
  readonly name: string;
  readonly text: string;
  readonly sources: readonly string[];
}

const QUERIES: readonly Saved[] = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, 'queries/insights', folder)).map((file) => {
    const text = readFileSync(join(ROOT, 'queries/insights', folder, file), 'utf8');
    return { name: file.replace('.logsinsights', ''), text, sources: (/^# Source: (.*)$/m.exec(text)?.[1] ?? '').split(', ') };
  }),
);

const TESTS = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, 'test/queries/insights', folder)).map((file) =>
    readFileSync(join(ROOT, 'test/queries/insights', folder, file), 'utf8'),
  ),
).join('\n');

describe.each(QUERIES.map((query) => [query.name, query] as const))('%s', (name, { text, sources }) => {
  test('says when it is of use, chooses its log streams, and ends with a limit', () => {
    const query = text.replace(/^#.*\n/gm, '');

    expect(text).toMatch(/^# When: \S/m);
    expect(query).toMatch(/@logStream like \/\^/);
    expect(query.trimEnd()).toMatch(/\| limit \d+$/);
  });

  test('asks an index first, if it asks one', () => {
    const commands = text.replace(/^#.*\n/gm, '');

    // One, with one condition: whatever CloudWatch makes of several, this is read the same way.
    if (commands.includes('filterIndex')) expect(commands).toMatch(/^filterIndex [\w.]+ (= \S+|in \[[^\]]+\])\n\| filter /);
    expect(commands.split('filterIndex').length).toBeLessThanOrEqual(2);
  });

  test('has a test of its rows', () => {
    expect(TESTS).toContain(`'${name}'`);
  });

  test('answers on the samples of its source, with no column but those it names', async () => {
    const lines = EXAMPLES[`control-plane/${name}`];
    const files = sources.map((source) => FILES[source] as string);

    const rows =
      lines === undefined ? await askSaved(name, files) : await withFile(lines.file, lines.lines(ROOT), (path) => askSaved(name, path));

    const columns = /^# Columns: (.*)$/m.exec(text)?.[1]?.split(', ') ?? [];
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.flatMap((row) => Object.keys(row)).filter((column) => !columns.includes(column))).toEqual([]);
  });

  test('takes no line of the other control-plane logs for its own', async () => {
    const others = CONTROL_PLANE.filter((source) => !sources.includes(source)).map((source) => FILES[source] as string);

    expect(await askSaved(name, others)).toEqual([]);
  });
});
