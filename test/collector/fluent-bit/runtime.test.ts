import { parseConf } from '../../../collector/conf/parse.ts';
import { allValues, firstValue, pluginOf } from '../../../collector/conf/section.ts';
import { daemonSetPermissions, daemonSetRuntime, eventsPermissions, eventsRuntime } from '../../../collector/fluent-bit/runtime.ts';
import { renderFluentBit } from '../../../collector/fluent-bit.ts';
import type { Config } from '../../../lib/config/load.ts';
import { configWith } from '../../lib/config/texts.ts';
import { APPLICATIONS, clusterOf, FULL, KAFKA_APPLICATION, KUBELET, PLAIN } from '../configs.ts';

const folders = (config: Config) => daemonSetRuntime(config).folders.map(({ path }) => path);
const withFiles = (...paths: string[]) => configWith({ collection: { files: [{ name: 'own', paths }] } });
const OFFICIAL = ['/var/fluent-bit/state', '/var/log', '/var/lib/docker/containers', '/run/log/journal'];

describe('what the pod sees of the node', () => {
  test.each<[string, string[], string[]]>([
    ['a file below /var/log', ['/var/log/audit/audit.log'], []],
    ['a file elsewhere', ['/opt/batch/out.log'], ['/opt/batch']],
    ['a pattern', ['/opt/*/logs/*.log'], ['/opt']],
    ['a pattern in the name', ['/srv/app/log-*.txt'], ['/srv/app']],
    ['files of one folder', ['/opt/a/1.log', '/opt/a/2.log'], ['/opt/a']],
    ['a folder whose name only begins like /var/log', ['/var/logs/x.log'], ['/var/logs']],
  ])('%s', (_name, paths, more) => {
    expect(folders(withFiles(...paths))).toEqual([...OFFICIAL, ...more]);
  });

  test('nothing but its own state may be written', () => {
    for (const { path, isReadOnly } of daemonSetRuntime(FULL).folders)
      expect([path, isReadOnly]).toEqual([path, path !== '/var/fluent-bit/state']);
  });

  test('every path that an input reads or writes lies in a folder that it has', () => {
    const { sections } = parseConf(renderFluentBit(FULL, clusterOf(FULL), 'daemonset'));
    const paths = sections
      .filter(({ name }) => name === 'INPUT')
      .flatMap((section) => [...allValues(section, 'Path'), ...allValues(section, 'DB')])
      .flatMap((list) => list.split(', '));

    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths)
      expect([path, folders(FULL).some((folder) => path.startsWith(`${folder}/`) || path === folder)]).toEqual([path, true]);
  });
});

test('the kubelet is reached only where its metadata are asked for', () => {
  expect(daemonSetRuntime(PLAIN).needsKubelet).toBe(false);
  expect(daemonSetRuntime(KUBELET).needsKubelet).toBe(true);
  expect(eventsRuntime(KUBELET).needsKubelet).toBe(false);
});

test('the events pod has a network of its own, no folder of the node and its own memory', () => {
  expect(eventsRuntime(configWith({ collection: { events: { memoryLimitMiB: 200 } } }))).toMatchObject({
    needsHostNetwork: false,
    folders: [],
    memoryLimitMiB: 200,
    environment: {},
  });
});

describe('rights of the roles', () => {
  const permissions = (config: Config) => daemonSetPermissions(config, clusterOf(config), 'aws');
  const resources = (config: Config, action: string) =>
    permissions(config)
      .filter(({ actions }) => actions.includes(action))
      .flatMap((each) => each.resources);

  test('are on the groups that are written to, and no others', () => {
    const { sections } = parseConf(renderFluentBit(FULL, clusterOf(FULL), 'daemonset'));
    const groups = new Set(
      sections.filter((section) => pluginOf(section) === 'cloudwatch_logs').map((section) => firstValue(section, 'log_group_name')),
    );

    expect(new Set(resources(FULL, 'logs:PutLogEvents').filter((arn) => !arn.endsWith(':*')))).toEqual(
      new Set([...groups].map((group) => `arn:aws:logs:us-east-1:111122223333:log-group:${group}`)),
    );
  });

  test('are the calls of each sink, on what it names', () => {
    expect(resources(FULL, 'firehose:PutRecordBatch')).toEqual(['arn:aws:firehose:us-east-1:111122223333:deliverystream/front']);
    expect(resources(FULL, 'kinesis:PutRecords')).toEqual(['arn:aws:kinesis:us-east-1:111122223333:stream/front']);
    expect(resources(FULL, 's3:PutObject')).toEqual(['arn:aws:s3:::example-front/*']);
    expect(resources(FULL, 'es:ESHttpPost')).toEqual(['arn:aws:es:us-east-1:111122223333:domain/*']);
  });

  test('to write to a topic follow from the ARN of its cluster', () => {
    const config = configWith({ applications: [...APPLICATIONS, KAFKA_APPLICATION] });
    const cluster = 'arn:aws:kafka:us-east-1:111122223333:cluster/example/11111111-2222-3333-4444-555555555555-1';

    expect(resources(config, 'kafka-cluster:Connect')).toEqual([cluster]);
    expect(resources(config, 'kafka-cluster:WriteData')).toEqual([`${cluster.replace(':cluster/', ':topic/')}/lines`]);
  });

  test('with a role to assume are that alone', () => {
    const roleArn = 'arn:aws:iam::444455556666:role/writer';
    const config = configWith({
      applications: [
        {
          name: 'other',
          match: { namespace: 'a' },
          collect: {
            sinks: {
              cloudWatch: { logGroup: '/other', roleArn },
              kinesis: { stream: 's', roleArn },
              s3: { bucket: 'other-bucket', roleArn },
            },
          },
        },
      ],
    });

    expect(resources(config, 'sts:AssumeRole')).toEqual([roleArn]);
    expect(JSON.stringify(permissions(config))).not.toMatch(/\/other|kinesis:|s3:/);
  });

  test('of the events pod are on the events group', () => {
    const group = 'arn:aws-cn:logs:us-east-1:111122223333:log-group:/aws/containerinsights/prod/events';

    expect(eventsPermissions(PLAIN, clusterOf(PLAIN), 'aws-cn')).toEqual([
      {
        actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:PutRetentionPolicy'],
        resources: [group, `${group}:*`],
      },
    ]);
  });
});
