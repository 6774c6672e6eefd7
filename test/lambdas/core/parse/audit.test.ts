import { parseAudit } from '../../../../lambdas/core/parse/audit.ts';
import { objectOf, sampleLines, strictJson } from './support.ts';

const EVENT = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'RequestResponse',
  auditID: '8f1c0f1e-1f0d-4a0e-9a57-0d6f3a3f1111',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods/web-0?fieldManager=kubectl-edit&x="<>',
  verb: 'patch',
  user: {
    username: 'kubernetes-admin',
    groups: ['system:masters'],
    extra: { arn: ['arn:aws:sts::111122223333:assumed-role/EksAdmin/alice'] },
  },
  sourceIPs: ['203.0.113.24'],
  userAgent: 'kubectl/v1.33.1',
  objectRef: { resource: 'pods', namespace: 'shop', name: 'web-0', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 200 },
  requestObject: [{ op: 'add', path: '/metadata/labels/a', value: '2' }],
  responseObject: { metadata: { managedFields: [{ fieldsV1: { 'f:labels': { '.': {}, 'k:{"ip":"1"}': {} } } }] } },
  requestReceivedTimestamp: '2026-05-23T10:15:02.101234Z',
  stageTimestamp: '2026-05-23T10:15:03.123456Z',
  annotations: { 'authorization.k8s.io/decision': 'allow', 'authorization.k8s.io/reason': 'RBAC: "x"' },
};
const TEXT = JSON.stringify(EVENT);

test('reuses the text and adds what is derived from it', () => {
  const parsed = parseAudit(TEXT);

  expect(parsed?.members.startsWith(TEXT.slice(1, -1))).toBe(true);
  expect(objectOf(parsed)).toEqual({
    ...EVENT,
    '@timestamp': '2026-05-23T10:15:03.123456Z',
    event: { duration: 1_022_222_000, outcome: 'success' },
    url: { path: '/api/v1/namespaces/shop/pods/web-0', query: 'fieldManager=kubectl-edit&x="<>' },
    authorization: { decision: 'allow', reason: 'RBAC: "x"' },
  });
});

test.each([
  ['201', { outcome: 'success' }],
  ['403', { outcome: 'failure' }],
])('code %s has its outcome', (code, event) => {
  expect(objectOf(parseAudit(TEXT.replace('"code":200', `"code":${code}`)))['event']).toMatchObject(event);
});

test('a watch that has only started has no outcome', () => {
  const { responseStatus: _none, ...started } = EVENT;

  expect(objectOf(parseAudit(JSON.stringify({ ...started, stage: 'ResponseStarted' })))['event']).toEqual({ duration: 1_022_222_000 });
});

test.each([
  ['no JSON', 'I1121 klog'],
  ['JSON that is cut off', TEXT.slice(0, -20)],
  ['another object', '{"kind":"Pod","apiVersion":"v1"}'],
  ['an Event of the core API', '{"kind":"Event","apiVersion":"v1","stage":1,"message":"x"}'],
  ['a list', `[${TEXT}]`],
  ['two objects', TEXT + TEXT],
  ['empty', ''],
])('says no to %s', (_name, text) => {
  expect(parseAudit(text)).toBeUndefined();
});

function changed(change: { readonly [key: string]: unknown }): { [key: string]: unknown } {
  return objectOf(parseAudit(JSON.stringify({ ...EVENT, ...change })));
}

test.each<[string, { readonly [key: string]: unknown }, { readonly [key: string]: unknown }]>([
  [
    'keys that collide with the envelope',
    { message: 'm', event: { id: 1 }, '@timestamp': 'x', log: 'l' },
    { message: 'm', event: { id: 1 }, '@timestamp': 'x', log: 'l' },
  ],
  ['keys that OpenSearch refuses', { '': 1, 'a..b': 2, '.': 3 }, { '': 1, 'a..b': 2, '.': 3 }],
  ['a word that is an object', { verb: { x: 1 } }, { verb: { x: 1 } }],
  ['an object that is a word', { objectRef: 'x' }, { objectRef: 'x' }],
  ['groups that are not strings', { user: { username: 'a', groups: [{ x: 1 }] } }, { 'user.groups': [{ x: 1 }] }],
  ['a code that is no number', { responseStatus: { code: 'x', message: 'm' } }, { 'responseStatus.code': 'x' }],
  ['a time that is none', { requestReceivedTimestamp: 'yesterday' }, { requestReceivedTimestamp: 'yesterday' }],
  ['addresses that are no list of words', { sourceIPs: [{ a: 1 }] }, { sourceIPs: [{ a: 1 }] }],
])('moves %s to `other`', (_name, change, other) => {
  const object = changed(change);

  expect(object['other']).toEqual(other);
  expect(object['auditID']).toBe(EVENT.auditID);
});

test.each<[string, unknown, unknown]>([
  ['a plain value', 'text', { value: 'text' }],
  ['a list of plain values', [1, 'x'], { value: [1, 'x'] }],
  ['a list of objects', [{ a: 1 }, { b: 2 }], [{ a: 1 }, { b: 2 }]],
  ['null', null, null],
])('a requestObject that is %s fits a flat_object', (_name, requestObject, stored) => {
  expect(changed({ requestObject })['requestObject']).toEqual(stored);
});

test('keeps the last of equal keys, wherever they are', () => {
  const twice = TEXT.replace('"verb":"patch"', '"verb":"get","verb":"patch"').replace('{"op":"add"', '{"op":"x","op":"add"');

  expect(objectOf(parseAudit(twice))).toEqual(objectOf(parseAudit(TEXT)));
});

test('puts pretty-printed JSON on one line', () => {
  expect(objectOf(parseAudit(JSON.stringify(EVENT, null, 2)))).toEqual(objectOf(parseAudit(TEXT)));
});

test('cuts what is too long for a flat_object and says so', () => {
  const parsed = parseAudit(JSON.stringify({ ...EVENT, requestObject: { data: { key: '日'.repeat(20_000) } } }));
  const { requestObject } = objectOf(parsed) as { requestObject: { data: { key: string } } };

  expect(parsed?.truncated).toBe(true);
  expect(Buffer.byteLength(requestObject.data.key)).toBeLessThan(32_766);
  expect(requestObject.data.key).toMatch(/^日+…\[cut\]$/);
});

test('takes a reused text only where it is one line of valid JSON without equal keys', () => {
  const lines = sampleLines('control-plane/kube-apiserver-audit.log.gz').filter((line) => line.length < 20_000);
  for (const line of lines.slice(0, 500)) strictJson(`{${parseAudit(line)?.members}}`);
});

test('half of an escaped pair becomes U+FFFD', () => {
  expect(changed({ userAgent: 'x\ud83d', requestObject: { a: '\udc00' } })).toMatchObject({
    userAgent: 'x\ufffd',
    requestObject: { a: '\ufffd' },
  });
});
