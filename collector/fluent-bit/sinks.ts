import { changed, type Entry } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import type { CollectedApplication } from './applications.ts';
import { APPLICATION_FILE, cloudWatch, matchOf, type Output } from './output.ts';
import { NODE_NAME, STATE_FOLDER } from './values.ts';

const SINK = 'officially everything goes to the application group only.';

/** Outputs of an application's own sinks. Each gets every record with time, stream and container id, so the id can be made anywhere. */
export function sinkOutputs(application: CollectedApplication, context: RenderContext): Output[] {
  const { sinks } = application.collect;
  const base = { kind: 'sink', file: APPLICATION_FILE, match: matchOf(application) } as const;
  const outputs: Output[] = [];
  const add = (name: string, output: Pick<Output, 'plugin' | 'entries'> & Partial<Output>) =>
    outputs.push({ ...base, name: `${name}-${application.name}`, ...output });
  if (sinks.cloudWatch !== undefined) {
    const { logGroup, retentionDays, roleArn } = sinks.cloudWatch;
    add('cloudwatch', cloudWatch(context, { group: logGroup, prefix: `${NODE_NAME}-`, days: retentionDays, roleArn }));
  }
  if (sinks.firehose !== undefined) {
    const { deliveryStream, roleArn } = sinks.firehose;
    add('firehose', {
      plugin: changed('Name', 'kinesis_firehose', SINK),
      entries: [...regional(context), changed('delivery_stream', deliveryStream, 'collect.sinks.firehose.'), ...role(roleArn)],
    });
  }
  if (sinks.kinesis !== undefined) {
    const { stream, roleArn } = sinks.kinesis;
    add('kinesis', {
      plugin: changed('Name', 'kinesis_streams', SINK),
      entries: [...regional(context), changed('stream', stream, 'collect.sinks.kinesis.'), ...role(roleArn)],
    });
  }
  if (sinks.openSearch !== undefined) add('opensearch', openSearch(sinks.openSearch, context));
  if (sinks.s3 !== undefined) add('s3', s3(application, sinks.s3, context));
  if (sinks.kafka !== undefined) add('kafka', kafka(sinks.kafka));
  return outputs;
}

type Sinks = CollectedApplication['collect']['sinks'];

function openSearch(
  { host, port, indexPrefix, signed, roleArn }: NonNullable<Sinks['openSearch']>,
  { config, cluster }: RenderContext,
): Pick<Output, 'plugin' | 'entries'> {
  return {
    plugin: changed('Name', 'opensearch', SINK),
    entries: [
      changed('Host', host, 'collect.sinks.openSearch.'),
      changed('Port', port, 'as above.'),
      changed('tls', 'On', 'off by default.'),
      ...(signed
        ? [
            changed('AWS_Auth', 'On', 'signed with the role of the pod.'),
            changed('AWS_Region', config.region, 'of the domain.'),
            ...role(roleArn, 'AWS_Role_ARN'),
          ]
        : []),
      changed('Logstash_Format', 'On', 'one index a day, by the time of the event: a chunk that is sent again finds its own index.'),
      changed('Logstash_Prefix', `${indexPrefix}-${cluster.indexName}`, 'as our functions name indexes.'),
      changed('Time_Key_Nanos', 'On', 'the order of lines within a millisecond.'),
      changed('Suppress_Type_Name', 'On', 'OpenSearch 2 and later refuse types.'),
      changed('Generate_ID', 'On', 'a hash of the record: a chunk that is sent again replaces nothing and adds nothing.'),
      changed('Write_Operation', 'create', 'the default; a second one is a 409.'),
      changed('Buffer_Size', '5M', 'an answer longer than the default of 512 KB counts as a failure, and the whole chunk is sent again.'),
      changed('Trace_Error', 'On', 'says which record was refused, and why.'),
      changed('compress', 'gzip', 'six times less to send.'),
    ],
  };
}

/** Retries of out_s3, which refuses to go on without an end: with the waits above some days. */
const S3_RETRIES = 5000;

function s3(
  { name }: CollectedApplication,
  { bucket, prefix, roleArn }: NonNullable<Sinks['s3']>,
  { config, cluster }: RenderContext,
): Pick<Output, 'plugin' | 'entries' | 'retryLimit'> {
  return {
    plugin: changed('Name', 's3', SINK),
    retryLimit: changed('Retry_Limit', S3_RETRIES, 'the plugin turns “no limit” into 5, and 5 are over within minutes.'),
    entries: [
      changed('region', config.region, 'of the bucket.'),
      changed('bucket', bucket, 'collect.sinks.s3.'),
      changed(
        's3_key_format',
        `/${prefix ?? name}/${cluster.name}/%Y/%m/%d/%H/$UUID.json.gz`,
        'the unique part keeps two nodes from writing over each other.',
      ),
      changed('static_file_path', 'On', 'the name as it is, without a second unique part.'),
      changed('use_put_object', 'On', 'whole files: parts of an upload that never ends cannot be read, and are paid.'),
      changed('total_file_size', '50M', 'what is gathered on disk before it is sent.'),
      changed('upload_timeout', '10m', 'the default; how late a file may be.'),
      changed('compression', 'gzip', 'a sixth of the storage.'),
      changed('store_dir', `${STATE_FOLDER}/s3-${name}`, 'the default is below /tmp, which ends with the pod.'),
      changed('json_date_key', 'false', 'the record has its time already.'),
      ...role(roleArn),
    ],
  };
}

function kafka({ brokers, topic, mskIam, clusterArn, tls }: NonNullable<Sinks['kafka']>): Pick<Output, 'plugin' | 'entries'> {
  const iam = mskIam
    ? [
        changed('aws_msk_iam', 'true', 'collect.sinks.kafka.mskIam.'),
        ...(clusterArn === undefined ? [] : [changed('aws_msk_iam_cluster_arn', clusterArn, 'tells the Region.')]),
      ]
    : tls
      ? [changed('rdkafka.security.protocol', 'ssl', 'collect.sinks.kafka.tls.')]
      : [];
  return {
    plugin: changed('Name', 'kafka', SINK),
    entries: [
      changed('Brokers', brokers.join(','), 'collect.sinks.kafka.'),
      changed('Topics', topic, 'as above.'),
      changed('Format', 'json', 'the default.'),
      changed('Timestamp_Key', 'fluentbit_time', 'the default replaces @timestamp, which may be the program’s own.'),
      changed('rdkafka.request.required.acks', '-1', 'a record counts when all replicas have it.'),
      changed('rdkafka.enable.idempotence', 'true', 'a retry inside the client does not write twice.'),
      changed('rdkafka.message.timeout.ms', '0', 'the default drops a record after five minutes.'),
      changed(
        'rdkafka.queue.buffering.max.kbytes',
        '16384',
        'what is handed to the client is in memory only: little of it, the rest waits on disk.',
      ),
      changed('queue_full_retries', '0', 'wait as long as it takes; the default gives up after ten.'),
      ...iam,
    ],
  };
}

function regional({ config }: RenderContext): Entry[] {
  return [changed('region', config.region, 'of the stream.')];
}

function role(roleArn: string | undefined, key = 'role_arn'): Entry[] {
  return roleArn === undefined ? [] : [changed(key, roleArn, 'the role to assume.')];
}
