// What the CDK command runs (cdk.json). Plain JavaScript, so that an old `node` in PATH gets an answer instead of a syntax error:
// the app is TypeScript that Node runs as it is, from 22.18 on; `npm ci` brings such a Node along.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname ?? join(new URL('.', import.meta.url).pathname), '..');
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (!existsSync(join(root, 'node_modules', 'aws-cdk-lib'))) {
  process.stderr.write('eks-telemetry: the packages are not installed: run "npm ci" first\n');
  process.exit(1);
}
if (major > 22 || (major === 22 && minor >= 18)) {
  await import('./app.ts');
} else {
  const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(node)) {
    process.stderr.write(
      `eks-telemetry: this is Node ${process.versions.node}, the app needs 22.18 or newer: run "npm ci" (it brings Node 24 along) and then "npx cdk …"\n`,
    );
    process.exit(1);
  }
  const { status, signal } = spawnSync(node, [join(root, 'bin', 'app.ts')], { stdio: 'inherit' });
  process.exit(signal === null ? (status ?? 1) : 1);
}
