import { readFile } from 'node:fs/promises';
import { formatProblem, QueryError } from '../../lambdas/core/insights/problem.ts';
import { parseQueryFile, type QueryFile } from '../../lambdas/core/insights/query-file.ts';
import type { Io } from '../io.ts';
import type { Catalogue } from './find-query.ts';

/** Shows the saved queries whose name, question or source holds a text: by folder, or with `json` one object a line. Says whether there was one. */
export async function listQueries(catalogue: Catalogue, text: string, json: boolean, io: Pick<Io, 'stdout' | 'stderr'>): Promise<boolean> {
  const wanted = text.toLowerCase();
  const found: { name: string; file: QueryFile }[] = [];
  for (const [name, path] of [...catalogue].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const file = await readHeader(path, io);
    if (file && [name, file.question, ...file.sources].some((part) => part.toLowerCase().includes(wanted))) found.push({ name, file });
  }
  io.stdout.write(json ? found.map(toJson).join('') : toText(found));
  return found.length > 0;
}

/** A file that cannot be read is told, and does not hide the others. */
async function readHeader(path: string, io: Pick<Io, 'stderr'>): Promise<QueryFile | undefined> {
  try {
    return parseQueryFile(await readFile(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    for (const problem of error.problems) io.stderr.write(`${path}:${formatProblem(problem)}\n`);
    return undefined;
  }
}

function toJson({ name, file }: { name: string; file: QueryFile }): string {
  const { question, when, sources, columns, parameters } = file;
  return `${JSON.stringify({ name, question, when, sources, columns, parameters })}\n`;
}

function toText(found: readonly { name: string; file: QueryFile }[]): string {
  const width = Math.max(0, ...found.map(({ name }) => lastPart(name).length));
  const lines: string[] = [];
  let folder: string | undefined;
  for (const { name, file } of found) {
    const here = name.slice(0, -lastPart(name).length);
    if (here !== folder) lines.push(...(folder === undefined ? [] : ['']), here || '(no folder)');
    folder = here;
    lines.push(`  ${lastPart(name).padEnd(width)}  ${file.question}`);
    for (const { name: parameter, defaultValue, description } of file.parameters) {
      const value = defaultValue === undefined ? ' (needs a value)' : ` = ${defaultValue === '' ? '""' : defaultValue}`;
      lines.push(`  ${' '.repeat(width)}    --param ${parameter}${value}  ${description}`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

function lastPart(name: string): string {
  return name.split('/').pop() as string;
}
