import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { BundledFunction, type BundledFunctionProps } from '../../../lib/constructs/bundled-function.ts';
import { environmentBytes } from '../../../lib/constructs/function-environment.ts';
import { makeApp } from '../../support/synth.ts';

const props: BundledFunctionProps = {
  projectRoot: process.cwd(),
  functionName: 'test-function',
  entry: 'lambdas/log-group-setup.ts',
  description: 'A function.',
};

function make(changes: Partial<BundledFunctionProps>, app = makeApp()): Stack {
  const stack = new Stack(app, 'Test', { env: { account: '111122223333', region: 'us-east-1' } });
  new BundledFunction(stack, 'Function', { ...props, ...changes });
  return stack;
}

test.each<[string, Partial<BundledFunctionProps>, string]>([
  [
    'a name that Lambda refuses',
    { functionName: 'a.b' },
    'Test/Function: functionName must have 1 to 64 letters, digits, "-" or "_", got "a.b"',
  ],
  ['too long a name', { functionName: 'x'.repeat(65) }, 'functionName must have 1 to 64'],
  ['too little memory', { memoryMb: 64 }, 'memoryMb must be a whole number of 128 to 10240, got 64'],
  ['a time-out beyond 15 minutes', { timeout: Duration.minutes(16) }, 'timeout must be at most 15 minutes, got 16 minutes'],
  [
    'an environment over 4 KB',
    { environment: { SMALL: 'x', LIST: 'y'.repeat(4096) } },
    'Test: the environment of test-function has 4106 bytes, Lambda allows 4096; longest is LIST. Lists belong into the function',
  ],
])('refuses %s, naming value and limit', (_name, changes, message) => {
  expect(() => make(changes)).toThrow(message);
});

test('takes an environment of exactly 4 KB', () => {
  expect(() => make({ environment: { LIST: 'y'.repeat(4092) } })).not.toThrow();
});

test('counts what is known at deploy time only as a long ARN', () => {
  const stack = new Stack(makeApp(), 'Test');

  expect(environmentBytes({ A: 'é', B: `https://${stack.stackId}/` })).toBe(3 + 1 + 'https://'.length + 200 + 1);
});

describe('a real bundle', () => {
  let directory: string;
  beforeAll(() => {
    const app = makeApp(['**']);
    make({ files: { 'rules.json': { sources: [] } } }, app);
    const { directory: output } = app.synth();
    const asset = readdirSync(output).find((name) => name.startsWith('asset.') && readdirSync(join(output, name)).includes('index.js'));
    directory = join(output, asset ?? 'none');
  });

  test('is one minified file with its JSON beside it', () => {
    expect(readdirSync(directory).sort()).toEqual(['index.js', 'rules.json']);
    expect(JSON.parse(readFileSync(join(directory, 'rules.json'), 'utf8'))).toEqual({ sources: [] });
    const lines = readFileSync(join(directory, 'index.js'), 'utf8').split('\n');
    expect(lines.length).toBeLessThan(1000);
  });

  test('loads by itself, with nothing installed around it, and exports the handler', () => {
    const script = `const m = require(${JSON.stringify(join(directory, 'index.js'))}); console.log(typeof m.handler)`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: '/',
      encoding: 'utf8',
      env: { AWS_REGION: 'us-east-1' },
    });

    expect([stdout, stderr]).toEqual(['function\n', '']);
  });

  test('has the same hash when nothing has changed, another when its rules have', () => {
    const hashOf = (rules: object): string => {
      const app = makeApp();
      const template = app.synth;
      make({ files: { 'rules.json': rules } }, app);
      return JSON.stringify(template.call(app).getStackByName('Test').template.Resources).match(/"S3Key":"([0-9a-f]+)/)?.[1] ?? '';
    };

    expect(hashOf({ a: 1 })).toBe(hashOf({ a: 1 }));
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: 2 }));
  });
});
