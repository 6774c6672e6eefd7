import { parseArgs } from 'node:util';

/** What the command line asks. */
export interface AlarmsOptions {
  readonly verb: 'test' | 'list';
  readonly files: readonly string[];
  readonly config: string | undefined;
  readonly json: boolean;
}

/** Reads the arguments, or says what is wrong with them. */
export function readOptions(args: readonly string[]): AlarmsOptions | string {
  const [verb, ...rest] = args;
  if (verb !== 'test' && verb !== 'list') return `${verb === undefined ? 'say what to do' : `nothing is called "${verb}"`}: test or list`;
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options: { json: { type: 'boolean', default: false }, config: { type: 'string' } },
      allowPositionals: true,
    });
    if (verb === 'list' && positionals.length > 0) return `list takes no file: name a config with --config ${positionals[0]}`;
    if (verb === 'test' && values.config !== undefined) return 'a scenario names its config itself: config: FILE at the top of the file';
    return { verb, files: positionals, config: values.config, json: values.json === true };
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}
