import { AGENT_METRICS, AGENT_NAMESPACE } from '../../../collector/fluent-bit/agent-metrics.ts';
import { renderFluentBit } from '../../../collector/fluent-bit.ts';
import { usagesOf, VOLUME_METRIC, VOLUME_NAMESPACE, volumeEvent } from '../../../collector/volumes/usage.ts';
import * as own from '../../../lib/alarms/metrics-own.ts';
import { clusterOf, PLAIN } from '../../collector/configs.ts';

const rowsOf = (namespace: string) => own.OWN_METRICS.filter((row) => row.namespace === namespace);

test('the table names the very metrics that the agents send', () => {
  expect(AGENT_NAMESPACE).toBe(own.COLLECTOR_NAMESPACE);
  expect(
    rowsOf(AGENT_NAMESPACE)
      .flatMap(({ names }) => names)
      .sort(),
  ).toEqual(AGENT_METRICS.map(({ name }) => name).sort());
});

test('the rendered program sends them with the dimension and the unit of the table', () => {
  const code = renderFluentBit(PLAIN, clusterOf(PLAIN), 'daemonset').find(({ text }) => text.includes('function count'))?.text ?? '';
  const [row] = rowsOf(own.COLLECTOR_NAMESPACE);

  for (const name of row?.names ?? []) expect(code).toContain(`'${name}'`);
  expect(row?.sets).toEqual([['ClusterName']]);
  expect(code).toContain("Dimensions = { { 'ClusterName' } }");
  expect(code).toContain(`Unit = '${row?.unit}'`);
});

test('the table names the metric of volumes with its dimensions and unit', () => {
  const [usage] = usagesOf(
    { pods: [{ volume: [{ pvcRef: { namespace: 'shop', name: 'data' }, usedBytes: 7, capacityBytes: 10 }] }] },
    'node-1',
  );
  const event = JSON.parse(volumeEvent(usage as NonNullable<typeof usage>, { clusterName: 'prod', thresholdPercent: 70, nowMs: 0 })) as {
    readonly _aws: {
      readonly CloudWatchMetrics: readonly { readonly Namespace: string; readonly Dimensions: unknown; readonly Metrics: unknown }[];
    };
  };
  const [row] = rowsOf(VOLUME_NAMESPACE);

  expect(VOLUME_NAMESPACE).toBe(own.VOLUME_NAMESPACE);
  expect(row?.names).toEqual([VOLUME_METRIC]);
  expect(event._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: own.VOLUME_NAMESPACE,
      Dimensions: expect.arrayContaining([expect.arrayContaining(row?.sets[0] ?? []), row?.sets[1]]),
      Metrics: [{ Name: VOLUME_METRIC, Unit: row?.unit }],
    },
  ]);
});
