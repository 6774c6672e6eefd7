import { indexName, indexPattern, periodDays } from '../../../lambdas/core/index/index-name.ts';
import { BUILTIN_FAMILIES, type FamilyConfig } from '../families.ts';
import type { Path } from '../problems.ts';
import type { Config } from '../resolve.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';

/** Longest index name in bytes (OpenSearch, MetadataCreateIndexService). */
export const MAX_INDEX_NAME_BYTES = 255;
/** A time whose index name is as long as any of its period: the length does not depend on the time. */
const SOME_TIME_MS = Date.UTC(2026, 10, 21, 8);

const FAMILY_NAME = /^[a-z0-9][a-z0-9._-]*$/;

/** Index families: names, patterns that must not overlap, ages. */
export const checkFamilies: Check = (context, report) => {
  const { config } = context;
  for (const family of config.families) {
    checkName(context, family, report);
    checkAges(context, family, report);
    checkAgreement(config, family, report);
  }
  checkReferences(context, report);
  checkPatterns(config, report);
};

/** Where the file names a family: its first application, its settings, the first source that uses it. */
function placeOf(config: Config, name: string): { path: Path; atKey?: boolean } {
  const application = config.applications.findIndex(({ index }) => index === name);
  if (application !== -1) return { path: ['applications', application, 'index'] };
  if (Object.hasOwn(config.search.families, name)) return { path: ['search', 'families', name], atKey: true };
  return {
    path: [
      'sources',
      Math.max(
        0,
        config.sources.findIndex(({ family }) => family === name),
      ),
      'family',
    ],
  };
}

function checkName({ config }: CheckContext, family: FamilyConfig, report: CheckReport): void {
  const { name } = family;
  if (!FAMILY_NAME.test(name)) {
    report.problem({
      ...placeOf(config, name),
      what: 'this cannot start the name of an index: lower-case letters, digits, dot, underscore and hyphen, starting with a letter or digit',
      limit: 'a-z 0-9 . _ -',
      value: name,
    });
    return;
  }
  for (const cluster of config.clusters) {
    const index = indexName(name, cluster.indexName, family.period, SOME_TIME_MS);
    const bytes = Buffer.byteLength(index);
    if (bytes <= MAX_INDEX_NAME_BYTES) continue;
    const what = `index names of cluster ${cluster.name} would have ${bytes} bytes`;
    report.problem({ ...placeOf(config, name), what, limit: `${MAX_INDEX_NAME_BYTES} bytes`, value: index });
  }
}

function checkAges({ config }: CheckContext, family: FamilyConfig, report: CheckReport): void {
  const { name, period, retentionDays, warmAfterDays, coldAfterDays } = family;
  const at = (field: string): Path => ['search', 'families', name, field];
  if (warmAfterDays !== undefined) {
    if (warmAfterDays <= periodDays(period)) {
      const what = `one index covers a ${period}, so it would become read-only while it is written to`;
      report.problem({ path: at('warmAfterDays'), what, limit: `more than ${periodDays(period)} days`, value: warmAfterDays });
    }
    if (warmAfterDays >= retentionDays) {
      report.problem({
        path: at('warmAfterDays'),
        what: 'the index is deleted before it is warm',
        limit: `less than retentionDays, ${retentionDays}`,
        value: warmAfterDays,
      });
    }
    if (!hasWarm(config)) {
      const what = 'there are no warm nodes; add search.domain.warm (or search.existing.hasWarm), or remove this';
      report.problem({ path: at('warmAfterDays'), what, value: warmAfterDays });
    }
  }
  if (coldAfterDays === undefined) return;
  if (warmAfterDays === undefined || coldAfterDays <= warmAfterDays) {
    const limit = warmAfterDays === undefined ? 'with warmAfterDays' : `more than warmAfterDays, ${warmAfterDays}`;
    report.problem({ path: at('coldAfterDays'), what: 'an index goes to cold storage from warm storage', limit, value: coldAfterDays });
  }
  if (coldAfterDays >= retentionDays) {
    report.problem({
      path: at('coldAfterDays'),
      what: 'the index is deleted before it is cold',
      limit: `less than retentionDays, ${retentionDays}`,
      value: coldAfterDays,
    });
  }
  if (config.search.mode === 'managed' && !config.search.domain.cold) {
    report.problem({
      path: at('coldAfterDays'),
      what: 'the domain has no cold storage; set search.domain.cold: true, or remove this',
      value: coldAfterDays,
    });
  }
}

function hasWarm({ search }: Config): boolean {
  return search.mode === 'existing' ? search.existing.hasWarm : search.domain.warm !== undefined;
}

/** Applications that share an index must not want different settings for it. */
function checkAgreement(config: Config, family: FamilyConfig, report: CheckReport): void {
  for (const [index, application] of config.applications.entries()) {
    if (application.index !== family.name) continue;
    for (const field of ['period', 'retentionDays'] as const) {
      const value = application[field];
      if (value === undefined || value === family[field]) continue;
      const what = `family ${family.name} already has ${field} ${family[field]} from search.families or another application`;
      report.problem({ path: ['applications', index, field], what, limit: String(family[field]), value });
    }
  }
}

function checkReferences({ config, isGiven, isIncomplete }: CheckContext, report: CheckReport): void {
  if (isIncomplete(['applications']) || isIncomplete(['search', 'families'])) return;
  const names = config.families.map(({ name }) => name);
  for (const [index, source] of config.sources.entries()) {
    if (!isGiven(['sources', index, 'family']) || names.includes(source.family)) continue;
    const what = 'no index family has this name; declare it in search.families';
    report.problem({ path: ['sources', index, 'family'], what, limit: names.join(' '), value: source.family });
  }
  for (const [index, reader] of config.search.access.readers.entries()) {
    if (reader.family === '*' || names.includes(reader.family)) continue;
    const path = ['search', 'access', 'readers', index, 'family'];
    report.problem({ path, what: 'no index family has this name', limit: ['*', ...names].join(' '), value: reader.family });
  }
  for (const name of Object.keys(config.search.families)) {
    const isUsed =
      BUILTIN_FAMILIES.includes(name) ||
      config.applications.some(({ index }) => index === name) ||
      config.sources.some(({ family }) => family === name) ||
      config.loadBalancers.logs.some(({ family }) => family === name);
    if (!isUsed) report.warning({ path: ['search', 'families', name], atKey: true, what: 'nothing writes to this family', value: name });
  }
}

/** Two families overlap where an index of one fits the pattern of the other: it would get the other's mapping and be deleted by its age. */
function checkPatterns(config: Config, report: CheckReport): void {
  const prefixes = config.families.flatMap((family) =>
    config.clusters.map((cluster) => ({ family, cluster, prefix: indexPattern(family.name, cluster.indexName).slice(0, -1) })),
  );
  const reported = new Set<string>();
  for (const longer of prefixes) {
    const shorter = prefixes.find(({ family, prefix }) => family !== longer.family && longer.prefix.startsWith(prefix));
    if (!shorter) continue;
    // Blame the one that the file names: built-in families cannot be renamed.
    const isBuiltin = BUILTIN_FAMILIES.includes(longer.family.name);
    const [blamed, other] = isBuiltin ? [shorter, longer] : [longer, shorter];
    const key = [blamed.family.name, other.family.name].sort().join(' ');
    if (reported.has(key)) continue;
    reported.add(key);
    report.problem({
      ...placeOf(config, blamed.family.name),
      what: `indexes of family ${longer.family.name} on cluster ${longer.cluster.name} (${longer.prefix}*) would fit the pattern of family ${shorter.family.name} (${shorter.prefix}*); rename one, or set indexName of a cluster`,
      value: blamed.family.name,
    });
  }
}
