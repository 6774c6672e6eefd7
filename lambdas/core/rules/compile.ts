import { type ContainerIdentity, ownsContainer } from '../index/applications.ts';
import { lineFormatOf } from '../lines/line-documents.ts';
import type { JoinRule } from '../parse/join.ts';
import { createParser, joinRule } from '../parse/registry.ts';
import { controlPlaneKind, formatOfKind } from '../parse/stream-kind.ts';
import type { Parser } from '../parse/types.ts';
import { compileRedaction, type Redactor } from '../redact/redactor.ts';
import {
  type ApplicationRule,
  CONTROL_PLANE_KINDS,
  type ControlPlaneKind,
  type ExclusionRule,
  type FieldType,
  type IndexFamily,
  type RegexPattern,
  type Rules,
  type SourceRule,
  type TimeBounds,
} from './rules.ts';
import { sourceOf } from './source-of.ts';

/** How the records of one application, or of one kind of stream, are read, and where they go. */
export interface Reader {
  readonly parse: Parser;
  readonly join: JoinRule;
  /** Index family by name, and what it says of its indices. */
  readonly familyName: string;
  readonly family: IndexFamily;
  readonly exclusions: readonly ExclusionRule[];
  readonly redactor: Redactor;
  /** `event.dataset`: `eks.` and the kind of stream or source. */
  readonly dataset: string;
  /** `application` of the document as JSON text; undefined where none claims it. */
  readonly application: string | undefined;
}

/** A source, compiled. */
export interface CompiledSource {
  readonly rule: SourceRule;
  /** Reader of what no application claims, and of control-plane streams with an unknown prefix. */
  readonly reader: Reader;
  readonly controlPlane: { readonly [kind in ControlPlaneKind]?: Reader };
  /** Reader of a container's records: its application's, or the source's own. */
  readerOf(containerKey: string, identity: ContainerIdentity): Reader;
}

/** `rules.json`, compiled once per cold start. */
export interface CompiledRules {
  readonly account: string;
  readonly region: string;
  readonly timeBounds: TimeBounds;
  /** Whether events of a log group that no source names are dropped and counted, instead of kept as dead letters. */
  readonly excludesUnknownLogGroups: boolean;
  /** Whether the events of a log stream are lines of a format that is read as bytes. */
  isOfLines(logGroup: string, logStream: string): boolean;
  /** The source that owns a log group; undefined where none does. */
  sourceOf(logGroup: string): CompiledSource | undefined;
}

/** Containers whose application is remembered; a node has a few hundred, and log streams of all nodes pass here. */
const MAX_CONTAINERS = 10_000;

/** Compiles the rules. Throws on a family that the rules do not describe and on an invalid expression: a broken deploy, not bad input. */
export function compileRules(rules: Rules): CompiledRules {
  const redactor = compileRedaction(rules.redaction);
  const applications = rules.applications.map((rule) => ({
    rule,
    reader: memo((dataset: string) => applicationReader(rules, rule, dataset, redactor)),
  }));
  const compiled = new Map<SourceRule, CompiledSource>();
  const byGroup = new Map<string, CompiledSource | undefined>();
  for (const rule of rules.sources) compiled.set(rule, compileSource(rules, rule, applications, redactor));
  const compiledOf = (logGroup: string): CompiledSource | undefined => {
    if (byGroup.has(logGroup)) return byGroup.get(logGroup);
    const rule = sourceOf(rules, logGroup);
    const source = rule && compiled.get(rule);
    if (byGroup.size < MAX_CONTAINERS) byGroup.set(logGroup, source);
    return source;
  };
  return {
    account: rules.account,
    region: rules.region,
    timeBounds: rules.timeBounds,
    excludesUnknownLogGroups: rules.unknownLogGroups === 'exclude',
    isOfLines(logGroup, logStream) {
      const kind = compiledOf(logGroup)?.rule.kind === 'controlPlane' ? controlPlaneKind(logStream) : undefined;
      return kind !== undefined && lineFormatOf(formatOfKind(kind)) !== undefined;
    },
    sourceOf: compiledOf,
  };
}

type Application = { readonly rule: ApplicationRule; readonly reader: (dataset: string) => Reader };

function compileSource(rules: Rules, rule: SourceRule, applications: readonly Application[], redactor: Redactor): CompiledSource {
  const dataset = `eks.${rule.kind}`;
  const common = { exclusions: rule.exclusions, redactor, application: undefined };
  const reader: Reader = {
    ...common,
    ...reading(rule.kind === 'controlPlane' ? { format: 'auto' } : rule),
    ...placed(rules, rule.family),
    dataset,
  };
  const controlPlane: { [kind in ControlPlaneKind]?: Reader } = {};
  if (rule.kind === 'controlPlane') {
    for (const kind of CONTROL_PLANE_KINDS) {
      const family = rule.controlPlaneFamilies?.[kind] ?? rule.family;
      controlPlane[kind] = { ...common, ...reading({ format: formatOfKind(kind) }), ...placed(rules, family), dataset: `eks.${kind}` };
    }
  }
  const readers = new Map<string, Reader>();
  return {
    rule,
    reader,
    controlPlane,
    readerOf(containerKey, identity) {
      const known = readers.get(containerKey);
      if (known) return known;
      const owner = applications.find(({ rule: { match } }) => ownsContainer(match, rule.cluster, identity));
      const found = owner ? withSourceExclusions(owner.reader(dataset), rule) : reader;
      if (readers.size >= MAX_CONTAINERS) readers.clear();
      readers.set(containerKey, found);
      return found;
    },
  };
}

function withSourceExclusions(reader: Reader, source: SourceRule): Reader {
  return source.exclusions.length === 0 ? reader : { ...reader, exclusions: [...reader.exclusions, ...source.exclusions] };
}

function applicationReader(rules: Rules, rule: ApplicationRule, dataset: string, common: Redactor): Reader {
  const owner = rule.owner === undefined ? '' : `,"owner":${JSON.stringify(rule.owner)}`;
  return {
    ...reading(rule),
    ...placed(rules, rule.family),
    exclusions: rule.exclusions,
    redactor: rule.redaction ? compileRedaction(rules.redaction, rule.redaction) : common,
    dataset,
    application: `{"name":${JSON.stringify(rule.name)}${owner}}`,
  };
}

function reading(rule: {
  readonly format: string;
  readonly pattern?: RegexPattern;
  readonly fields?: { readonly [field: string]: FieldType };
}): Pick<Reader, 'parse' | 'join'> {
  const { format, pattern, fields } = rule;
  const options = { ...(pattern ? { pattern } : {}), ...(fields ? { fields } : {}) };
  return { parse: createParser(format, options), join: joinRule(format, options) };
}

function placed(rules: Rules, familyName: string): Pick<Reader, 'familyName' | 'family'> {
  const family = Object.hasOwn(rules.families, familyName) ? rules.families[familyName] : undefined;
  if (!family) throw new Error(`rules.json: no family ${familyName}`);
  return { familyName, family };
}

function memo<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
