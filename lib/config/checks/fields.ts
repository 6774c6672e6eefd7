import { declaredFieldProblem } from '../../../lambdas/core/index/mappings/declared.ts';
import { ENVELOPE } from '../../../lambdas/core/index/mappings/envelope.ts';
import { isDeclarable } from '../../../lambdas/core/parse/fields.ts';
import type { FieldType } from '../../../lambdas/core/rules/rules.ts';
import type { FamilyConfig } from '../families.ts';
import type { Path } from '../problems.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';
import { isFieldPath } from './exclusions.ts';

/** Objects and values of the envelope: nothing may be added inside, because each document has one of them, written by us. */
const ENVELOPE_NAMES: readonly string[] = Object.keys(ENVELOPE);

/** Longest field path; OpenSearch allows more, but each becomes part of every cluster state. */
const MAX_FIELD_CHARACTERS = 256;
/** Fields that one family may declare: OpenSearch stops at 1,000 per index, our own ones included. */
const MAX_FIELDS = 500;

interface Declared {
  readonly field: string;
  readonly type: FieldType;
  readonly path: Path;
  readonly by: string;
}

/** Typed fields that applications and sources declare, within each index family that they share. */
export const checkFields: Check = (context, report) => {
  for (const family of context.config.families) {
    const declared = declaredIn(context, family);
    for (const item of declared) checkName(item, report);
    checkEachOther(declared, report);
    const names = new Set(declared.map(({ field }) => field));
    const last = declared.at(-1);
    if (last && names.size > MAX_FIELDS) {
      const what = `family ${family.name} has ${names.size} declared fields`;
      report.problem({ path: last.path.slice(0, -1), atKey: true, what, limit: `at most ${MAX_FIELDS}` });
    }
  }
};

function declaredIn({ config }: CheckContext, family: FamilyConfig): Declared[] {
  const list = (
    kind: 'applications' | 'sources',
    items: readonly { name: string; family: string; fields: { [field: string]: FieldType } }[],
  ) =>
    items.flatMap((item, index) =>
      item.family === family.name
        ? Object.entries(item.fields).map(
            ([field, type]): Declared => ({ field, type, path: [kind, index, 'fields', field], by: item.name }),
          )
        : [],
    );
  return [...list('sources', config.sources), ...list('applications', config.applications)];
}

function checkName({ field, type, path }: Declared, report: CheckReport): void {
  const problem = (what: string, limit?: string): void =>
    report.problem({ path, atKey: true, what, ...(limit === undefined ? {} : { limit }), value: field });
  if (!isFieldPath(field) || field.length > MAX_FIELD_CHARACTERS) {
    problem('not the name of a field', `names joined by single dots, at most ${MAX_FIELD_CHARACTERS} characters`);
    return;
  }
  if (/[\p{Cc}*?#,"\\\s]/u.test(field))
    problem('a field’s name has a character that searches cannot name', 'no space and none of * ? # , " \\');
  const first = field.split('.')[0] ?? '';
  if (first.startsWith('_')) problem('OpenSearch keeps names that start with _ for its own fields');
  else if (ENVELOPE_NAMES.includes(first) || !isDeclarable(field))
    problem(`every document may have ${first} from us; give your field another name`);
  else {
    const reason = declaredFieldProblem(field, type);
    if (reason !== undefined) problem(`${reason}; give your field another name, or its type`);
  }
}

function checkEachOther(declared: readonly Declared[], report: CheckReport): void {
  const byField = new Map<string, Declared>();
  for (const item of declared) {
    const same = byField.get(item.field);
    if (same && same.type !== item.type) {
      const what = `${same.by} declares this field as ${same.type}, and both write to the same index; agree, or give one an index of its own`;
      report.problem({ path: item.path, what, limit: same.type, value: item.type });
    }
    if (!same) byField.set(item.field, item);
  }
  for (const item of byField.values()) {
    const steps = item.field.split('.');
    for (let length = 1; length < steps.length; length++) {
      const parent = byField.get(steps.slice(0, length).join('.'));
      if (!parent) continue;
      const what = `${parent.field} is declared as ${parent.type}${parent.by === item.by ? '' : ` by ${parent.by}`}, so it cannot be the object that holds ${item.field}`;
      report.problem({ path: item.path, atKey: true, what, value: item.field });
    }
  }
}
