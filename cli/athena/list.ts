import type { CatalogueQuery } from '../../lib/athena/queries.ts';
import type { Io } from '../io.ts';

/** Shows the queries whose name, title or tables hold a text, or with `json` one object a line. Says whether there was one. */
export function listQueries(queries: readonly CatalogueQuery[], text: string, json: boolean, io: Pick<Io, 'stdout' | 'stderr'>): boolean {
  const wanted = text.toLowerCase();
  const found = queries.flatMap(({ name, file, path, problems }) => {
    for (const { line, column, what } of problems) io.stderr.write(`${path}:${line}:${column}: ${what}\n`);
    return file !== undefined && [name, file.title, ...file.tables].some((part) => part.toLowerCase().includes(wanted))
      ? [{ name, file }]
      : [];
  });
  if (found.length === 0) io.stderr.write(`athena: no query has "${text}" in its name, title or tables; --list alone shows all\n`);
  if (json) {
    for (const { name, file } of found) {
      const { title, purpose, tables, parameters, columns } = file;
      io.stdout.write(`${JSON.stringify({ name, title, purpose, tables, parameters, columns })}\n`);
    }
    return found.length > 0;
  }
  const width = Math.max(0, ...found.map(({ name }) => name.length));
  for (const { name, file } of found) {
    io.stdout.write(`${name.padEnd(width)}  ${file.title}\n`);
    for (const { name: parameter, defaultValue, description } of file.parameters) {
      if (parameter === 'from' || parameter === 'to') continue;
      const value = defaultValue === undefined ? ' (needs a value)' : ` = ${defaultValue === '' ? '""' : defaultValue}`;
      io.stdout.write(`${' '.repeat(width)}    --param ${parameter}${value}  ${description}\n`);
    }
  }
  return found.length > 0;
}
