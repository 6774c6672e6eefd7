import fc from 'fast-check';
import { FLAT_OBJECT_MAX_BYTES, utf8Bytes } from '../../../../lambdas/core/parse/cut.ts';
import { createFileParser, FORMAT_NAMES } from '../../../../lambdas/core/parse/file-registry.ts';
import { createParser, parseOrText } from '../../../../lambdas/core/parse/registry.ts';
import type { Parser } from '../../../../lambdas/core/parse/types.ts';
import { CONTEXT, documentText, sampleLines, strictJson } from './support.ts';

const PATTERN = { regex: '^(?<time>\\S+) (?<level>[A-Z]+) (?<durationMs>\\d+)ms (?<message>.*)$', timeKey: 'time' };
const PARSERS: readonly (readonly [string, Parser])[] = [
  ...FORMAT_NAMES.map((name): [string, Parser] => [
    name,
    createFileParser(name, { fields: { 'http.status': 'integer', n: 'long', at: 'date', on: 'boolean', from: 'ip' } }),
  ]),
  ['regex:legacy', createParser('regex:legacy', { pattern: PATTERN, fields: { durationMs: 'long' } })],
];

/** Starts of real lines: what follows them is arbitrary, so that the deeper parts of a parser are reached. */
const HEADS = [
  '',
  'I1121 08:23:24.123456   26491 file.go:64] ',
  'I1121 08:23:24.123456   26491 file.go:64] "Message" ',
  'E1121 08:23:24.123456   26491 file.go:64] "Message" err="',
  'E1121 08:23:24.123456   26491 file.go:64] "Message" err=<\n\t',
  'time="2026-11-21T08:24:50Z" level=info msg="access granted" ',
  'time="2026-11-21T08:24:50Z" level=info ',
  'a=b c="',
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":"',
  '{"level":"warn","ts":1763713387.17,"caller":"a/b.go:7","msg":"',
  '127.0.0.1 - - [21/Nov/2026:08:26:50 +0000] "',
  '2026/11/21 08:26:48 [error] 27615#27615: *7 ',
  '2022-02-09T06:34:28.587 | WARN | a | b | c | d | e | ',
  '2026-11-21T08:26:53.683Z INFO [main] Orders main - ',
  'java.lang.Exception: ',
  'Traceback (most recent call last):\n',
  'h2 2026-11-21T08:26:53.683000Z app/x/1 10.0.0.1:80 - 0.1 0.2 0.3 200 - 1 2 "',
];
const CHARS = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      '=',
      ' ',
      '\n',
      '\t',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      'a',
      '1',
      '|',
      '\ud800',
      '\udc00',
      '\u0000',
      'é',
      '日',
      '-',
    ),
    maxLength: 60,
  }),
);
const LINE = fc.tuple(fc.constantFrom(...HEADS), CHARS, CHARS).map(([head, first, second]) => head + first + second);

describe.each(PARSERS)('the %s parser', (name, parse) => {
  test('gives valid JSON with unique keys for any text, and never throws', () => {
    fc.assert(
      fc.property(LINE, (text) => {
        strictJson(documentText(parseOrText(parse, name, text, CONTEXT)));
      }),
      { numRuns: 150 },
    );
  });

  test('gives valid JSON with unique keys for any JSON text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom('', ' ', '\n'), (text, space) => {
        strictJson(documentText(parseOrText(parse, name, space + text.replaceAll(',', `,${space}`), CONTEXT)));
      }),
      { numRuns: 100 },
    );
  });

  test('stands a damaged real line: any piece of it cut out or doubled', () => {
    const lines = REAL_LINES;
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(3_000), fc.nat(40), fc.boolean(), (at, from, size, doubles) => {
        const line = lines[at] as string;
        const start = from % (line.length + 1);
        const damaged = doubles
          ? line.slice(0, start) + line.slice(Math.max(0, start - size))
          : line.slice(0, start) + line.slice(start + size);
        strictJson(documentText(parseOrText(parse, name, damaged, CONTEXT)));
      }),
      { numRuns: 120 },
    );
  });

  test.each([
    ['quotes', '"'],
    ['backslashes', '\\'],
    ['escaped quotes', '\\"'],
    ['blanks', ' '],
    ['equals signs', 'a='],
    ['blank and key', ' a=b'],
    ['open braces', '{'],
    ['open lists', '['],
    ['objects', '{"a":'],
    ['commas', ', client: '],
    ['line breaks', '\n'],
    ['frames', '\n\tat a.B.c(D.java:1)'],
    ['bars', ' | '],
    ['digits', '1'],
    ['levels', ' INFO'],
    ['dots', 'a.'],
  ])('reads a long line of %s in linear time', (_name, unit) => {
    for (const head of HEADS) {
      const text = head + unit.repeat(Math.floor(100_000 / unit.length));
      const start = process.cpuUsage();
      parseOrText(parse, name, text, CONTEXT);
      const used = process.cpuUsage(start);

      expect({ head, isQuick: used.user + used.system < 500_000 }).toEqual({ head, isQuick: true });
    }
  });
});

const REAL_LINES = [
  ...sampleLines('control-plane/kube-apiserver.log.gz').filter((_line, at) => at % 60 === 0),
  ...sampleLines('control-plane/kube-scheduler.log.gz').filter((_line, at) => at % 60 === 0),
  ...sampleLines('control-plane/authenticator.log.gz'),
  ...sampleLines('control-plane/kube-apiserver-audit.log.gz').filter((line, at) => at % 100 === 0 && line.length < 3_000),
  ...sampleLines('containers/web-569696d9f6-6kj7f_team-a_nginx-7d6dcafdf2da28691e980f9f04db1103aa5293af540882164cb66c5535eca52d.log.gz')
    .filter((_line, at) => at % 300 === 0)
    .map((line) => line.replace(/^\S+ \S+ F /, '')),
];

test('no leaf of kv passes the longest term of a flat_object', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: 40_000 }), fc.constantFrom('x', 'é', '日', '🚀', '\\"'), (size, unit) => {
      const parsed = createParser('klog')(`I1121 08:23:24.123456   26491 file.go:64] "M" key="${unit.repeat(size)}"`, CONTEXT);
      const { kv } = JSON.parse(`{${parsed?.members}}`) as { kv: { key: string } };

      expect(utf8Bytes(`kv.kv.key=${kv.key}`)).toBeLessThanOrEqual(FLAT_OBJECT_MAX_BYTES);
      expect(kv.key.isWellFormed()).toBe(true);
    }),
    { numRuns: 40 },
  );
});
