import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { catalogueOf, planNamedQueries } from '../athena/queries.ts';
import { planTables } from '../athena/tables.ts';
import type { Config } from '../config/load.ts';
import {
  archiveBucketName,
  athenaDatabaseName,
  athenaResultBucketName,
  athenaWorkgroupName,
  deadLetterBucketName,
  joinName,
} from '../config/names.ts';
import { AthenaReaders, type ReadableBucket } from '../constructs/athena-readers.ts';
import { AthenaWorkgroup } from '../constructs/athena-workgroup.ts';
import { GlueTables } from '../constructs/glue-tables.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What the Athena stack builds on. */
export interface AthenaStackProps extends TelemetryStackProps {
  readonly storage: StorageStack;
}

const BYTES_PER_GB = 1_000_000_000;
/** Name of a policy without what stands behind it; IAM allows 128 characters. */
const MAX_POLICY_NAME = 100;

/** Questions in SQL over files that others write: tables, workgroup, named queries, policies. It holds no data, so it can be deleted and made anew. */
export class AthenaStack extends TelemetryStack {
  constructor(scope: Construct, props: AthenaStackProps) {
    const { config, storage } = props;
    super(scope, props, {
      nameParts: ['athena'],
      description: 'eks-telemetry: tables and saved queries over access logs, archive and dead letters.',
      holdsData: config.athena.results.mode === 'bucket',
    });
    const { athena } = config;
    const { tables } = planTables(config);
    const databaseName = athenaDatabaseName(config);
    const workgroupName = athenaWorkgroupName(config);
    const glue = new GlueTables(this, 'Glue', { databaseName, tables });
    const hasBucket = athena.results.mode === 'bucket';
    const workgroup = new AthenaWorkgroup(this, 'Athena', {
      workgroupName,
      databaseName,
      scanLimitBytes: Math.round(athena.scanLimitGb * BYTES_PER_GB),
      results: hasBucket
        ? {
            bucketName: athenaResultBucketName(config),
            retention: Duration.days(athena.results.retentionDays),
            encryptionKey: storage.dataKey,
          }
        : undefined,
      queries: planNamedQueries(config, catalogueOf(config)).deployed,
    });
    for (const query of workgroup.queries) query.addResourceDependency(glue.database);
    const readers = new AthenaReaders(this, 'Readers', {
      name: joinName([config.prefix, config.region], MAX_POLICY_NAME),
      workgroupName,
      databaseName,
      tableNames: tables.map(({ name }) => name),
      furtherTables: costReportTables(config),
      buckets: openBuckets(config),
      originals: originalBuckets(config),
      resultBucket: hasBucket
        ? {
            name: athenaResultBucketName(config),
            prefix: '',
            keyAlias: storage.dataKey === undefined ? undefined : `${config.prefix}-data`,
          }
        : undefined,
      readers: athena.readers,
    });
    new CfnOutput(this, 'Workgroup', { value: workgroupName, description: 'Workgroup to choose in the Athena console.' });
    new CfnOutput(this, 'ReaderPolicyArn', { value: readers.reader.managedPolicyArn, description: 'Policy of those who may ask.' });
    new CfnOutput(this, 'OriginalsPolicyArn', {
      value: readers.originals.managedPolicyArn,
      description: 'Beside it: policy of those who may see archive and dead letters, which hold text before redaction.',
    });
  }
}

function costReportTables({ athena }: Config): { readonly database: string; readonly table: string }[] {
  const [database, table] = athena.costReport?.table.split('.') ?? [];
  return database === undefined || table === undefined ? [] : [{ database, table }];
}

function openBuckets({ athena, loadBalancers }: Config): ReadableBucket[] {
  const logs = loadBalancers.logs.map(({ bucket, prefix }) => ({ name: bucket, prefix, keyAlias: undefined }));
  const { costReport } = athena;
  return costReport?.bucket === undefined ? logs : [...logs, { name: costReport.bucket, prefix: '', keyAlias: undefined }];
}

function originalBuckets(config: Config): ReadableBucket[] {
  const { prefix } = config;
  return [
    { name: deadLetterBucketName(config), prefix: 'dead-letters/', keyAlias: `${prefix}-dead-letters` },
    ...(config.archive.enabled ? [{ name: archiveBucketName(config), prefix: 'kind=', keyAlias: `${prefix}-archive` }] : []),
  ];
}
