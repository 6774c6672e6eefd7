import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ENTRY = join(__dirname, '../../bin/eks-telemetry.ts');

function call(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [ENTRY, ...args], { encoding: 'utf8' });
}

describe('eks-telemetry', () => {
  test('--help lists every command on stdout and exits 0', () => {
    const { status, stdout } = call('--help');

    expect(status).toBe(0);
    for (const command of ['check', 'parse', 'match', 'query', 'dead-letters', 'reconcile'])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  test('called with nothing it prints its help on stderr and exits 2', () => {
    const { status, stdout, stderr } = call();

    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: eks-telemetry COMMAND');
  });

  test.each(['chek', 'constructor', '__proto__'])('an unknown command (%s) exits 2 and names the known ones', (name) => {
    const { status, stderr } = call(name);

    expect(status).toBe(2);
    expect(stderr).toContain(`no command "${name}"`);
    expect(stderr).toContain('check, parse');
  });

  test.each(['check', 'parse', 'match', 'query', 'dead-letters', 'reconcile'])('%s --help says how to use it', (command) => {
    const { status, stdout } = call(command, '--help');

    expect(status).toBe(0);
    expect(stdout).toContain(command);
    expect(stdout.length).toBeGreaterThan(100);
  });
});
