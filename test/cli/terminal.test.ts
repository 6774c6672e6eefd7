import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { guardTerminal, withoutControls } from '../../cli/terminal.ts';

async function written(isTTY: boolean, chunks: readonly (string | Buffer)[]): Promise<string> {
  const through = new PassThrough();
  const guarded = guardTerminal(Object.assign(through, { isTTY }) as unknown as NodeJS.WriteStream);
  for (const chunk of chunks) await new Promise((done) => guarded.write(chunk, done));
  through.end();
  return text(through);
}

test('an escape sequence in a log line reaches no terminal, and shows itself', async () => {
  expect(await written(true, ['a\x1b]0;pwn\x07b\n', Buffer.from('é\x9b31m\u202e\r\x1b[Kx\r\n')])).toBe(
    'a␛]0;pwn␇b\né\ufffd31m\ufffd␍␛[Kx\r\n',
  );
});

test('a progress bar still erases its own line', async () => {
  expect(await written(true, ['\r\x1b[K[==] 2 of 3'])).toBe('\r\x1b[K[==] 2 of 3');
});

test('a pipe gets every byte as it is', async () => {
  expect(await written(false, ['\x1b]0;pwn\x07'])).toBe('\x1b]0;pwn\x07');
});

test('no control is left in any text but line feeds, tabs and line ends of Windows', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(
          fc.nat(0xff).map((code) => String.fromCharCode(code)),
          fc.string({ unit: 'binary' }),
        ),
      }),
      (any) => {
        const safe = withoutControls(any);
        expect(safe.replaceAll('\r\n', '\n')).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
        expect(safe).toHaveLength(any.length);
      },
    ),
  );
});
