import { problemsWith, warningsWith } from '../texts.ts';

const FLUENT_BIT = 'collection.fluentBit';

test.each<[string, object, string]>([
  ['the kubelet’s port', { fluentBit: { httpPort: 10250 } }, `${FLUENT_BIT}.httpPort: the kubelet has this port`],
  [
    'an events pod without room for its chunks',
    { events: { memoryLimitMiB: 64 } },
    'collection.events.memoryLimitMiB: the number is too small',
  ],
  [
    'an image by the name of a day',
    { fluentBit: { image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:stable' } },
    `${FLUENT_BIT}.image: this tag is another image tomorrow`,
  ],
  [
    'an image of Amazon Linux 2',
    { fluentBit: { image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.3' } },
    `${FLUENT_BIT}.image: this image has an older Fluent Bit`,
  ],
  [
    'an image before 3.4',
    { fluentBit: { image: 'public.ecr.aws/aws-observability/aws-for-fluent-bit:3.2.2' } },
    `${FLUENT_BIT}.image: this image has an older Fluent Bit`,
  ],
  [
    'an image without a version',
    { fluentBit: { image: 'example.com/fluent-bit' } },
    `${FLUENT_BIT}.image: an image needs its registry and a version`,
  ],
  [
    'container files once more',
    { files: [{ name: 'a', paths: ['/var/log/containers/*.log'] }] },
    'collection.files[0].paths[0]: files of containers are read already',
  ],
  [
    'two entries of one name',
    {
      files: [
        { name: 'a', paths: ['/opt/a'] },
        { name: 'a', paths: ['/opt/b'] },
      ],
    },
    'collection.files[1].name: two entries have this name',
  ],
  ['a path with a comma', { files: [{ name: 'a', paths: ['/a,b'] }] }, 'collection.files[0].paths[0]: an absolute path on the node'],
  [
    'days of a group that is not its own',
    { files: [{ name: 'a', paths: ['/opt/a'], retentionDays: 7 }] },
    'collection.files[0].retentionDays: the host group has',
  ],
  [
    'a group by a star',
    { files: [{ name: 'a', paths: ['/opt/a'], logGroup: '/x/*' }] },
    'collection.files[0].logGroup: records are written to one group',
  ],
  [
    'a toleration that Kubernetes refuses',
    { tolerations: [{ operator: 'Exists', value: 'x' }] },
    'collection.tolerations[0].value: operator Exists takes no value',
  ],
  [
    'a toleration without its key',
    { tolerations: [{ operator: 'Equal', value: 'x' }] },
    'collection.tolerations[0]: operator Equal needs key and value',
  ],
])('refuses %s', (_name, collection, expected) => {
  expect(problemsWith({ collection })).toEqual([expect.stringContaining(expected)]);
});

test.each<[string, object, string]>([
  ['little memory', { fluentBit: { memoryLimitMiB: 128 } }, `${FLUENT_BIT}.memoryLimitMiB: so little memory`],
  ['hidden retries', { fluentBit: { logLevel: 'error' } }, `${FLUENT_BIT}.logLevel: retries are warnings`],
  ['no counts of its own', { fluentBit: { selfMetrics: false } }, `${FLUENT_BIT}.selfMetrics: nothing tells`],
  ['an image of one’s own', { fluentBit: { image: 'example.com/fluent-bit:5.0.7' } }, `${FLUENT_BIT}.image: an image of yours needs`],
  ['our agents among others', { namespace: 'kube-system' }, 'collection.namespace: containers of our own namespace are not read'],
  ['no tolerations', { tolerations: [] }, 'collection.tolerations: nodes with a taint'],
  ['containers that nobody reads', { inputs: { application: false } }, 'collection.inputs.application: lines of containers are not read'],
  [
    'an image that the add-on does not take',
    { logs: 'addon', fluentBit: { image: 'example.com/fluent-bit:1.0' } },
    `${FLUENT_BIT}.image: with logs: addon`,
  ],
])('warns of %s', (_name, collection, expected) => {
  expect(warningsWith({ collection })).toContainEqual(expect.stringContaining(expected));
});

test('more outputs than the disk has queues for are refused', () => {
  const files = Array.from({ length: 20 }, (_, index) => ({ name: `f${index}`, paths: [`/opt/f${index}`] }));

  expect(problemsWith({ collection: { files, fluentBit: { diskLimitMiB: 256 } } })).toEqual([
    expect.stringContaining('collection.fluentBit.diskLimitMiB: 24 outputs need a queue each'),
  ]);
});
