import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a synthesized app is made of, besides its config. */
const SOURCES = ['bin/app.ts', 'lib', 'lambdas', 'queries', 'cdk.json', 'package-lock.json', 'tsconfig.json'];

/** Hash over the contents of everything that the templates and bundles are made of: the same hash, the same output. */
export function fingerprint(root: string, configFile: string): string {
  const hash = createHash('sha256').update(process.version);
  for (const source of SOURCES) addPath(hash, join(root, source), source);
  addPath(hash, configFile, configFile);
  return hash.digest('hex');
}

function addPath(hash: ReturnType<typeof createHash>, path: string, name: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  if (stat.isDirectory()) {
    for (const entry of readdirSync(path).sort()) addPath(hash, join(path, entry), `${name}/${entry}`);
    return;
  }
  hash.update(`\0${name}\0${stat.size}\0`).update(readFileSync(path));
}
