import { mergeUsages, percent, usagesOf, type VolumeUsage, volumeEvent } from '../../../collector/volumes/usage.ts';

/** As a kubelet answers, cut to what is read: a pod with a claim, one with a block device, one without volumes. */
const SUMMARY = {
  node: { nodeName: 'ip-10-0-1-5.ec2.internal' },
  pods: [
    {
      podRef: { name: 'db-0', namespace: 'shop' },
      volume: [
        { name: 'kube-api-access', usedBytes: 12288, capacityBytes: 4_000_000_000 },
        {
          name: 'data',
          pvcRef: { name: 'data-db-0', namespace: 'shop' },
          usedBytes: 7_512_000_000,
          capacityBytes: 10_000_000_000,
          inodes: 655_360,
          inodesUsed: 120,
        },
      ],
    },
    { podRef: { name: 'raw-0', namespace: 'shop' }, volume: [{ name: 'raw', pvcRef: { name: 'raw-raw-0', namespace: 'shop' } }] },
    { podRef: { name: 'web', namespace: 'shop' } },
  ],
};
const USAGE: VolumeUsage = { namespace: 'shop', claim: 'data', node: 'a', usedBytes: 70, capacityBytes: 100 };

test('claims are read, other volumes and devices without a file system are not', () => {
  expect(usagesOf(SUMMARY, 'ip-10-0-1-5.ec2.internal')).toEqual([
    {
      namespace: 'shop',
      claim: 'data-db-0',
      node: 'ip-10-0-1-5.ec2.internal',
      usedBytes: 7_512_000_000,
      capacityBytes: 10_000_000_000,
      inodes: 655_360,
      inodesUsed: 120,
    },
  ]);
});

test.each([[undefined], [null], ['text'], [{ pods: {} }], [{ pods: [null, { volume: [null, 1] }] }]])('%j has no claims', (summary) => {
  expect(usagesOf(summary, 'a')).toEqual([]);
});

test('a volume that several nodes have mounted counts once, as the fullest of what they say', () => {
  const merged = mergeUsages([USAGE, { ...USAGE, node: 'b', usedBytes: 71 }, { ...USAGE, claim: 'alpha' }]);
  expect(merged.map(({ claim, node }) => [claim, node])).toEqual([
    ['alpha', 'a'],
    ['data', 'b'],
  ]);
});

test('an event says the claim’s own use and adds to the cluster’s, above the threshold from the first tenth on', () => {
  const round = { clusterName: 'prod', thresholdPercent: 70, nowMs: 1_763_700_000_000 };
  expect(JSON.parse(volumeEvent({ ...USAGE, usedBytes: 70.1 }, round))).toEqual({
    Type: 'PersistentVolumeClaim',
    ClusterName: 'prod',
    Namespace: 'shop',
    PersistentVolumeClaimName: 'data',
    NodeName: 'a',
    pvc_utilization: 70.1,
    AboveThreshold: true,
    UsedBytes: 70.1,
    CapacityBytes: 100,
    _aws: {
      Timestamp: 1_763_700_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'EksTelemetry/Volumes',
          Dimensions: [['ClusterName', 'Namespace', 'PersistentVolumeClaimName'], ['ClusterName']],
          Metrics: [{ Name: 'pvc_utilization', Unit: 'Percent' }],
        },
      ],
    },
  });
  expect(JSON.parse(volumeEvent(USAGE, round)).AboveThreshold).toBe(false);
});

test('a file system that says more than it has is full', () => {
  expect(percent({ ...USAGE, usedBytes: 101 })).toBe(100);
});
