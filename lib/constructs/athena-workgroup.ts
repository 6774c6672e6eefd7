import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { DeployedQuery } from '../athena/queries.ts';
import { acknowledge } from './acknowledge.ts';

/** Settings of a workgroup. */
export interface AthenaWorkgroupProps {
  readonly workgroupName: string;
  readonly databaseName: string;
  /** Bytes that one query may read, at least 10 MB. */
  readonly scanLimitBytes: number;
  /** Undefined: results are kept by Athena for a day, under its own key. */
  readonly results: { readonly bucketName: string; readonly retention: Duration; readonly encryptionKey: IKey | undefined } | undefined;
  readonly queries: readonly DeployedQuery[];
}

/** Version 3 is named, not AUTO: a new engine may answer otherwise, and the queries were tried on this one. */
const ENGINE_VERSION = 'Athena engine version 3';

/** Where queries run: its settings hold for everybody who uses it, whatever a client asks for. */
export class AthenaWorkgroup extends Construct {
  readonly workgroup: CfnWorkGroup;
  /** Undefined where Athena keeps the results. */
  readonly resultBucket: Bucket | undefined;
  readonly queries: readonly CfnNamedQuery[];

  constructor(scope: Construct, id: string, props: AthenaWorkgroupProps) {
    super(scope, id);
    const { results } = props;
    this.resultBucket = results === undefined ? undefined : this.makeBucket(results);
    const key = results?.encryptionKey;
    this.workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: props.workgroupName,
      description: 'Questions about access logs, archive and dead letters of eks-telemetry.',
      // Queries of the history go with it; what they asked stays in the buckets.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        bytesScannedCutoffPerQuery: props.scanLimitBytes,
        engineVersion: { selectedEngineVersion: ENGINE_VERSION },
        ...(this.resultBucket === undefined
          ? { managedQueryResultsConfiguration: { enabled: true } }
          : {
              managedQueryResultsConfiguration: { enabled: false },
              resultConfiguration: {
                outputLocation: `s3://${this.resultBucket.bucketName}/results/`,
                encryptionConfiguration:
                  key === undefined ? { encryptionOption: 'SSE_S3' } : { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
              },
            }),
      },
    });
    if (this.resultBucket === undefined) {
      acknowledge(
        this.workgroup,
        'AwsSolutions-ATH1',
        'Managed results are always encrypted, by a key of Athena; the rule knows results in a bucket only.',
      );
    }
    this.queries = props.queries.map(({ name, file, text }) => {
      // A colon stands in no file name, so two names never become one id.
      const query = new CfnNamedQuery(this, name.replaceAll('/', ':'), {
        name,
        database: props.databaseName,
        workGroup: props.workgroupName,
        description: file.title.slice(0, MAX_DESCRIPTION),
        queryString: text,
      });
      query.addResourceDependency(this.workgroup);
      return query;
    });
  }

  private makeBucket({ bucketName, retention, encryptionKey }: NonNullable<AthenaWorkgroupProps['results']>): Bucket {
    const bucket = new Bucket(this, 'Results', {
      bucketName,
      ...(encryptionKey === undefined
        ? { encryption: BucketEncryption.S3_MANAGED }
        : { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }),
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ id: 'expire', expiration: retention, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    acknowledge(
      bucket,
      'AwsSolutions-S1',
      'Results live for days and can be asked again; who ran a query is in CloudTrail and in the workgroup’s history.',
    );
    return bucket;
  }
}

/** Longest description of a named query. */
const MAX_DESCRIPTION = 1024;
