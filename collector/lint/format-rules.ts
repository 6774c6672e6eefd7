import type { ParsedSection } from '../conf/parse.ts';
import { at, type LintRule, plugin, sectionsOf, value, values } from './finding.ts';
import { BUILT_IN_MULTILINE, KNOWN_KEYS } from './known-keys.ts';
import { isOfficial } from './official.ts';

/** Rules about the text itself: what Fluent Bit takes without a word and does not do. */
export const FORMAT_RULES: readonly LintRule[] = [
  {
    name: 'format-is-read',
    trap: 'another indent, a key without a value or an unknown section',
    check: (conf) => conf.errors.map((error) => place(error)),
  },
  {
    name: 'keys-are-known',
    trap: 'a misspelt key of [SERVICE] and an unknown section are ignored without a word',
    check: (conf) =>
      conf.sections.flatMap((section) => {
        const known = knownKeys(section);
        if (known === undefined) return [at(section, `no plugin of [${section.name}] that we know is called ${plugin(section)}`, 'Name')];
        return section.entries
          .filter(({ key }) => !known.has(key.toLowerCase()) && !key.toLowerCase().startsWith('rdkafka.'))
          .map(({ key }) => at(section, `${section.name} ${plugin(section)} has no ${key}`, key));
      }),
  },
  {
    name: 'parsers-exist',
    trap: 'an input with an unknown parser starts, and reads nothing',
    check: (conf) => {
      const parsers = new Set(sectionsOf(conf, 'PARSER').map((section) => value(section, 'Name')));
      const multiline = new Set(sectionsOf(conf, 'MULTILINE_PARSER').map((section) => value(section, 'Name')));
      return conf.sections.flatMap((section) => {
        if (section.name === 'PARSER' || section.name === 'MULTILINE_PARSER') return [];
        const missing = [...values(section, 'Parser'), ...values(section, 'Regex_Parser')].filter((name) => !parsers.has(name));
        const joined = values(section, 'multiline.parser').flatMap((list) => list.split(/,\s*/));
        missing.push(...joined.filter((name) => !multiline.has(name) && !BUILT_IN_MULTILINE.has(name)));
        return missing.map((name) => at(section, `no parser is called ${name}`));
      });
    },
  },
  {
    name: 'states-exist',
    trap: 'a multi-line rule that leads to a state without rules ends every record there',
    check: (conf) =>
      sectionsOf(conf, 'MULTILINE_PARSER').flatMap((section) => {
        const rules = values(section, 'Rule').map((rule) => /^"([^"]+)"\s+"\/.*\/"\s+"([^"]+)"$/.exec(rule));
        if (rules.some((rule) => rule === null)) return [at(section, 'a rule is not "state" "/expression/" "next"', 'Rule')];
        const states = new Set(rules.map((rule) => rule?.[1]));
        const missing = rules.map((rule) => rule?.[2]).filter((next) => !states.has(next));
        if (!states.has('start_state')) missing.push('start_state');
        return [...new Set(missing)].map((state) => at(section, `no rule begins in ${state ?? ''}`, 'Rule'));
      }),
  },
  {
    name: 'one-log-stream',
    trap: 'an output to CloudWatch needs its Region, its group and exactly one of stream name and prefix; only a start shows it',
    check: (conf) =>
      sectionsOf(conf, 'OUTPUT', 'cloudwatch_logs').flatMap((output) => {
        const missing = ['region', 'log_group_name'].filter((key) => value(output, key) === undefined);
        const streams = ['log_stream_name', 'log_stream_prefix'].filter((key) => value(output, key) !== undefined);
        return [
          ...missing.map((key) => at(output, `no ${key}`)),
          ...(streams.length === 1 ? [] : [at(output, 'neither or both of log_stream_name and log_stream_prefix')]),
        ];
      }),
  },
  {
    name: 'variables-are-set',
    trap: 'a variable that the pod does not have becomes nothing, with a warning',
    check: (conf, { environment }) =>
      conf.sections.flatMap((section) =>
        section.entries.flatMap(({ key, value: text }) =>
          [...text.matchAll(/\$\{([^}]*)\}/g)]
            .filter(([, name]) => !environment.includes(name ?? ''))
            .map(([variable]) => at(section, `${variable} is not in the environment of the pod`, key)),
        ),
      ),
  },
  {
    name: 'changes-have-reasons',
    trap: 'a value that is not the official one, and nobody remembers why',
    check: (conf) =>
      conf.sections.flatMap((section) =>
        section.name === 'PARSER' || section.name === 'MULTILINE_PARSER'
          ? []
          : section.entries
              .filter((entry) => entry.comment === '' && !isOfficial(section.name, plugin(section), entry))
              .map(({ key, line }) => ({
                at: { file: section.file, line },
                what: `${key} is not as in the official configuration, and no comment says why`,
              })),
      ),
  },
];

function knownKeys(section: ParsedSection): ReadonlySet<string> | undefined {
  const { name } = section;
  return KNOWN_KEYS.get(name === 'SERVICE' || name === 'PARSER' || name === 'MULTILINE_PARSER' ? name : `${name} ${plugin(section)}`);
}

function place(error: string): { readonly at: { readonly file: string; readonly line: number }; readonly what: string } {
  const [, file = '', line = '1', what = error] = /^(.*?):(\d+): (.*)$/.exec(error) ?? [];
  return { at: { file, line: Number(line) }, what };
}
