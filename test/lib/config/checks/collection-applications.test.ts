import { problemsWith, warningsWith } from '../texts.ts';

const application = (collect: object, match: object = { namespace: 'shop' }) => ({ applications: [{ name: 'a', match, collect }] });
const AT = 'applications[0].collect';

test.each<[string, object, string]>([
  ['two ways to join', { multiline: 'java', start: '^x' }, `${AT}.start: multiline names the beginning`],
  ['a beginning that every line has', { start: '\\d*' }, `${AT}.start: the expression matches every line`],
  ['an exclusion of everything', { exclude: [{ regex: '' }] }, `${AT}.exclude[0].regex`],
  ['an exclusion that matches every line', { exclude: [{ regex: 'x*' }] }, `${AT}.exclude[0].regex: the expression matches every line`],
  ['an expression that only JavaScript knows', { start: '^[[a]' }, `${AT}.start: Fluent Bit’s engine (Onigmo) reads this otherwise`],
  ['a variable of the rendered file', { exclude: [{ regex: ['a$', '{b}'].join('') }] }, `${AT}.exclude[0].regex: Fluent Bit’s engine`],
  ['a rate that the throttle takes for its default of 1,000', { throttle: { linesPerSecond: 1 } }, `${AT}.throttle.linesPerSecond`],
  ['a window that it takes for five seconds', { throttle: { linesPerSecond: 5, windowSeconds: 1 } }, `${AT}.throttle.windowSeconds`],
  [
    'an index that OpenSearch refuses',
    { sinks: { openSearch: { host: 'h.example.com', indexPrefix: 'Front' } } },
    `${AT}.sinks.openSearch.indexPrefix`,
  ],
  ['a tag that all others begin with', { tag: 'var' }, `${AT}.tag: tags of all other containers`],
  ['nowhere to go', { sinks: { application: false } }, `${AT}.sinks: its lines would go nowhere`],
  [
    'a group by a star',
    { sinks: { cloudWatch: { logGroup: '/x/*' } } },
    `${AT}.sinks.cloudWatch.logGroup: records are written to one group`,
  ],
  [
    'a role at MSK without its cluster',
    { sinks: { kafka: { brokers: ['b:9098'], topic: 't', mskIam: true } } },
    `${AT}.sinks.kafka.mskIam: signing in with a role`,
  ],
  ['regex without one', { parseOnNode: { format: 'regex' } }, `${AT}.parseOnNode: format regex needs its regex`],
  ['json with a regex', { parseOnNode: { format: 'json', regex: 'x' } }, `${AT}.parseOnNode: format json takes no regex`],
  ['no groups', { parseOnNode: { format: 'regex', regex: '^x' } }, `${AT}.parseOnNode.regex: the expression names no group`],
  [
    'a group that is ours',
    { parseOnNode: { format: 'regex', regex: '^(?<time>x)' } },
    `${AT}.parseOnNode.regex: groups of these names are dropped`,
  ],
  [
    'a type of nothing',
    { parseOnNode: { format: 'regex', regex: '^(?<a>x)', types: { b: 'integer' } } },
    `${AT}.parseOnNode.types.b: the expression has no group`,
  ],
  ['a time without a format', { parseOnNode: { format: 'json', timeKey: 'ts' } }, `${AT}.parseOnNode.timeKey: a time needs its format`],
  ['a format without a time', { parseOnNode: { format: 'json', timeFormat: '%Y' } }, `${AT}.parseOnNode.timeFormat: a time format needs`],
])('refuses %s', (_name, collect, expected) => {
  expect(problemsWith(application(collect))).toContainEqual(expect.stringContaining(expected));
});

test.each<[string, object, string]>([
  ['fields that are sent twice', { parseOnNode: { format: 'json' } }, `${AT}.parseOnNode: our functions read the line themselves`],
  [
    'the program’s own time before CloudWatch',
    { parseOnNode: { format: 'json', timeKey: 'ts', timeFormat: '%s' }, sinks: { s3: { bucket: 'example' } } },
    `${AT}.parseOnNode.timeKey: the program’s own time`,
  ],
  [
    'documents past redaction',
    { sinks: { openSearch: { host: 'search.example.com', indexPrefix: 'a' } } },
    `${AT}.sinks.openSearch: records go there as they are`,
  ],
  ['a client with a memory of its own', { sinks: { kafka: { brokers: ['b:9092'], topic: 't' } } }, `${AT}.sinks.kafka: its client keeps`],
])('warns of %s', (_name, collect, expected) => {
  expect(warningsWith(application(collect))).toContainEqual(expect.stringContaining(expected));
});

test('a match that names no container cannot be collected apart', () => {
  expect(problemsWith(application({}, { cluster: 'prod' }))).toContainEqual(
    expect.stringContaining('applications[0].match: collect needs to know which'),
  );
});

test('two applications with one tag are refused', () => {
  const applications = [
    { name: 'a', match: { namespace: 'a' }, collect: {} },
    { name: 'b', match: { namespace: 'b' }, collect: { tag: 'a' } },
  ];

  expect(problemsWith({ applications })).toEqual([expect.stringContaining('applications[1].collect.tag: application a has this tag too')]);
});

test('labels need the kubelet’s metadata, and only one can choose', () => {
  const match = { namespace: 'shop', labels: { app: 'x', tier: 'y' } };
  const kubelet = { collection: { fluentBit: { kubernetesMetadata: 'kubelet' } } };

  expect(warningsWith({ applications: [{ name: 'a', match }] })).toContainEqual(
    expect.stringContaining('match.labels: records have no labels'),
  );
  expect(warningsWith({ applications: [{ name: 'a', match }], ...kubelet })).toEqual([]);
  expect(problemsWith({ ...application({}, match), ...kubelet })).toEqual([
    expect.stringContaining('match.labels: the node can choose records by one label'),
  ]);
});

test('five lines are enough to say how an application is read', () => {
  expect(problemsWith(application({ multiline: 'java', exclude: [{ regex: 'healthz' }], sinks: { s3: { bucket: 'example' } } }))).toEqual(
    [],
  );
  expect(warningsWith(application({ multiline: 'java', exclude: [{ regex: 'healthz' }], sinks: { s3: { bucket: 'example' } } }))).toEqual(
    [],
  );
});

test.each([
  ['our own namespace', { namespace: 'amazon-cloudwatch' }, {}, 'our own agents run there'],
  [
    'a namespace that is left out',
    { namespace: 'kube-public' },
    { excludeNamespaces: ['kube-public'] },
    'collection.excludeNamespaces leaves this namespace out',
  ],
])('an application of %s is refused', (_name, match, collection, what) => {
  expect(problemsWith({ ...application({ multiline: 'java' }, match), collection })).toEqual([
    expect.stringMatching(new RegExp(`^applications\\[0\\]\\.match\\.namespace: ${what}`)),
  ]);
});
