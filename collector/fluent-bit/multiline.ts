import { changed, entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { type CollectedApplication, collectedApplications, tagsOf } from './applications.ts';
import { aliasEntry } from './tail.ts';
import { slashed } from './values.ts';

/** How lines of a language become records: `[state, line, next state]`, the first match of a state wins. */
type Rules = readonly (readonly [state: string, regex: string, next: string])[];

/** What a log line begins with: a date or a time, or a level. The same as the functions' `java` and `python` look for. */
const HEAD =
  '(?:\\[?\\d{4}-\\d{2}-\\d{2}[T ]|\\[?\\d{2}:\\d{2}:\\d{2}[.,]\\d{3}|\\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|SEVERE)\\]?[: ]|[A-Z][a-z]{2} \\d{1,2}, \\d{4} )';

/** Rules by language. Behind a log line everything belongs to it until the next one; a trace without one (stderr) is told by its own shape. */
const LANGUAGES: { readonly [language in 'java' | 'python' | 'go']: Rules } = {
  java: [
    ['start_state', `^${HEAD}`, 'record'],
    ['record', `^(?!${HEAD})`, 'record'],
    ['start_state', '^(?:Exception in thread "|[A-Za-z_$][\\w$.]*(?:Exception|Error|Throwable)(?:: |$))', 'trace'],
    ['trace', '^(?:[\\t ]|Caused by: |Suppressed: |\\.\\.\\. \\d+ |at [\\w$.<>/]+\\(|$)', 'trace'],
  ],
  python: [
    ['start_state', `^${HEAD}`, 'record'],
    ['record', `^(?!${HEAD})`, 'record'],
    ['start_state', '^Traceback \\(most recent call last\\):', 'trace'],
    ['trace', '^[\\t ]', 'trace'],
    // The line of the exception itself ends the indented part; another traceback may be chained to it.
    ['trace', '^(?!Traceback)[A-Za-z_]', 'raised'],
    ['raised', '^$', 'chained'],
    ['chained', '^(?:During handling of the above exception|The above exception was the direct cause)', 'chain'],
    ['chain', '^$', 'chain'],
    ['chain', '^Traceback ', 'trace'],
  ],
  go: [
    ['start_state', '^(?:panic: |fatal error: |SIG[A-Z]+: )', 'dump'],
    ['start_state', '^goroutine \\d+ ', 'dump'],
    [
      'dump',
      '^(?:$|[\\t ]|goroutine \\d+ |runtime stack:|PC=0x|\\[signal |\\[recovered|created by |exit status \\d|[\\w./*()-]+\\(.*\\)$|[a-z]{1,6}\\d{0,2} +0x[0-9a-f]+$)',
      'dump',
    ],
  ],
};

/** Rules of an expression for the beginning of a record: everything else belongs to the record before. */
function startRules(start: string): Rules {
  // In a group of its own: an alternative in the user's expression must not escape from the negation.
  return [
    ['start_state', `(?:${start})`, 'record'],
    ['record', `^(?!.*(?:${start}))`, 'record'],
  ];
}

/** Name of the multi-line parser of an application; never one that Fluent Bit has itself, which would be taken instead without a word. */
export function multilineParserName({ name, collect }: Pick<CollectedApplication, 'name' | 'collect'>): string {
  return collect.multiline === undefined ? `start_${name}` : `lines_${collect.multiline}`;
}

/** Multi-line parsers that a cluster's applications and files use, each once, by name. */
export function multilineParsers({ config, cluster }: RenderContext): Section[] {
  const parsers = new Map<string, Section>();
  for (const application of collectedApplications(config, cluster)) {
    const { multiline, start } = application.collect;
    const name = multilineParserName(application);
    if (multiline !== undefined) parsers.set(name, multilineSection(name, LANGUAGES[multiline], 'log'));
    else if (start !== undefined) parsers.set(name, multilineSection(name, startRules(start), 'log'));
  }
  for (const { name, start } of config.collection.files) {
    if (start !== undefined) parsers.set(`start_file_${name}`, multilineSection(`start_file_${name}`, startRules(start), undefined));
  }
  return [...parsers.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf({ entries }: Section): string {
  return entries[0]?.value ?? '';
}

function multilineSection(name: string, rules: Rules, key: 'log' | undefined): Section {
  return {
    name: 'MULTILINE_PARSER',
    entries: [
      entry('Name', name),
      entry('Type', 'regex'),
      ...(key === undefined
        ? []
        : [
            changed('Key_Content', key, 'the member that holds the line.'),
            changed('Key_Group', 'stream', 'built-in parsers mix lines of stderr into the trace that stdout is printing.'),
          ]),
      changed('Flush_Timeout', 2000, 'milliseconds until a record without a successor is sent.'),
      ...rules.map(([state, regex, next]) => entry('Rule', `"${state}" "${slashed(escapeQuotes(regex))}" "${next}"`)),
    ],
  };
}

/** The rule's parts stand in quotes, and a quote inside, escaped or not, ends them: written as a code it means the same. */
function escapeQuotes(regex: string): string {
  return regex.replaceAll(/\\.|"/g, (part) => (part.endsWith('"') ? '\\x22' : part));
}

/** Filters that join lines, one per application; the first of all, since they send what they join through the filters again. */
export function multilineFilters({ config, cluster }: RenderContext): Section[] {
  return collectedApplications(config, cluster)
    .filter(({ collect }) => collect.multiline !== undefined || collect.start !== undefined)
    .map((application) => ({
      name: 'FILTER',
      about: `Records of ${application.name} that go over lines.`,
      entries: [
        changed(
          'Name',
          'multiline',
          'officially lines of a stack trace are records of their own. Not in the input: there the first parser that fits wins, and that is cri.',
        ),
        aliasEntry(`multiline-${application.name}`),
        changed('Match', tagsOf(application), 'this application only.'),
        changed('multiline.parser', multilineParserName(application), 'in parsers.conf.'),
        changed('multiline.key_content', 'log', 'the member that holds the line.'),
        changed('Emitter_Name', `emit-multiline-${application.name}`, 'its name in the metrics.'),
        changed(
          'Emitter_Storage.type',
          'filesystem',
          'the filter has a buffer of its own, in memory by default: what is in it would be lost with the pod.',
        ),
        changed('Emitter_Mem_Buf_Limit', '10M', 'the default; above it the filter waits.'),
      ],
    }));
}
