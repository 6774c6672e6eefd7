import { readFileSync } from 'node:fs';
import { loadCatalogue } from '../../lib/alarms/catalogue.ts';
import { ALARM_DOCS_FILE, alarmDocs } from '../../scripts/alarm-docs.ts';

const text = readFileSync(ALARM_DOCS_FILE, 'utf8');

test('docs/alarms.md is what npm run alarm-docs writes', () => {
  expect(text).toBe(alarmDocs());
});

test('every alarm has a section that its runbook link finds', () => {
  for (const { name } of loadCatalogue().alarms) expect(text).toContain(`\n### ${name}\n`);
});

test('every link within the page leads somewhere', () => {
  const headings = new Set([...text.matchAll(/^#+ (.+)$/gm)].map((match) => match[1]));
  for (const [, target] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(headings).toContain(target);
});
