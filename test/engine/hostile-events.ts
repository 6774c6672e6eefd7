/** Messages that made a bulk request fail, or one document of it, when they were tried; by what is wrong with them. */
export const HOSTILE_JSON: { readonly [what: string]: string } = {
  'duplicate keys': '{"a":1,"a":2,"msg":"x"}',
  'duplicate keys deep inside': '{"msg":"x","a":{"b":[{"c":1,"c":2}]}}',
  'a key twice, once escaped': '{"ab":1,"a\\u0062":2,"msg":"x"}',
  'an empty key': '{"":1,"msg":"x"}',
  'an empty key inside': '{"a":{"":1},"msg":"x"}',
  'a key of dots': '{"..":1,".":2,"a..b":3,".a":4,"b.":5,"msg":"x"}',
  'a key of blanks': '{" ":1,"\\t":2,"a. .b":3,"msg":"x"}',
  'dotted keys that collide with objects':
    '{"log.level":"info","log":{"level":"warn"},"event.id":"x","kubernetes":{"labels":"x"},"msg":"x"}',
  'keys of the envelope':
    '{"@timestamp":"9999-01-01T00:00:00Z","event":"x","cloud":1,"log":"x","aws":[],"parse":null,"stream":{},"message":"x"}',
  'metadata fields': '{"_id":"x","_source":1,"_index":"a","_routing":"b","_field_names":1,"_ignored":1,"_version":1,"msg":"x"}',
  'a value over the term limit': JSON.stringify({ msg: 'x', value: 'y'.repeat(40_000) }),
  'a value over the term limit in three-byte characters': JSON.stringify({ msg: 'x', value: '日'.repeat(11_000) }),
  'a value just under the term limit with its path': JSON.stringify({ msg: 'x', [`k${'e'.repeat(100)}`]: 'y'.repeat(32_650) }),
  'a key over the term limit': JSON.stringify({ msg: 'x', ['k'.repeat(40_000)]: 1 }),
  'a key over the name limit': JSON.stringify({ msg: 'x', ['k'.repeat(60_000)]: 1 }),
  '100 levels': `{"msg":"x","deep":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`,
  '5,000 levels': `{"msg":"x","deep":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
  '5,000 levels of lists': `{"msg":"x","deep":${'['.repeat(5000)}1${']'.repeat(5000)}}`,
  '10,000 keys': JSON.stringify({ msg: 'x', ...Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`key${i}`, i])) }),
  'a number of 2,000 digits': `{"msg":"x","n":${'9'.repeat(2000)}}`,
  'numbers beyond every type': '{"msg":"x","a":1e999,"b":-1e999,"c":9223372036854775808,"d":1E+400}',
  NUL: '{"msg":"a\\u0000b","k\\u0000":"\\u0000"}',
  'lone surrogates': '{"msg":"\\ud800 and \\udc00","\\ud800":"\\udfff"}',
  'line breaks between tokens': '{\n  "msg": "x",\r\n  "a": [\n 1,\n 2 ]\n}',
  '1 MB of one word': JSON.stringify({ msg: 'x'.repeat(1_000_000) }),
  '1 MB of words': JSON.stringify({ msg: 'x '.repeat(500_000) }),
  'scalars and lists in place of everything':
    '{"msg":{"a":1},"level":["x"],"time":{},"error":1,"http":"x","durationMs":"12x","active":"maybe"}',
  'declared fields of wrong kinds':
    '{"msg":"x","durationMs":{"a":1},"active":[{"b":1}],"when":"yesterday","peer":"no-address","http":{"status":"many"}}',
  'declared fields as mixed lists':
    '{"msg":"x","durationMs":[1,"a",{"b":2}],"active":[true,"x"],"peer":["10.0.0.1","x"],"http":[1,{"status":200}]}',
};

/** Text that is no JSON, or not whole. */
export const HOSTILE_TEXT: { readonly [what: string]: string } = {
  'cut JSON': '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Reque',
  'an empty line': '',
  blanks: '  \t ',
  'control characters': 'a\u0000b\u0001c\u001b[31mred\u001b[0m\u007f\u2028\u2029',
  'a lone surrogate': 'x \ud800 y \udc00',
  'quotes and backslashes': 'say "hi" \\ and \\" and \\\\u0041 \\',
  '1 MB of one line': 'z'.repeat(1_000_000),
  'a million line breaks': '\n'.repeat(100_000),
  'only a brace': '{',
  'a JSON list': '[1,2,{"a":1}]',
  'a JSON number': '12',
  'an action line': '{"create":{"_index":"other","_id":"1"}}\n{"a":1}\n{"delete":{"_index":"other","_id":"1"}}',
};

const AUDIT = {
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Request',
  auditID: '8f1c0f1e-1f0d-4a0e-9a57-0d6f3a3f1111',
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods/web-0',
  verb: 'patch',
  user: { username: 'alice', groups: ['system:authenticated'] },
  sourceIPs: ['203.0.113.24'],
  objectRef: { resource: 'pods', namespace: 'shop', name: 'web-0' },
  responseStatus: { metadata: {}, code: 200 },
  requestReceivedTimestamp: '2026-11-21T08:23:24.454836Z',
  stageTimestamp: '2026-11-21T08:23:24.464836Z',
};

/** The event with its first members replaced by hostile ones: valid JSON, but not what Kubernetes would write. */
function auditWith(members: { readonly [key: string]: unknown }): string {
  return JSON.stringify({ ...AUDIT, ...members });
}

/** Audit events that OpenSearch would refuse as they are. */
export const HOSTILE_AUDIT: { readonly [what: string]: string } = {
  'a JSON patch': auditWith({ requestObject: [{ op: 'replace', path: '/a', value: 1 }] }),
  'a list of scalars as requestObject': auditWith({ requestObject: ['a', 1] }),
  'a mixed list as requestObject': auditWith({ requestObject: [{ a: 1 }, 2, null] }),
  'a text as requestObject': auditWith({ requestObject: 'text', responseObject: 7 }),
  'objects in place of words': auditWith({ verb: { a: 1 }, auditID: [{ b: 1 }], userAgent: { c: {} }, level: ['x', { y: 1 }] }),
  'scalars in place of objects': auditWith({ user: 'alice', objectRef: 7, responseStatus: true, annotations: 'x', sourceIPs: 'x' }),
  'wrong members inside typed objects': auditWith({
    user: { username: { a: 1 }, groups: [{ b: 1 }], extra: 'x', '': 1, 'a..b': 2 },
    responseStatus: { code: 'many', metadata: 'x', details: ['y'], message: { z: 1 } },
  }),
  'envelope keys and unknown keys': auditWith({ event: 'x', log: 'y', cloud: 1, '@timestamp': {}, parse: [], 'a.b.': 1, '': 2, _id: 'z' }),
  'long values everywhere': auditWith({
    requestURI: `/x?${'q'.repeat(50_000)}`,
    annotations: { k: 'v'.repeat(50_000) },
    requestObject: { a: '日'.repeat(20_000) },
  }),
  'annotation keys with dots and slashes': auditWith({
    annotations: { 'authorization.k8s.io/decision': 'forbid', 'a..b': 'x', '': 'y', '.': 'z' },
  }),
  'times that are none': auditWith({ requestReceivedTimestamp: 'yesterday', stageTimestamp: { a: 1 } }),
  'times far away': auditWith({ requestReceivedTimestamp: '0001-01-01T00:00:00Z', stageTimestamp: '9999-12-31T23:59:59.999999Z' }),
  'a deep requestObject': `${JSON.stringify(AUDIT).slice(0, -1)},"requestObject":${'{"a":'.repeat(700)}1${'}'.repeat(700)}}`,
  'duplicate keys in requestObject': `${JSON.stringify(AUDIT).slice(0, -1)},"requestObject":{"a":1,"a":2}}`,
  'a key of the event twice': `${JSON.stringify(AUDIT).slice(0, -1)},"verb":"get"}`,
  'line breaks between tokens': JSON.stringify(AUDIT, null, 2),
};

/** klog and logrus lines with hostile values. */
export const HOSTILE_LINES: { readonly [what: string]: string } = {
  'klog: 40 KB in a value': `I1121 08:23:24.123456   26491 a.go:1] "msg" big="${'x'.repeat(40_000)}" err="${'y'.repeat(40_000)}"`,
  'klog: a key twice, empty and dotted keys':
    'I1121 08:23:24.123456   26491 a.go:1] "msg" a=1 a=2 a..b=3 .=4 pod="x" pod={a:1} node=<\n\tx\n >',
  'klog: escapes':
    'I1121 08:23:24.123456   26491 a.go:1] "a\\x00b\\u263a\\\\" k="\\ud800" j="\\xff" resp=99999999999999999999 latency="999999h"',
  'klog: a date that is none': 'I0231 08:23:24.123456   26491 a.go:1] "msg" evaluatedNodes=abc feasibleNodes=1e9',
  'klog: 1 MB of text': `E1121 08:23:24.123456   26491 a.go:1] ${'z'.repeat(1_000_000)}`,
  'logrus: hostile values': `time="2026-11-21T08:23:19Z" level=info msg="access granted" arn="${'a'.repeat(40_000)}" groups="[]" client="x" a..b="1" a=1 a=2 error="\\x00"`,
  'logrus: a time that is none': 'time="9999-99-99T99:99:99Z" level=strange msg=',
};
