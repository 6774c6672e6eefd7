import * as fc from 'fast-check';
import { type lineRegex, piece } from '../../../lib/athena/line-regex.ts';
import { ALB_CONNECTION_LINE, ALB_HEALTH_CHECK_LINE, ALB_LINE, NLB_LINE } from '../../../lib/athena/load-balancer-lines.ts';
import { OTHER_LINES, SHAPES } from '../../../scripts/athena/alb-shapes.ts';

/** As RegexSerDe matches: the whole line, with the dot for every character. */
function read({ regex, columns }: ReturnType<typeof lineRegex>, line: string): { readonly [column: string]: string | undefined } {
  const match = new RegExp(`^(?:${regex})$`, 's').exec(line);
  if (match === null) throw new Error(`a row of NULLs: ${line}`);
  return Object.fromEntries(columns.map(({ name }, index) => [name, match[index + 1]]));
}

test('a piece with another number of groups than one is refused: columns behind it would shift', () => {
  expect(() => piece('([^ ]*) ([^ ]*)', 'two', 'string', '')).toThrow('the expression of two has 2 groups, not one');
  expect(() => piece('(?:a)', 'none', 'string', '')).toThrow('0 groups');
});

test.each([
  ['alb', ALB_LINE],
  ['alb_connections', ALB_CONNECTION_LINE],
  ['alb_health_checks', ALB_HEALTH_CHECK_LINE],
  ['nlb', NLB_LINE],
])('%s has a column for every group, and no two of one name', (_name, line) => {
  const groups = new RegExp(`${line.regex}|`).exec('')?.length ?? 0;

  expect(line.columns.length).toBe(groups - 1);
  expect(new Set(line.columns.map(({ name }) => name)).size).toBe(line.columns.length);
});

test.each(SHAPES.map(({ what, line }) => [what, line]))('a line is parsed: %s', (_what, line) => {
  const row = read(ALB_LINE, line as string);

  expect(row['unparsed']).toBeUndefined();
  expect(row['time']).toBe('2026-11-21T08:31:00.000000Z');
});

test('a user agent that looks like the end of an old line does not end there', () => {
  const line = (SHAPES[0]?.line ?? '').replace('"curl/8.14.1"', '"a" b c d "e" "f"');

  expect(read(ALB_LINE, line)).toMatchObject({ user_agent: 'a" b c d "e" "f', domain_name: 'shapes.example.com' });
});

test('a line of another shape is kept whole, an empty one too', () => {
  for (const line of OTHER_LINES) expect(read(ALB_LINE, line)).toMatchObject({ unparsed: line, type: undefined });
});

test('no line is lost, whatever it holds, and tables over one folder never take each other’s lines', () => {
  const connection =
    '2026-11-21T08:25:02.500135Z 203.0.113.44 22442 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 0.085 "-" - - Success TID_01c5';
  const check = 'HTTP 2026-11-21T08:25:13.333000Z 0.031 10.0.1.14:8080 shop-web FAIL 503 Target.ResponseCodeMismatch';
  expect(read(ALB_LINE, connection)).toMatchObject({ unparsed: connection });
  expect(read(ALB_LINE, check)).toMatchObject({ unparsed: check });
  expect(read(ALB_CONNECTION_LINE, check)).toMatchObject({ unparsed: check });
  expect(read(ALB_HEALTH_CHECK_LINE, connection)).toMatchObject({ unparsed: connection });
  for (const { line } of SHAPES) {
    expect(read(ALB_CONNECTION_LINE, line)).toMatchObject({ unparsed: line });
    expect(read(ALB_HEALTH_CHECK_LINE, line)).toMatchObject({ unparsed: line });
  }
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => !text.includes('\n')),
      (text) => {
        for (const table of [ALB_LINE, ALB_CONNECTION_LINE, ALB_HEALTH_CHECK_LINE, NLB_LINE])
          expect(Object.values(read(table, text)).some((value) => value !== undefined)).toBe(true);
      },
    ),
  );
});
