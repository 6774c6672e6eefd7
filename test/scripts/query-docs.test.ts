import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queryNamesIn } from '../../lib/config/saved-queries.ts';
import { queryDocs, sampleFilesOf } from '../../scripts/query-docs.ts';

const ROOT = join(__dirname, '../..');

test('docs/queries.md is what the query files and the samples say; `node scripts/write-query-docs.ts` writes it anew', async () => {
  const page = await queryDocs(ROOT);

  expect(readFileSync(join(ROOT, 'docs/queries.md'), 'utf8')).toBe(page);
  const names = queryNamesIn(join(ROOT, 'queries/insights'));
  const sections = page.split('\n### ').slice(1);
  expect(sections.map((section) => section.split('\n')[0])).toEqual(names);
  // Each with a table of at least one row behind the query.
  expect(
    sections.filter((section) => !/\nOn [^\n]*:\n\n```\n.*\n─.*\n.+/.test(section) && !/event\. On .*:\n\n```\n/.test(section)),
  ).toEqual([]);
}, 120_000);

test('a source of several folders of samples is asked on all of their files, each once', () => {
  const files = sampleFilesOf(ROOT, ['application', 'application', 'audit']);

  expect(files.filter((file) => file.startsWith('samples/containers/')).length).toBeGreaterThanOrEqual(4);
  expect(files).toContain('samples/control-plane/kube-apiserver-audit.log.gz');
  expect(new Set(files).size).toBe(files.length);
});
