import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { run } from '../../cli/dead-letters.ts';
import { NOW } from './control-plane.ts';
import type { LetterBox } from './letter-box.ts';

/** The config that gives the rules of `control-plane.ts`. */
const CONFIG = `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: test }]
sources:
  - { name: test-control-plane, cluster: test, kind: controlPlane, route: stream }
search:
  access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } }
`;

/** Replays what is in the letter box by the operator's command; gives its exit code and output. */
export async function replayAll(box: LetterBox, endpoint: string): Promise<{ readonly code: number; readonly out: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-replay-'));
  try {
    const config = join(folder, 'test.yaml');
    writeFileSync(config, CONFIG);
    for (const [key, bytes] of box.objects) {
      const path = join(folder, 'run/buckets/letters', key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    const stdout = new PassThrough();
    const args = ['replay', '--local', 'run', '--config', config, '--endpoint', endpoint];
    const code = await run(args, {
      stdin: new PassThrough(),
      stdout,
      stderr: new PassThrough(),
      env: {},
      isTty: false,
      cwd: folder,
      now: () => NOW,
    });
    return { code, out: String(stdout.read() ?? '') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
