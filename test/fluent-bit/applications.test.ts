import { COLLECTOR_NAMESPACE, OWN_METRICS } from '../../lib/alarms/metrics-own.ts';
import { configWith } from '../lib/config/texts.ts';
import { describeWithFluentBit } from './describe.ts';
import { cri, fileName, id, type Message, messages, runWith, type World } from './world.ts';

describeWithFluentBit('what applications say of their lines', () => {
  const LINES = Array.from({ length: 2000 }, (_, index) => (index % 100 === 0 ? `ERROR line ${index}` : `line ${index}`));
  const JSON_LINES = [
    '{"level":"info","msg":"plain","status":200}',
    '{"time":"1999-01-01T00:00:00Z","stream":"fake","log":"inner","kubernetes":{"pod_name":"evil"},"msg":"hostile"}',
    'not JSON at all',
  ];
  const config = configWith({
    applications: [
      { name: 'sampled', match: { namespace: 'a' }, collect: { sample: { keepPercent: 10, except: ['ERROR'] } } },
      { name: 'excluded', match: { namespace: 'b' }, collect: { exclude: [{ regex: '^line \\d*[02468]$' }, { regex: 'ERROR|"' }] } },
      { name: 'throttled', match: { namespace: 'c' }, collect: { throttle: { linesPerSecond: 100, windowSeconds: 2 } } },
      {
        name: 'parsed',
        match: { namespace: 'd' },
        collect: {
          parseOnNode: { format: 'json' },
          sinks: {
            cloudWatch: { logGroup: '/example/parsed' },
            kinesis: { stream: 'parsed' },
            firehose: { deliveryStream: 'parsed' },
            openSearch: { host: 'search.example.com', indexPrefix: 'parsed' },
          },
        },
      },
      {
        name: 'web',
        match: { namespace: 'e', container: 'web' },
        collect: { sinks: { application: false, cloudWatch: { logGroup: '/example/web' } } },
      },
    ],
  });
  let world: World;

  beforeAll(async () => {
    world = await runWith(
      config,
      {
        [fileName('pod', 'a', 'main', '1')]: cri(LINES),
        [fileName('pod', 'b', 'main', '2')]: cri(LINES),
        [fileName('pod', 'c', 'main', '3')]: cri(LINES),
        [fileName('pod', 'd', 'main', '4')]: cri(JSON_LINES),
        [fileName('pod', 'e', 'web', '5')]: cri(['web']),
        [fileName('pod', 'e', 'web-proxy', '6')]: cri(['proxy']),
        [fileName('agent', 'amazon-cloudwatch', 'fluent-bit', '7')]: cri(['our own complaint']),
        [fileName('aws-node-x', 'kube-system', 'aws-node', '8')]: cri(['network']),
      },
      {},
      ({ aws }) =>
        aws.events.length > 1200 &&
        aws.calls.some(({ path }) => path === '/_bulk') &&
        aws.events.some(({ message }) => message.includes('_aws')),
    );
  }, 60_000);

  test('nothing is complained of', () => {
    expect(world.agent.complaints()).toEqual([]);
  });

  test('a sample is about the share that was asked for, and keeps every line with a word of `except`', () => {
    const kept = messages(world, '_a_main').map(({ log }) => log);

    expect(kept.filter((log) => log?.startsWith('ERROR'))).toHaveLength(20);
    // 1,980 lines at 10 %: 198, and three standard deviations of chance.
    expect(Math.abs(kept.length - 20 - 198)).toBeLessThan(45);
  });

  test('excluded lines stay on the node, each expression by itself', () => {
    const kept = messages(world, '_b_main').map(({ log }) => log ?? '');

    expect(kept).toEqual(LINES.filter((line) => !/^line \d*[02468]$/.test(line) && !/ERROR|"/.test(line)));
  });

  test('a throttled application does not send its whole burst', () => {
    const kept = messages(world, '_c_main').length;

    // A burst fills its window, two seconds of a hundred lines; what is above goes. On a busy machine the file is read over some seconds.
    expect(kept).toBeGreaterThanOrEqual(200);
    expect(kept).toBeLessThanOrEqual(600);
  });

  test('fields are read on the node, and a program’s own time, stream and kubernetes do not replace ours', () => {
    const [plain, hostile, text] = messages(world, '_d_main');

    expect(plain).toMatchObject({ level: 'info', msg: 'plain', status: 200, log: JSON_LINES[0], stream: 'stdout' });
    expect(hostile).toMatchObject({ msg: 'hostile', log: JSON_LINES[1], stream: 'stdout', time: '2026-11-21T08:30:00.001007919Z' });
    expect(hostile?.kubernetes?.['docker_id']).toBe(id('4'));
    expect(text).toMatchObject({ log: JSON_LINES[2], stream: 'stdout' });
  });

  test('no member of a record is written twice', () => {
    for (const { message } of world.aws.events.filter(({ stream }) => stream.includes('_d_main'))) {
      for (const name of ['time', 'stream', 'log', 'kubernetes'])
        expect(message.split(`"${name}":`).length).toBeLessThanOrEqual(name === 'log' || message.includes('fake') ? 3 : 2);
      expect(Object.keys(JSON.parse(message) as object).filter((name) => name.startsWith('__'))).toEqual([]);
    }
  });

  test('every sink gets every record with its time in nanoseconds, stream and container', () => {
    const sent = (action: string) =>
      world.aws.calls
        .filter((call) => call.action === action)
        .flatMap(({ body }) => (JSON.parse(body) as { readonly Records: readonly { readonly Data: string }[] }).Records)
        .map(({ Data }) => Buffer.from(Data, 'base64').toString('utf8'));
    const documents = world.aws.calls.filter(({ path }) => path === '/_bulk').flatMap(({ body }) => body.trim().split('\n'));
    const bySink = [
      messages(world, '_d_main').filter((_, index) => index < 3),
      sent('PutRecords').map((text) => JSON.parse(text) as Message),
      sent('PutRecordBatch').map((text) => JSON.parse(text) as Message),
      documents.filter((line) => line.includes('"log":')).map((line) => JSON.parse(line) as Message),
    ];

    for (const records of bySink) {
      expect(records.map(({ log }) => log)).toEqual(JSON_LINES);
      for (const record of records) {
        expect(record['time']).toMatch(/^2026-11-21T08:30:00\.\d{9}Z$/);
        expect(record['stream']).toBe('stdout');
        expect(record.kubernetes?.['docker_id']).toBe(id('4'));
      }
    }
  });

  test('documents for OpenSearch have ids of their own and the index of their day', () => {
    const actions = world.aws.calls
      .filter(({ path }) => path === '/_bulk')
      .flatMap(({ body }) => body.trim().split('\n'))
      .filter((line) => line.startsWith('{"create"'))
      .map((line) => (JSON.parse(line) as { readonly create: { readonly _index: string; readonly _id: string } }).create);

    expect(new Set(actions.map(({ _index }) => _index))).toEqual(new Set(['parsed-prod-2026.11.21']));
    expect(new Set(actions.map(({ _id }) => _id)).size).toBe(3);
  });

  test('an application without the application group is nowhere else, and a container with a longer name is not its', () => {
    const groups = (part: string) => new Set(world.aws.events.filter(({ stream }) => stream.includes(part)).map(({ group }) => group));

    expect(groups('_e_web-5')).toEqual(new Set(['/example/web']));
    expect(groups('_e_web-proxy-')).toEqual(new Set(['/aws/containerinsights/prod/application']));
  });

  test('our own namespace is not read, the data plane goes to its own group', () => {
    expect(world.aws.events.filter(({ message }) => message.includes('our own complaint'))).toEqual([]);
    expect(world.aws.events.filter(({ message }) => message.includes('network')).map(({ group }) => group)).toEqual([
      '/aws/containerinsights/prod/dataplane',
    ]);
  });

  test('groups that the agent makes get their retention', () => {
    expect(world.aws.groups.get('/aws/containerinsights/prod/application')).toBe(30);
    expect(world.aws.groups.get('/example/web')).toBe(30);
  });

  test('its own counts are metrics in the embedded format, with differences and without its own lines', () => {
    const events = messages(world, 'agent.metrics');
    const sum = (name: string) => events.reduce((total, event) => total + Number(event[name] ?? 0), 0);
    const [first] = events;

    expect(first?._aws?.CloudWatchMetrics[0]).toMatchObject({ Namespace: 'EksTelemetry/FluentBit', Dimensions: [['ClusterName']] });
    expect(new Set(first?._aws?.CloudWatchMetrics[0]?.Metrics.map(({ Unit }) => Unit))).toEqual(new Set(['Count']));
    // Three files of many lines, three lines of JSON, one each of web, its proxy and the network's agent; our own namespace is not read.
    expect(sum('RecordsRead')).toBe(LINES.length * 3 + 6);
    const kept = ['_a_main', '_b_main', '_c_main'].reduce((total, part) => total + messages(world, part).length, 0);
    expect(sum('RecordsFiltered')).toBe(LINES.length * 3 - kept);
    for (const metric of ['Retries', 'RetriesFailed', 'RecordsDropped', 'ChunksOnDisk']) expect(first).toHaveProperty(metric);
    const known = new Set(OWN_METRICS.filter(({ namespace }) => namespace === COLLECTOR_NAMESPACE).flatMap(({ names }) => names));
    for (const event of events) for (const { Name } of event._aws?.CloudWatchMetrics[0]?.Metrics ?? []) expect(known).toContain(Name);
    expect(events[0]).toMatchObject({
      Type: 'FluentBit',
      ClusterName: 'prod',
      NodeName: 'node-1.example.com',
      RetriesFailed: 0,
      RecordsDropped: 0,
    });
  });
});

describeWithFluentBit('applications by a label, with the kubelet’s metadata', () => {
  const pod = (name: string, labels: object) => ({
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, labels },
    spec: { nodeName: 'node-1.example.com', containers: [{ name: 'main' }] },
    status: {
      containerStatuses: [{ name: 'main', containerID: `containerd://${id(name === 'cart' ? '1' : '2')}`, image: 'example.com/main:1' }],
    },
  });
  const config = configWith({
    applications: [
      {
        name: 'cart',
        match: { namespace: 'shop', labels: { 'app.kubernetes.io/name': 'cart' } },
        collect: { multiline: 'java', sinks: { cloudWatch: { logGroup: '/example/cart' } } },
      },
    ],
    collection: { fluentBit: { kubernetesMetadata: 'kubelet' } },
  });
  const TRACE = [
    '2026-11-21 08:30:00 ERROR failed',
    'java.lang.IllegalStateException: no',
    '\tat a.B.c(B.java:1)',
    '2026-11-21 08:30:01 INFO next',
  ];
  let world: World;

  beforeAll(async () => {
    world = await runWith(
      config,
      { [fileName('cart', 'shop', 'main', '1')]: cri(TRACE), [fileName('other', 'shop', 'main', '2')]: cri(['other']) },
      { pods: [pod('cart', { 'app.kubernetes.io/name': 'cart' }), pod('other', { 'app.kubernetes.io/name': 'other' })] },
      ({ aws }) => aws.events.filter(({ stream }) => stream.includes('_shop_')).length >= 5,
    );
  }, 60_000);

  test('the label’s records are joined and go to both groups, with labels and id', () => {
    for (const group of ['/example/cart', '/aws/containerinsights/prod/application']) {
      const records = world.aws.events
        .filter((event) => event.group === group && event.stream.includes('cart_shop'))
        .map(({ message }) => JSON.parse(message) as Message);

      expect(records.map(({ log }) => log)).toEqual([TRACE.slice(0, 3).join('\n'), TRACE[3]]);
      expect(records[0]?.['kubernetes']).toMatchObject({
        pod_name: 'cart',
        namespace_name: 'shop',
        docker_id: id('1'),
        labels: { 'app.kubernetes.io/name': 'cart' },
      });
    }
  });

  test('other pods’ records are not its', () => {
    expect(world.aws.events.filter(({ stream }) => stream.includes('other_shop')).map(({ group }) => group)).toEqual([
      '/aws/containerinsights/prod/application',
    ]);
    expect(world.agent.complaints()).toEqual([]);
  });
});
