import { dialectDifference } from '../../../lib/config/regex-dialects.ts';

test.each([
  '^\\d{4}(-\\d{2}){2}T\\d{2}(:\\d{2}){2}\\.\\d{3}',
  '"path": "/healthz',
  '^(?<client>\\S+) \\S+ \\[[^\\]]*\\] "(?<request>[^"]*)"',
  '(?:a|b)+?[^a-z\\[&]{2,5}(?=x)(?!y)(?<=ab)(?<!c)\\b\\x41\\u0041',
  '\\/healthz|\\{\\}|\\$|[$]{2}',
])('both engines read %s alike', (source) => {
  expect(new RegExp(source)).toBeInstanceOf(RegExp);
  expect(dialectDifference(source)).toBeUndefined();
});

test.each([
  ['\\h', '\\h means something else'],
  ['\\Aa', '\\A means something else'],
  ['\\cA', '\\c means something else'],
  ['\\0', '\\0 means something else'],
  ['\\u{1F600}', '\\u{…} does not exist'],
  ['[[a]', 'begins another class'],
  ['[a&&b]', '&& inside of a class'],
  ['[]', 'an empty class'],
  ['a[^]', 'an empty class'],
  ['a{,3}', '{,n} is a repeat there'],
  ['(?<=a+)b', 'look-behind must have a fixed length'],
  ['(?<!a{1,2})b', 'look-behind must have a fixed length'],
  ['(?i:a)', '(?i: is read otherwise'],
  [['a$', '{b'].join(''), '${ begins a variable'],
  ['a\nb', 'a line break'],
])('%j is told', (source, expected) => {
  expect(dialectDifference(source)).toContain(expected);
});
