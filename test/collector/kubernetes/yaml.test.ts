import fc from 'fast-check';
import { parse } from 'yaml';
import { manifestYaml, valuesYaml } from '../../../collector/kubernetes/yaml.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', '#', ':', '-', '"', "'", '|', '0', '\r', '\u2028', '{', '%') }),
  fc.constantFrom(
    'true',
    'No',
    '1.30',
    '0x1f',
    '1e3',
    '2026-11-21',
    '~',
    'null',
    '- a',
    'a: b',
    'a #b',
    '@x',
    '*x',
    '&x',
    '!x',
    '',
    ' ',
    'on',
    '012',
  ),
);
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      tie('any'),
      { maxKeys: 4 },
    ),
  ),
})).any;

test('whatever is written is read back the same', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b.c', 'spec', 'on', '1'), value, { minKeys: 1 }), (values) => {
      const written = valuesYaml('about', values as never, { a: 'why', spec: 'why\nand why' });
      expect(parse(written, { version: '1.2' })).toEqual(values);
      // kubectl reads YAML 1.1, where on, yes and 012 are no texts.
      expect(parse(written, { version: '1.1' })).toEqual(values);
    }),
    { numRuns: 300 },
  );
});

test('texts of several lines are blocks, and comments stand above what they are about', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x' },
    data: { 'a.conf': '[SERVICE]\n    Flush  5\n' },
    list: [{ name: 'one', size: 1 }, 'two'],
  };

  expect(manifestYaml({ about: 'Written.', object, notes: { data: 'its files', 'list.0.name': 'the first' } })).toBe(
    [
      '# Written.',
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata:',
      '  name: x',
      '# its files',
      'data:',
      '  a.conf: |',
      '    [SERVICE]',
      '        Flush  5',
      'list:',
      '  # the first',
      '  - name: one',
      '    size: 1',
      '  - two',
      '',
    ].join('\n'),
  );
});
