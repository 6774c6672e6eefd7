import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { looksMarked, mark, openMark } from '../../../../lambdas/core/firehose/mark.ts';
import { MARK } from './support.ts';

const HEADER = { stream: 'logs', source: 'app', events: 3 };
const BODY = Buffer.from('{"message":"one"}\n');

test('a marked record opens to what was put into it, for its own stream only', () => {
  const partition = { kind: 'audit', cluster: 'prod', dt: '2026-11-21', hr: '08' };
  const data = mark({ ...HEADER, partition }, BODY, true, MARK);

  const opened = openMark(data, 'logs', MARK);

  expect(opened).toMatchObject({ header: { ...HEADER, partition }, isGzip: true });
  expect(Buffer.from(opened?.body ?? []).equals(BODY)).toBe(true);
  expect(openMark(data, 'other', MARK)).toBeUndefined();
});

test('no text looks marked, whatever a container prints', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
      expect(looksMarked(Buffer.from(text.padEnd(64, 'x')))).toBe(false);
    }),
  );
});

test('bytes that are the magic of a mark are no mark without the key', () => {
  const forger = { ...MARK, mac: (bytes: Uint8Array) => createHmac('sha256', 'guessed').update(bytes).digest() };
  const data = mark(HEADER, BODY, false, forger);

  expect(looksMarked(data)).toBe(true);
  expect(openMark(data, 'logs', MARK)).toBeUndefined();
});

test('a marked record that was changed anywhere is none', () => {
  const data = mark(HEADER, BODY, false, MARK);
  fc.assert(
    fc.property(fc.nat({ max: data.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Uint8Array.from(data);
      changed[at] = (changed[at] as number) ^ change;

      expect(openMark(changed, 'logs', MARK)).toBeUndefined();
    }),
  );
});

test('a marked record that was cut is none', () => {
  const data = mark(HEADER, BODY, false, MARK);
  for (let size = 0; size < data.length; size++) expect(openMark(data.subarray(0, size), 'logs', MARK)).toBeUndefined();
});
