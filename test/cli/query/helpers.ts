import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import type { Io } from '../../../cli/io.ts';

export const ROOT = join(__dirname, '../../..');
export const AUDIT = 'samples/control-plane/kube-apiserver-audit.log.gz';

/** The world of a command, with what it wrote. */
export function fakeIo(more: Partial<Io> & { input?: string } = {}): Io & { out: () => string; err: () => string } {
  const parts = { out: '', err: '' };
  const sink = (key: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        parts[key] += String(chunk);
        done();
      },
    });
  return {
    stdin: more.input === undefined ? new PassThrough().end() : Readable.from([Buffer.from(more.input)]),
    stdout: sink('out'),
    stderr: sink('err'),
    env: {},
    isTty: false,
    cwd: ROOT,
    now: () => Date.parse('2026-11-21T12:00:00Z'),
    ...more,
    out: () => parts.out,
    err: () => parts.err,
  } as Io & { out: () => string; err: () => string };
}
