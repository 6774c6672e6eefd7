import fc from 'fast-check';
import { Dfa } from '../../../../lambdas/core/regex/dfa.ts';
import { Pike } from '../../../../lambdas/core/regex/pike.ts';
import { compileProgram } from '../../../../lambdas/core/regex/program.ts';
import { compileRegex, RegexSyntaxError } from '../../../../lambdas/core/regex/regex.ts';
import { parseRegex } from '../../../../lambdas/core/regex/syntax.ts';

/** What the linear engines say, whatever engine `compileRegex` would choose. */
function linear(source: string, text: string): { test: boolean; groups: (string | undefined)[] | undefined } {
  const parsed = parseRegex(source, '');
  const program = compileProgram(parsed);
  const slots = new Pike(program).exec(text, 0);
  return {
    test: new Dfa(program).test(text),
    groups:
      slots &&
      [...Array(slots.length / 2).keys()].map((i) =>
        (slots[i * 2] as number) < 0 ? undefined : text.slice(slots[i * 2], slots[i * 2 + 1]),
      ),
  };
}

describe('the linear engines', () => {
  test.each([
    ['a|ab', 'xab', ['a']],
    ['(a+)(b+)?', 'aac', ['aa', 'aa', undefined]],
    ['user=(?<u>.*?), id:(\\d+)', 'user=zoë, id:42', ['user=zoë, id:42', 'zoë', '42']],
    ['^(?:(\\w+)\\s)?done$', 'all done', ['all done', 'all']],
    ['(?i)NodeNotReady', 'status=nodenotready', ['nodenotready']],
    ['\\bpod\\b', 'apod pod', ['pod']],
    ['[^\\s"]+', '"ab c', ['ab']],
    ['(a*)*b', 'aab', ['aab', '']],
    ['x{2,3}?', 'xxxx', ['xx']],
    ['^.$', '🚀', ['🚀']],
    ['[🚀-🚂]', 'a🚁', ['🚁']],
    ['\\p{Lu}+', 'aÄÖb', ['ÄÖ']],
    ['(?s)a.b', 'a\nb', ['a\nb']],
    ['(?m)^b$', 'a\nb\nc', ['b']],
    ['\\Qa.b\\E', 'xa.b', ['a.b']],
    ['[[:digit:]]+', 'ab12', ['12']],
  ])('%s on %j finds %j', (source, text, expected) => {
    const answer = linear(source, text);

    expect(answer.test).toBe(true);
    if (source !== '(a*)*b') expect(answer.groups).toEqual(expected);
    expect(compileRegex(source).test(text)).toBe(true);
    expect(compileRegex(source).exec(text)?.groups).toEqual(answer.groups?.slice(1));
  });

  const atom: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\d', '\\b', '^', '$', '\\n', 'é');
  const pattern = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      atom,
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
      tie('node').map((a) => `(${a})`),
      // A repeated part that can be empty is left out: engines differ on whether an empty round counts, and RE2 and the platform do.
      fc
        .tuple(fc.constantFrom('a', '.', '[bc]'), tie('node'), fc.constantFrom('*', '+', '?', '*?', '+?', '{1,2}', '{2}'))
        .map(([a, b, q]) => `(?:${a}${b})${q}`),
    ),
  })).node;

  test('agree with the platform on where a match is and which text it has', () => {
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '\n', 'é', '_'), maxLength: 12 }), (source, text) => {
        // The platform's dot leaves out more line ends than RE2's; here the only one is \n.
        const expected = new RegExp(source, 'u').exec(text);
        const answer = linear(source, text);
        expect(answer.test).toBe(expected !== null);
        expect(answer.groups?.[0]).toBe(expected?.[0]);
        const chosen = compileRegex(source);
        expect(chosen.test(text)).toBe(expected !== null);
        const match = chosen.exec(text);
        expect(match && [match.start, match.end]).toEqual(expected ? [expected.index, expected.index + expected[0].length] : undefined);
      }),
      { numRuns: 2000 },
    );
  });
});

/** CPU time in ms, of all threads; below the floor the compiler and the collector decide. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
const FLOOR_MS = 2;

describe('expressions that hang a backtracking engine', () => {
  const long = 'a'.repeat(100_000);
  test.each([
    ['(a+)+$'],
    ['(a|a)*b'],
    ['(a|aa)+$'],
    ['(.*a){12}b'],
    ['(\\w+\\s?)*:'],
    ['.*.*.*x'],
    ['a*a*a*a*b'],
    ['^(([a-z])+.)+[A-Z]([a-z])+$'],
  ])('%s ends in time that is linear in the text', (source) => {
    const regex = compileRegex(source);
    const text = `${long}!`;
    expect(regex.test(text)).toBe(false);
    expect(regex.exec(text)).toBeUndefined();

    // Ten times the text costs about ten times as much; a backtracking engine never ends.
    const ratio =
      cpuMs(() => regex.exec(text)) /
      Math.max(
        cpuMs(() => regex.exec(text.slice(-10_001))),
        FLOOR_MS,
      );
    expect(ratio).toBeLessThan(40);
  });

  test.each([
    ['(?:a|b)*a(?:a|b){14}c', 14],
    ['(?:.{0,30}b){10}c', 10],
    ['\\b(?:a|b)*a[ab]{900}c\\b', 900],
  ])('%s, whose states multiply, costs no more than its instructions at each character', (source, size) => {
    let random = 1;
    const text = Array.from({ length: 16_000 }, () => {
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
      return random & 0x10000 ? 'a' : 'b';
    }).join('');
    const regex = compileRegex(source);

    expect(regex.test(`${text}a${'b'.repeat(size)}c`)).toBe(true);
    expect(regex.test(`${text}a${'b'.repeat(size)}cc`)).toBe(!source.endsWith('\\b'));

    // Twice the text costs about twice as much; where it was worse, states were made for one character each and thrown away.
    const cost = (length: number): number => cpuMs(() => expect(regex.test(text.slice(0, length))).toBe(false));
    const ratios = Array.from({ length: 3 }, () => cost(12_000) / Math.max(cost(3_000), FLOOR_MS));
    expect(Math.min(...ratios)).toBeLessThan(12);
  });

  test('fixed text at the beginning of an expression is where the search begins, in the longest text too', () => {
    const source = '"from":"[^T]+T(\\d\\d):([\\d.]+)Z","to":"[^T]+T(\\d\\d):([\\d.]+)Z"';
    const times = compileRegex(source);
    const body = `{"body":"${'from T12:3.4Z to '.repeat(60_000)}"`;

    const match = times.exec(`${body},"from":"2026T08:1.5Z","to":"2026T09:2.5Z"}`);

    expect(match?.groups).toEqual(['08', '1.5', '09', '2.5']);
    expect(match?.start).toBe(body.length + 1);
    expect(times.exec(`${body},"from":"2026T08:1.5Z","to":"2026"}`)).toBeUndefined();
    expect(times.exec(body)).toBeUndefined();
    // A million characters cost less than the linear engine needs for a tenth of them.
    expect(cpuMs(() => times.exec(body))).toBeLessThan(cpuMs(() => linear(source, body.slice(0, 100_000))));
  });

  test('what stands behind fixed text still sees the edges of words and lines', () => {
    expect(compileRegex('ab\\b').exec('abc ab')?.start).toBe(4);
    expect(compileRegex('ab\\B.').exec('ab abc')?.start).toBe(3);
    expect(compileRegex('ab$').exec('ab ab')?.start).toBe(3);
    expect(compileRegex('ab', 'm').exec('ba')).toBeUndefined();
    expect(compileRegex('(ab)+c').exec('ab abababc')?.groups).toEqual(['ab']);
    expect(compileRegex('ab|cd').exec('cd ab')?.start).toBe(0);
    expect(compileRegex('ab', 'i').exec('xAB')?.start).toBe(1);
  });

  test('searching for all matches gives up instead of taking quadratic time', () => {
    expect(compileRegex('a(?:.*b)?').all(long)).toBeUndefined();
    expect(
      compileRegex('a(?:x*b)?')
        .all('aab')
        ?.map((match) => [match.start, match.end]),
    ).toEqual([
      [0, 1],
      [1, 3],
    ]);
  });
});

describe('what is refused', () => {
  test.each([
    ['a(?=b)', 1, 'look-ahead'],
    ['(?<!a)b', 0, 'look-behind'],
    ['(a)\\1', 3, 'back-references'],
    ['a**', 3, 'two repetitions'],
    ['(ab', 0, 'never closed'],
    ['ab)', 2, '")" without'],
    ['[a', 0, 'never closed'],
    ['*a', 0, 'nothing before it'],
    ['a{3,1}', 1, 'ends before'],
    ['a{2000}', 1, 'over 1000'],
    ['(?<a>x)(?<a>y)', 7, 'two groups'],
    ['\\y', 0, 'not known'],
    ['a\\', 1, 'at the end'],
    ['[b-a]', 2, 'ends before'],
  ])('%s is refused at %i', (source, at, words) => {
    let error: unknown;
    try {
      compileRegex(source);
    } catch (caught) {
      error = caught;
    }

    expect(error).toBeInstanceOf(RegexSyntaxError);
    expect((error as RegexSyntaxError).message).toContain(words);
    expect((error as RegexSyntaxError).at).toBe(at);
  });

  test('no text whatever makes the parser throw anything else, or hang', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab()[]{}*+?|\\^$.-:<>=!PQEdwpL,0129i'.split('')), maxLength: 25 }), (source) => {
        try {
          compileRegex(source).exec('aab(12)-');
        } catch (error) {
          expect(error).toBeInstanceOf(RegexSyntaxError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('repetitions that multiply are refused, not unrolled', () => {
    expect(() => compileRegex('((a{100}){100}){100}')).toThrow('too large');
  });
});
