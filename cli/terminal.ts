import { Writable } from 'node:stream';

/** Erases the line of a progress bar: the only control that our commands write, always first in what they write. */
const ERASE_LINE = '\r\x1b[K';
/** Controls that a terminal obeys, and marks that turn the direction of text; line feeds and tabs stay. */
const CONTROLS = /\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/** A text from outside that cannot speak to the terminal: controls become pictures of themselves, which take as much room. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, (control) => (control < ' ' ? String.fromCharCode(0x2400 + control.charCodeAt(0)) : '\ufffd'));
}

/**
 * A stream as commands get it. Log lines, keys and answers come from outside, and one that holds an escape sequence could retitle the terminal, hide
 * what stands above, or answer for the person. Pipes and files get every byte as it is.
 */
export function guardTerminal(stream: NodeJS.WriteStream): Writable {
  if (stream.isTTY !== true) return stream;
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const text = typeof chunk === 'string' ? chunk : chunk.toString('utf8');
      const own = text.startsWith(ERASE_LINE) ? ERASE_LINE : '';
      stream.write(own + withoutControls(text.slice(own.length)), done);
    },
  });
}
