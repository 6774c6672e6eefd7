import { matchesWildcard } from '../../../lambdas/core/rules/wildcard.ts';
import { BUILTIN_FAMILIES } from '../families.ts';
import type { ApplicationConfig } from '../resolve.ts';
import { type Check, type CheckContext, type CheckReport, reportDuplicates } from './context.ts';

/** Wildcard expressions that can match a name of the Kubernetes kind. */
const NAME_SHAPES = {
  namespace: { pattern: /^[a-z0-9*-]+$/, max: 63, limit: 'a-z 0-9 - and *, at most 63 characters' },
  container: { pattern: /^[a-z0-9*-]+$/, max: 63, limit: 'a-z 0-9 - and *, at most 63 characters' },
  pod: { pattern: /^[a-z0-9.*-]+$/, max: 253, limit: 'a-z 0-9 - . and *, at most 253 characters' },
} as const;
const LABEL_KEY = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^[A-Za-z0-9_.*-]+$/;

/** Formats that read declared fields out of a line; the others have fixed fields. */
export const FIELD_FORMATS = /^(?:json|auto|regex:.*)$/;

/** Applications one by one: whether their match can hold at all, and whether their settings have somewhere to go. */
export const checkApplications: Check = (context, report) => {
  const { config } = context;
  const path = (index: number) => ['applications', index, 'name'];
  reportDuplicates(config.applications, { key: ({ name }) => name, path, what: 'two applications have this name' }, report);
  for (const [index, application] of config.applications.entries()) {
    if (!context.isIncomplete(['applications', index, 'match'])) checkMatch(context, application, index, report);
    checkIndex(application, index, report);
    checkFormat(application, index, report);
  }
  if (config.applications.length > 0 && !config.sources.some(({ kind, route }) => kind === 'application' && route !== 'none')) {
    const what = 'no source of kind application brings container records, so no application gets any';
    if (!context.isIncomplete(['sources'])) report.warning({ path: ['applications'], atKey: true, what });
  }
};

function checkMatch({ config, isIncomplete }: CheckContext, { match }: ApplicationConfig, index: number, report: CheckReport): void {
  const at = (...steps: string[]) => ['applications', index, 'match', ...steps];
  const labels = Object.entries(match.labels ?? {});
  const { namespace, container, pod } = match;
  if ([namespace, container, pod].every((part) => part === undefined || /^\*+$/.test(part)) && labels.length === 0) {
    const what = 'this match claims every container record; name a namespace, a container, a pod or a label';
    report.problem({ path: at(), what, value: match });
  }
  if (match.cluster !== undefined && !isIncomplete(['clusters'])) {
    const wildcard = match.cluster;
    if (!config.clusters.some(({ name }) => matchesWildcard(wildcard, name))) {
      const limit = config.clusters.map(({ name }) => name).join(' ');
      report.problem({ path: at('cluster'), what: 'no cluster has such a name', limit, value: wildcard });
    }
  }
  for (const part of ['namespace', 'container', 'pod'] as const) {
    const value = match[part];
    const shape = NAME_SHAPES[part];
    if (value === undefined || (shape.pattern.test(value) && value.replaceAll('*', '').length <= shape.max)) continue;
    report.problem({ path: at(part), what: `no ${part} can have such a name, so nothing would match`, limit: shape.limit, value });
  }
  for (const [label, value] of labels) {
    if (!LABEL_KEY.test(label)) {
      const limit = 'name, or prefix/name; names of 1 to 63 characters';
      report.problem({ path: at('labels', label), atKey: true, what: 'not the key of a Kubernetes label', limit, value: label });
    }
    if (!LABEL_VALUE.test(value) || value.replaceAll('*', '').length > 63) {
      const limit = 'A-Z a-z 0-9 _ . - and *, at most 63 characters';
      report.problem({ path: at('labels', label), what: 'no label can have such a value', limit, value });
    }
  }
}

function checkIndex(application: ApplicationConfig, index: number, report: CheckReport): void {
  const at = (field: string) => ['applications', index, field];
  if (application.index === undefined) {
    for (const field of ['retentionDays', 'period'] as const) {
      if (application[field] === undefined) continue;
      const what = `without an index of its own the application shares ${application.family}; add index, or set this in search.families`;
      report.problem({ path: at(field), what, value: application[field] });
    }
  } else if (BUILTIN_FAMILIES.includes(application.index)) {
    const what = 'this family belongs to another kind of log; leave index out to share eks-application, or take a name of its own';
    report.problem({ path: at('index'), what, value: application.index });
  }
}

function checkFormat(application: ApplicationConfig, index: number, report: CheckReport): void {
  const fields = Object.keys(application.fields);
  if (fields.length === 0 || FIELD_FORMATS.test(application.format)) return;
  report.warning({
    path: ['applications', index, 'fields'],
    atKey: true,
    what: `format ${application.format} has fixed fields; declared ones stay empty`,
    limit: 'json, auto or regex:NAME',
    value: fields.join(', '),
  });
}
