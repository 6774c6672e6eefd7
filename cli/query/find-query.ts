import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { didYouMean } from '../../lambdas/core/insights/problem.ts';

const EXTENSION = '.logsinsights';

/** A saved query found by its name, or what is wrong. */
export type FoundQuery = { readonly path: string; readonly text: string } | { readonly problem: string };

/** The folders that may hold `queries/insights`: the working directory, and the one that the command lies in. */
function folders(cwd: string): string[] {
  const found: string[] = [];
  for (const start of [cwd, dirname(fileURLToPath(import.meta.url))]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, 'queries', 'insights');
      if (existsSync(candidate)) {
        if (!found.includes(candidate)) found.push(candidate);
        break;
      }
      if (dirname(folder) === folder) break;
    }
  }
  return found;
}

/** Finds `NAME` or `folder/NAME` among the saved queries. */
export async function findQuery(name: string, cwd: string): Promise<FoundQuery> {
  const known = new Map<string, string>();
  for (const folder of folders(cwd)) {
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (entry.endsWith(EXTENSION)) known.set(entry.slice(0, -EXTENSION.length).replaceAll('\\', '/'), join(folder, entry));
    }
  }
  const matches = [...known].filter(([path]) => path === name || path.endsWith(`/${name}`));
  if (matches.length === 1) {
    const path = (matches[0] as [string, string])[1];
    return { path: relative(cwd, path), text: await readFile(path, 'utf8') };
  }
  if (matches.length > 1) return { problem: `"${name}" is the name of several queries: ${matches.map(([path]) => path).join(', ')}` };
  const names = [...known.keys()].map((path) => path.split('/').pop() as string);
  const near = didYouMean(name, names);
  return {
    problem: `there is no saved query "${name}"${near ? `; did you mean "${near}"?` : names.length > 0 ? `; there are ${names.sort().join(', ')}` : ' and no folder queries/insights'}`,
  };
}

/** Reads a query from a file of one's own. */
export async function readQueryFile(file: string, cwd: string): Promise<FoundQuery> {
  try {
    return { path: file, text: await readFile(resolve(cwd, file), 'utf8') };
  } catch (error) {
    return {
      problem: `${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message}`,
    };
  }
}
