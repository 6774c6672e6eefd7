import { createHash } from 'node:crypto';
import { resourceName } from '../template/attributes.ts';
import { listAt, objectAt, textAt } from '../template/json.ts';
import type { Resource } from '../template/resolver.ts';

/** Queues that a bucket tells of new objects. */
export interface BucketNotification {
  readonly bucket: string;
  readonly region: string;
  readonly queueArn: string;
}

/** The notifications that a bucket's template asks for. Throws for what has no counterpart here: it would be silently missing. */
export function readNotifications(resource: Resource): BucketNotification[] {
  const configuration = objectAt(resource.properties, 'NotificationConfiguration');
  for (const other of ['LambdaConfigurations', 'TopicConfigurations', 'EventBridgeConfiguration']) {
    if (configuration[other] !== undefined) throw new Error(`${resource.path}: ${other} of a bucket has no counterpart here`);
  }
  return listAt(configuration, 'QueueConfigurations').flatMap((queue) => {
    const event = textAt(queue, 'Event') ?? '';
    if (!event.startsWith('s3:ObjectCreated:'))
      throw new Error(`${resource.path}: only s3:ObjectCreated events are sent here, found ${event}`);
    const queueArn = textAt(queue, 'Queue');
    return queueArn === undefined ? [] : [{ bucket: resourceName(resource), region: resource.region, queueArn }];
  });
}

/** The message that S3 sends for a new object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
export function objectCreated({ bucket, region }: BucketNotification, key: string, body: Uint8Array, timeMs: number): string {
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: region,
        eventTime: new Date(timeMs).toISOString(),
        eventName: 'ObjectCreated:Put',
        s3: {
          s3SchemaVersion: '1.0',
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: {
            key: encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'),
            size: body.length,
            eTag: createHash('md5').update(body).digest('hex'),
          },
        },
      },
    ],
  });
}
