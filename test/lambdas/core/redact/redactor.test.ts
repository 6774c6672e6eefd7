import fc from 'fast-check';
import { compileRedaction } from '../../../../lambdas/core/redact/redactor.ts';
import { BUILTIN_RULES, DEFAULT_REDACTION } from '../../../../lambdas/core/redact/rule-names.ts';

const { text: redact } = compileRedaction(DEFAULT_REDACTION);
const KEY_ID = '[REDACTED:awsAccessKeyId]';
const SECRET_KEY = '[REDACTED:awsSecretAccessKey]';
const HEADER = '[REDACTED:authorizationHeader]';
const JWT = '[REDACTED:jwt]';
const PEM = '[REDACTED:privateKey]';
const PASSWORD = '[REDACTED:passwordAssignment]';

test.each([
  // Access keys: by their shape anywhere, by their name whatever they look like.
  ['used key AKIAIOSFODNN7EXAMPLE today', `used key ${KEY_ID} today`],
  ['level=info accesskeyid=ASIAEXAMPLE accountid=111122223333', `level=info accesskeyid=${KEY_ID} accountid=111122223333`],
  ['{"user":{"extra":{"accessKeyId":["ASIAEXAMPLE"]}}}', `{"user":{"extra":{"accessKeyId":["${KEY_ID}"]}}}`],
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', `aws_secret_access_key = ${SECRET_KEY}`],
  ['{"SecretAccessKey":"wJalr+/=","SessionToken":"x"}', `{"SecretAccessKey":"${SECRET_KEY}","SessionToken":"${PASSWORD}"}`],
  // Headers.
  ['> Authorization: Bearer abc.def-ghi', `> Authorization: ${HEADER}`],
  ['curl -H "Authorization: Basic dXNlcjpwYXNz" https://example.com', `curl -H "Authorization: ${HEADER}" https://example.com`],
  ['{"headers":{"authorization":["Token abc"]}}', `{"headers":{"authorization":["${HEADER}"]}}`],
  ["{'Authorization': 'Bearer abc'}", `{'Authorization': '${HEADER}'}`],
  ['sent Bearer abcdefghijklmnop1234 to it', `sent Bearer ${HEADER} to it`],
  // Tokens and keys.
  ['cookie eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_ end', `cookie ${JWT} end`],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----\nrest', `${PEM}\nrest`],
  ['{"k":"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n","x":1}', `{"k":"${PEM}\\n","x":1}`],
  ['{"k":"-----BEGIN PRIVATE KEY-----\\nMIIE\\nabc","x":1}', `{"k":"${PEM}","x":1}`],
  // Names with values.
  ['password=hunter2 user=x', `password=${PASSWORD} user=x`],
  ['DB_PASSWORD=hunter2', `DB_PASSWORD=${PASSWORD}`],
  ['password: hunter2, next', `password: ${PASSWORD}, next`],
  ["password='a b' c", `password='${PASSWORD}' c`],
  ['pass phrase "passphrase" => "x y"', `pass phrase "passphrase" => "${PASSWORD}"`],
  ['{"password" : "hun\\"ter2", "a":1}', `{"password" : "${PASSWORD}", "a":1}`],
  ['{"password":"a\\\\","b":"c"}', `{"password":"${PASSWORD}","b":"c"}`],
  ['{"pin":1,"client_secret":12345,"b":true}', '{"pin":1,"client_secret":null,"b":true}'],
  ['{"\\u0070assword":"x"}', `{"password":"${PASSWORD}"}`],
  ['{"pass\\u0057ord":"x"}', `{"passWord":"${PASSWORD}"}`],
  ['{"log":"{\\"password\\":\\"hun\\\\\\"ter2\\",\\"a\\":1}\\n"}', `{"log":"{\\"password\\":\\"${PASSWORD}\\",\\"a\\":1}\\n"}`],
  ['postgres://app:p4ss@db.example.com/x', `postgres://app:${PASSWORD}@db.example.com/x`],
  ['https://example.com/?token=abc123&x=1', `https://example.com/?token=${PASSWORD}&x=1`],
  ['token: ghp_0123456789abcdefABCDEF', `token: ${PASSWORD}`],
  // Variables of containers, at any level of nesting, in either order.
  [
    '{"env":[{"name":"DB_PASSWORD","value":"x y"},{"name":"A","value":"b"}]}',
    `{"env":[{"name":"DB_PASSWORD","value":"${PASSWORD}"},{"name":"A","value":"b"}]}`,
  ],
  [
    '{"env":[{"value":"x y","name":"API_TOKEN"},{"value":"b","name":"A"}]}',
    `{"env":[{"value":"${PASSWORD}","name":"API_TOKEN"},{"value":"b","name":"A"}]}`,
  ],
  [
    '{"last-applied":"{\\"env\\":[{\\"name\\":\\"API_KEY\\",\\"value\\":\\"k\\\\\\\\\\"}]}"}',
    `{"last-applied":"{\\"env\\":[{\\"name\\":\\"API_KEY\\",\\"value\\":\\"${PASSWORD}\\"}]}"}`,
  ],
  // Secrets and the aws-auth map.
  [
    '{"requestObject":{"kind":"Secret","data":{"a":"YQ==","b":"Yg=="},"stringData":{"c":"d"}},"x":1}',
    `{"requestObject":{"kind":"Secret","data":{"a":"${PASSWORD}","b":"${PASSWORD}"},"stringData":{"c":"${PASSWORD}"}},"x":1}`,
  ],
  [
    '{"objectRef":{"name":"aws-auth"},"requestObject":{"data":{"mapRoles":"- rolearn: x"}}}',
    `{"objectRef":{"name":"aws-auth"},"requestObject":{"data":{"mapRoles":"${PASSWORD}"}}}`,
  ],
])('%s', (text, expected) => {
  expect(redact(text)).toBe(expected);
  expect(redact(expected)).toBe(expected);
});

test.each([
  ['{"annotations":{"authorization.k8s.io/decision":"allow"}}'],
  ['{"objectRef":{"resource":"secrets","name":"x"},"subresource":"token"}'],
  ['{"kind":"ConfigMap","data":{"a":"b"},"metadata":{"name":"x"}}'],
  ['{"automountServiceAccountToken":false,"secret":{"secretName":"x"},"token":null,"password":""}'],
  ['"Secret not found" secret="default/my-secret" err="no such secret: gone"'],
  ['FLAG: --token-auth-file="" --authentication-token-webhook-cache-ttl="2m0s"'],
  ['unexpected token: foo; authorization: forbidden by policy; PWD=/srv'],
  ['image registry.example.com/a@sha256:0123456789abcdef0123456789abcdef'],
  ['2026-11-21T08:27:07Z key=value apiVersion: v1 storageClass: gp3 database: x'],
  ['{"tokens":5,"secrets":["a"],"keys":"x","path":"C:\\\\u0041bc"}'],
])('%s is left as it is', (text) => {
  expect(redact(text)).toBe(text);
});

test('a rule that is not named is off', () => {
  const only = compileRedaction({ builtin: ['jwt'], fields: [], patterns: [] });

  expect(only.text('password=x AKIAIOSFODNN7EXAMPLE eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x')).toBe(
    `password=x AKIAIOSFODNN7EXAMPLE ${JWT}`,
  );
  expect(compileRedaction({ builtin: [], fields: [], patterns: [] }).text('password=x')).toBe('password=x');
});

test('every built-in rule has an example above', () => {
  expect(BUILTIN_RULES).toHaveLength(9);
});

/** A text inside as many JSON strings. */
function nested(text: string, depth: number): string {
  return depth === 0 ? text : nested(JSON.stringify({ inner: text, next: 'kept' }), depth - 1);
}
function unnested(text: string, depth: number): string {
  if (depth === 0) return text;
  const outer = JSON.parse(unnested(text, depth - 1)) as { readonly inner: string; readonly next: string };
  expect(outer.next).toBe('kept');
  return outer.inner;
}

test('a secret in JSON goes, whatever characters it has and however deep the JSON is nested, and the rest stays', () => {
  const secret = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !value.includes('\n'));
  fc.assert(
    fc.property(
      secret,
      fc.constantFrom('password', 'DB_PASSWORD', 'clientSecret', 'api-key'),
      fc.integer({ min: 0, max: 3 }),
      (value, name, depth) => {
        const inner = JSON.stringify({ before: 'b', [name]: value, after: [1, 'a'] });

        const redacted = unnested(redact(nested(inner, depth)), depth);

        expect(JSON.parse(redacted)).toEqual({ before: 'b', [name]: PASSWORD, after: [1, 'a'] });
      },
    ),
  );
});

test('valid JSON stays valid JSON, for any text with the words that matter', () => {
  const word = fc.constantFrom(
    'password',
    'token',
    'secret=',
    '"value":',
    '"name":"X_KEY"',
    '\\',
    '"',
    ':',
    '=',
    '{',
    '}',
    '[',
    '@',
    '://a:b',
    'Authorization',
    'Bearer ',
    'data',
    '\\u0070',
    '-----BEGIN PRIVATE KEY-----',
    ' ',
    '\n',
    'AKIAIOSFODNN7EXAMPLE',
    "'",
    ',',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(word, fc.string({ maxLength: 5 })), { maxLength: 12 }),
      fc.integer({ min: 1, max: 3 }),
      (parts, depth) => {
        const text = parts.join('');
        const json = nested(text, depth);

        const redacted = redact(json);

        expect(() => unnested(redacted, depth)).not.toThrow();
        expect(() => unnested(redact(redacted), depth)).not.toThrow();
      },
    ),
    { numRuns: 2000 },
  );
});

test('one secret does not hide another', () => {
  expect(redact('a password=x and eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x token=y AKIAIOSFODNN7EXAMPLE')).toBe(
    `a password=${PASSWORD} and ${JWT} token=${PASSWORD} ${KEY_ID}`,
  );
});
