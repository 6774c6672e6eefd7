import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { fieldName, type Problem, showValue } from '../config/problems.ts';
import { type AlarmConfig, alarmSchema } from '../config/schema-alarms.ts';
import { itemName, LIMIT_MARK } from '../config/schema-names.ts';
import { readYaml } from '../config/yaml-source.ts';
import { problemsOfAlarm } from './check-shape.ts';

/** An alarm of the catalogue, and where it stands. */
export interface CatalogueAlarm {
  readonly name: string;
  readonly alarm: AlarmConfig;
  /** File without its extension: the group that documents show. */
  readonly group: string;
}

/** The catalogue that this program brings along. */
export interface Catalogue {
  /** In the order of the files and of their lines. */
  readonly alarms: readonly CatalogueAlarm[];
  /** What is wrong with the files; a test keeps it empty, an edit of one's own may not. */
  readonly problems: readonly Problem[];
}

const fileSchema = z.record(itemName, z.unknown());

/** The folder `alarms` beside this program; undefined where somebody took it away. */
export function alarmFolder(): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'alarms', 'catalogue');
    if (existsSync(candidate)) return dirname(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

let loaded: Catalogue | undefined;

/** Reads the catalogue once per process. */
export function loadCatalogue(): Catalogue {
  loaded ??= readCatalogue(alarmFolder());
  return loaded;
}

/** Reads every file of `<folder>/catalogue`. */
export function readCatalogue(folder: string | undefined): Catalogue {
  const alarms: CatalogueAlarm[] = [];
  const problems: Problem[] = [];
  if (folder === undefined) return { alarms, problems };
  const names = new Set<string>();
  for (const file of readdirSync(join(folder, 'catalogue')).sort()) {
    if (!file.endsWith('.yaml')) continue;
    const path = join(folder, 'catalogue', file);
    const read = readAlarmFile(readFileSync(path, 'utf8'), relative('', path));
    problems.push(...read.problems);
    for (const { name, alarm } of read.alarms) {
      if (names.has(name))
        problems.push({ file: relative('', path), line: 1, column: 1, field: name, what: 'another file has an alarm of this name' });
      names.add(name);
      alarms.push({ name, alarm, group: file.slice(0, -'.yaml'.length) });
    }
  }
  return { alarms, problems };
}

/** Reads one file of alarms; every problem has its place. */
export function readAlarmFile(
  text: string,
  file: string,
): { readonly alarms: readonly { readonly name: string; readonly alarm: AlarmConfig }[]; readonly problems: readonly Problem[] } {
  const source = readYaml(text);
  const problems: Problem[] = source.problems.map((problem) => ({ file, field: '', ...problem }));
  const alarms: { name: string; alarm: AlarmConfig }[] = [];
  const entries = source.isReadable ? fileSchema.safeParse(source.data ?? {}) : undefined;
  if (entries?.success === false) problems.push({ file, line: 1, column: 1, field: '', what: 'a file of alarms is a map of names' });
  for (const [name, value] of Object.entries(entries?.data ?? {})) {
    const parsed = alarmSchema.safeParse(value);
    const findings = parsed.success
      ? problemsOfAlarm(parsed.data)
      : parsed.error.issues.map(({ path, message }) => {
          const [what = message, limit] = message.split(LIMIT_MARK);
          return {
            path: path.map((step) => (typeof step === 'symbol' ? String(step) : step)),
            what,
            ...(limit === undefined ? {} : { limit }),
          };
        });
    for (const finding of findings) {
      const path = [name, ...finding.path];
      problems.push({
        file,
        ...source.place(path),
        field: fieldName(path),
        what: finding.what,
        ...(finding.limit === undefined ? {} : { limit: finding.limit }),
        ...('value' in finding && finding.value !== undefined ? { value: showValue(finding.value) } : {}),
      });
    }
    if (parsed.success) alarms.push({ name, alarm: parsed.data });
  }
  return { alarms, problems };
}
