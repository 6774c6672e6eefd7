import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { compileRedaction } from '../../../../lambdas/core/redact/redactor.ts';
import { DEFAULT_REDACTION } from '../../../../lambdas/core/redact/rule-names.ts';

const { text: redact } = compileRedaction(DEFAULT_REDACTION);

const PROSE = [
  'password: incorrect for user bob',
  'passwd: file not found',
  'password: must be at least 8 characters',
  'Password for user bob changed',
  'password: required',
  "password: can't be empty",
  'Password: Authentication failed',
  'secret "my-secret" not found',
  'token: unexpected EOF',
  'secret: not found',
  'cookie: not found',
  'authorization: forbidden by policy',
  'use the --password flag, or --token is taken',
  'Basic functionality of basic authentication',
];
const STRUCTURED = [
  '{"flag":"-password","next":"kept"}',
  '{"line":"{\\"flag\\":\\"--token\\", \\"next\\" : 1}"}',
  '"Secret not found" secret="default/my-secret" err="gone"',
  'FLAG: --use-service-account-credentials="true" --token-auth-file=""',
  '{"apiserver.latency.k8s.io/authorization":"1.2ms","authorization.k8s.io/decision":"allow"}',
  '{"volumes":[{"secret":{"secretName":"foo","defaultMode":420,"items":[{"key":"a","path":"b"}]}}],"imagePullSecrets":[{"name":"r"}]}',
  '{"properties":{"password":{"type":"string","description":"of the user"},"token":{"properties":{"x":{"type":"string"}}}}}',
  '{"basicAuth":{"password":{"name":"credentials","key":"pw","optional":true}}}',
  '{"rules":[{"resources":["secrets"],"verbs":["get"]}],"max_tokens":100,"usage":{"tokens":512}}',
  '{"spec":{"authorization":{"mode":"none"}},"automountServiceAccountToken":false}',
  '{"op":"replace","path":"/data/color","value":"blue"}',
  '<passwordPolicy>strict</passwordPolicy><password/><password></password>',
  'docker run -u 1000:1000 image; sort -u a:b',
];

test.each([...PROSE, ...STRUCTURED])('%s is left as it is', (text) => {
  expect(redact(text)).toBe(text);
  expect(redact(JSON.stringify({ msg: text }))).toBe(JSON.stringify({ msg: text }));
});

/** Every mark in the samples by what stands before it; each was looked at, and each is a secret or a line of the aws-auth map. */
const MARKS: { readonly [file: string]: { readonly [before: string]: number } } = {
  'kube-apiserver-audit': { accessKeyId: 24, mapAccounts: 7, mapRoles: 8, mapUsers: 8, extra: 2 },
  authenticator: { accesskeyid: 8 },
};

const ROOT = new URL('../../../../samples/', `file://${__filename}`);
const FILES = ['control-plane/', 'containers/'].flatMap((folder) => readdirSync(new URL(folder, ROOT)).map((file) => folder + file));

test.each(FILES)('%s loses nothing that is no secret', (file) => {
  const lines = gunzipSync(readFileSync(new URL(file, ROOT)))
    .toString('utf8')
    .split('\n');
  const marks: { [before: string]: number } = {};
  for (const line of lines) {
    const redacted = redact(line);
    for (let at = redacted.indexOf('[REDACTED:'); at >= 0; at = redacted.indexOf('[REDACTED:', at + 1)) {
      const before = /(\w+)\W{0,8}$/.exec(redacted.slice(Math.max(0, at - 40), at))?.[1] ?? '';
      marks[before] = (marks[before] ?? 0) + 1;
    }
  }

  expect(marks).toEqual(MARKS[file.replace(/^.*\/|\.log\.gz$/g, '')] ?? {});
});
