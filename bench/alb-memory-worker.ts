import { createRequire } from 'node:module';
import { join } from 'node:path';

const [root = '', url = ''] = process.argv.slice(2);
const KEY =
  'AWSLogs/111122223333/elasticloadbalancing/us-east-1/2026/11/21/111122223333_elasticloadbalancing_us-east-1_app.b.1_20261121T0830Z_192.0.2.1_x.log.gz';

Object.assign(process.env, {
  LAMBDA_TASK_ROOT: root,
  SEARCH_ENDPOINT: url,
  AWS_ENDPOINT_URL: url,
  AWS_ENDPOINT_URL_S3: url,
  DEAD_LETTER_BUCKET: 'dead-letters',
  AWS_REGION: 'us-east-1',
  AWS_LAMBDA_FUNCTION_NAME: 'alb-indexer',
  BULK_MAX_BYTES: String(5 << 20),
  BULK_MAX_DOCUMENTS: '5000',
  METRIC_NAMESPACE: 'EksTelemetry',
  QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/files',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
});

let indexed = 0;
console.log = (line: string) => {
  indexed += Number((JSON.parse(line) as { Indexed?: number }).Indexed ?? 0);
};
const { handler } = createRequire(import.meta.url)(join(root, 'index.js')) as {
  handler: (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<{ batchItemFailures: unknown[] }>;
};
const body = JSON.stringify({
  Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'logs' }, object: { key: KEY, eTag: 'e' } } }],
});
const answer = await handler({ Records: [{ messageId: 'm', body }] }, { getRemainingTimeInMillis: () => 3_600_000 });
if (answer.batchItemFailures.length > 0) throw new Error('the file was not taken');
const { user, system } = process.cpuUsage();
process.stdout.write(
  `${JSON.stringify({ maxRssMb: process.resourceUsage().maxRSS / 1024, cpuSeconds: (user + system) / 1e6, indexed })}\n`,
);
