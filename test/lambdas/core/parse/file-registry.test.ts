import { createFileParser, FORMAT_NAMES } from '../../../../lambdas/core/parse/file-registry.ts';
import { createParser, LOG_FORMATS } from '../../../../lambdas/core/parse/registry.ts';
import { FORMATS } from '../../../../lambdas/core/parse/types.ts';

test('every format but the own pattern of a user has a name and a parser', () => {
  expect([...FORMAT_NAMES].sort()).toEqual(['auto', ...FORMATS.filter((format) => format !== 'regex')].sort());
  for (const name of FORMAT_NAMES) expect(typeof createFileParser(name)).toBe('function');
});

test.each(['alb-connection', 'alb-health-check', 'nlb', 'cloudfront', 'waf'])('%s comes in files, never as a log event', (format) => {
  expect(LOG_FORMATS).not.toContain(format);
  expect(() => createParser(format)).toThrow(`format ${format}: must be one of `);
});

test.each(['yaml', 'constructor', ''])('refuses the format %j', (format) => {
  expect(() => createFileParser(format)).toThrow(`format ${format}: `);
});
