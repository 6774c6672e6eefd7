import { archivedSources, familyStreams, hasFirehose } from '../config/firehose-plan.ts';
import { archiveStreamName, firehoseLogGroupName, firehoseTransformName } from '../config/names.ts';
import type { Config } from '../config/resolve.ts';
import type { TargetKind } from '../config/schema-alarms.ts';
import type { AlarmTarget } from './alarm-target.ts';

/** What a record may take beyond the longest waits of its delivery stream, in seconds: two attempts of the function and of a request. */
const SLACK_SECONDS = 900;

/** Delivery streams of a cluster, named as the Firehose stack names them; a test compares them with its template. */
export function deliveryTargets(config: Config, cluster: string, each: TargetKind): AlarmTarget[] {
  const { archive, delivery, prefix } = config;
  const target = (
    suffix: string,
    deliveryStream: string,
    destination: string,
    settings: Config['archive'] | Config['delivery']['firehose'],
  ): AlarmTarget => {
    const lateSeconds = settings.bufferSeconds + settings.transform.bufferSeconds + SLACK_SECONDS;
    return { suffix, values: { cluster, deliveryStream, destination, lateSeconds: String(lateSeconds) } };
  };
  const toSearch = familyStreams(config, cluster).map(({ family, streamName }) =>
    target(family, streamName, 'DeliveryToAmazonOpenSearchService', delivery.firehose),
  );
  const toArchive =
    archivedSources(config, cluster).length === 0 ? [] : [target('archive', archiveStreamName(prefix, cluster), 'DeliveryToS3', archive)];
  if (each === 'searchDelivery') return toSearch;
  if (each === 'parquetDelivery') return archive.format === 'parquet' ? toArchive : [];
  return each === 'archiveDelivery' ? toArchive : [...toSearch, ...toArchive];
}

/** Functions inside of a cluster's delivery streams. */
export function transformTargets(config: Config, cluster: string): AlarmTarget[] {
  const modes = [
    ...(familyStreams(config, cluster).length > 0 ? (['search'] as const) : []),
    ...(archivedSources(config, cluster).length > 0 ? (['archive'] as const) : []),
  ];
  return modes.map((mode) => ({ suffix: mode, values: { cluster, function: firehoseTransformName(config.prefix, cluster, mode) } }));
}

/** The group in which Firehose tells of the errors of a cluster's delivery streams. */
export function deliveryLogTargets(config: Config, cluster: string): AlarmTarget[] {
  if (!hasFirehose(config, cluster)) return [];
  return [{ suffix: '', values: { cluster, errorGroup: firehoseLogGroupName(config.prefix, cluster) } }];
}

/** Why a cluster has no target of a kind. */
export function whyNoDelivery(each: TargetKind): string {
  if (each === 'searchDelivery') return 'no source has route firehose';
  if (each === 'archiveDelivery') return 'no source has archive: true';
  return each === 'parquetDelivery' ? 'no delivery stream makes Parquet' : 'no source has a delivery stream';
}
