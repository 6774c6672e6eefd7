import { buildSync } from 'esbuild';

/** The module that holds the program's text, line by line, so that a change shows in a diff. Not minified: people read it in their cluster. */
export function volumeProgramModule(root: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: ['collector/volumes/program/main.ts'],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'silent',
    write: false,
  });
  const text = outputFiles[0]?.text ?? '';
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${JSON.stringify(line.trimEnd())},`);
  return [
    '// Written by scripts/write-volume-program.ts; a test fails where it is not what the program is now.',
    '/** The program of collector/volumes/program as one file for Node 24. */',
    'export const VOLUME_PROGRAM: string = `${[',
    ...lines,
    "].join('\\n')}\\n`;",
    '',
  ].join('\n');
}
