import fc from 'fast-check';
import { compileRedaction } from '../../../../lambdas/core/redact/redactor.ts';
import { DEFAULT_REDACTION } from '../../../../lambdas/core/redact/rule-names.ts';

const redactor = compileRedaction(DEFAULT_REDACTION);

const FRAGMENTS = [
  'password: "',
  'Authorization: ',
  '-----BEGIN PRIVATE KEY-----',
  'token:',
  'Bearer ',
  'eyJ',
  '"value":"',
  '://a:',
  '@',
  '\\u0070',
  '{"data":{',
  'AKIA',
  ' "kind":"Secret"',
  '\\',
  '\\\\\\"',
  '"password":{"',
  '"password":["',
  'token="a/b" ',
  '--password ',
  '<password>',
  '\\u003cpassword\\u003e',
  '&command=--password',
  '"op":"add","path":"/data/x","value":',
  'Cookie: ',
  'cookie=a=',
  'ghp_',
  'xoxb-',
  'k8s-aws-v1.',
  'curl -u a:',
  '"secrets":[',
  'X-Amz-Signature=',
  ' ',
  '\n',
  "password='",
  '<a name="password">',
  '<a>password</a>\n<value>',
  'name: password\n value: ',
  '"Name":"password","Value":"',
  'password%3D',
  'password&gt;',
  'password: |\n  ',
  'kind: Secret\ndata:\n  ',
  'password"\n',
  '\\u0022password\\u0022:',
  '//a@',
  '"auth":"',
];

/** Least process CPU time in microseconds of some runs: other processes only ever add to it. */
function cpuOf(text: string, runs: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    redactor.text(text);
    redactor.fields(`{"user":{"extra":{"accessKeyId":${JSON.stringify(text)}}}}`);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return Math.max(least, 1);
}

function repeated(parts: readonly string[], chars: number): string {
  const unit = parts.join('');
  return unit.repeat(Math.ceil(chars / unit.length));
}

const CHARS = 16_000;
/** A text of eight times the size may take this many times as long: linear is 8, quadratic 64. */
const MAX_GROWTH = 24;

/** Smallest time in microseconds that is compared; below it the compiler and the collector decide. */
const FLOOR_US = 1_000;

/** The least of three measurements where the first is too much: what else the machine does only ever adds. */
function growth(text: (chars: number) => string): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && least >= MAX_GROWTH; attempt++) least = Math.min(least, growthOnce(text));
  return least;
}

function growthOnce(text: (chars: number) => string): number {
  const short = text(CHARS);
  cpuOf(short, 3);
  const base = Math.max(cpuOf(short, 3), FLOOR_US);
  return cpuOf(text(8 * CHARS), 2) / base;
}

test.each(FRAGMENTS.map((fragment) => [JSON.stringify(fragment), fragment]))(
  '%s again and again takes time in proportion',
  (_name, fragment) => {
    expect(growth((chars) => repeated([fragment], chars))).toBeLessThan(MAX_GROWTH);
    expect(growth((chars) => JSON.stringify({ kind: 'Secret', a: JSON.stringify({ b: repeated([fragment], chars) }) }))).toBeLessThan(
      MAX_GROWTH,
    );
  },
);

test('any mixture of them takes time in proportion', () => {
  const parts = fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      parts.filter((all) => all.join('') !== ''),
      parts,
      (unit, head) => {
        expect(growth((chars) => head.join('') + repeated(unit, chars))).toBeLessThan(MAX_GROWTH);
      },
    ),
    { numRuns: 25, seed: 1 },
  );
});

test('lists in lists under a field rule are read once', () => {
  const cpu = (chars: number): number => {
    const text = `{"user":{"extra":{"accessKeyId":${'['.repeat(chars)}`;
    const before = process.cpuUsage();
    redactor.fields(text);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  cpu(CHARS);

  expect(cpu(8 * CHARS) / Math.max(cpu(CHARS), FLOOR_US)).toBeLessThan(MAX_GROWTH);
});
