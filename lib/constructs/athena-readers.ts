import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';

/** A bucket that may be read. */
export interface ReadableBucket {
  readonly name: string;
  /** What keys start with; `` for all. */
  readonly prefix: string;
  /** Alias of its KMS key, without `alias/`; undefined where S3's own keys encrypt it. */
  readonly keyAlias: string | undefined;
}

/** Settings of the policies of those who ask. */
export interface AthenaReadersProps {
  /** Start of the policies' names, at most 100 characters. */
  readonly name: string;
  readonly workgroupName: string;
  readonly databaseName: string;
  readonly tableNames: readonly string[];
  /** Database and table of others, such as a cost report's. */
  readonly furtherTables: readonly { readonly database: string; readonly table: string }[];
  /** Buckets without secrets: access logs, a cost report. */
  readonly buckets: readonly ReadableBucket[];
  /** Buckets with originals before redaction: archive and dead letters. */
  readonly originals: readonly ReadableBucket[];
  /** Where results are written; undefined where Athena keeps them. */
  readonly resultBucket: ReadableBucket | undefined;
  /** ARNs of roles that get the first policy. */
  readonly readers: readonly string[];
}

/** What a person needs to run queries. https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html */
const QUERY_ACTIONS = [
  'athena:BatchGetNamedQuery',
  'athena:BatchGetQueryExecution',
  'athena:GetNamedQuery',
  'athena:GetQueryExecution',
  'athena:GetQueryResults',
  'athena:GetQueryResultsStream',
  'athena:GetQueryRuntimeStatistics',
  'athena:GetWorkGroup',
  'athena:ListNamedQueries',
  'athena:ListQueryExecutions',
  'athena:StartQueryExecution',
  'athena:StopQueryExecution',
];
const CATALOGUE_ACTIONS = [
  'glue:GetDatabase',
  'glue:GetTable',
  'glue:GetTables',
  'glue:GetPartition',
  'glue:GetPartitions',
  'glue:BatchGetPartition',
];

/**
 * Two policies: who may ask, and who may see originals. They are apart because archive and dead letters hold text before redaction; with the first alone
 * a query of the archive fails at its files.
 */
export class AthenaReaders extends Construct {
  readonly reader: ManagedPolicy;
  readonly originals: ManagedPolicy;

  constructor(scope: Construct, id: string, props: AthenaReadersProps) {
    super(scope, id);
    const roles = props.readers.map((arn, index) => Role.fromRoleArn(this, `Reader${index}`, arn));
    this.reader = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: `${props.name}-athena-reader`,
      description: 'Runs queries in the workgroup of eks-telemetry over access logs; not over originals before redaction.',
      statements: [...this.asking(props), ...this.reading(props.buckets), ...this.writingResults(props.resultBucket)],
      roles,
    });
    this.originals = new ManagedPolicy(this, 'Originals', {
      managedPolicyName: `${props.name}-athena-originals`,
      description: 'Beside the reader policy of eks-telemetry: reads archive and dead letters, which hold text before redaction.',
      statements: this.reading(props.originals),
    });
    for (const [policy, buckets] of [
      [this.reader, [...props.buckets, ...(props.resultBucket ? [props.resultBucket] : [])]],
      [this.originals, props.originals],
    ] as const) {
      for (const bucket of buckets)
        acknowledgeWildcard(policy, this.objects(bucket), 'Queries read all files of a table; their names hold days and random parts.');
      if (buckets.some(({ keyAlias }) => keyAlias !== undefined))
        acknowledgeWildcard(policy, this.keys(), 'The alias in the condition names the keys; a reference would tie the stacks together.');
    }
  }

  private asking({ workgroupName, databaseName, tableNames, furtherTables }: AthenaReadersProps): PolicyStatement[] {
    const { account, partition, region } = Stack.of(this);
    const glue = (rest: string): string => `arn:${partition}:glue:${region}:${account}:${rest}`;
    const further = [...new Set(furtherTables.map(({ database }) => database))].map((database) => glue(`database/${database}`));
    return [
      new PolicyStatement({
        sid: 'Workgroup',
        actions: QUERY_ACTIONS,
        resources: [`arn:${partition}:athena:${region}:${account}:workgroup/${workgroupName}`],
      }),
      new PolicyStatement({
        sid: 'Tables',
        actions: CATALOGUE_ACTIONS,
        resources: [
          glue('catalog'),
          glue(`database/${databaseName}`),
          ...tableNames.map((table) => glue(`table/${databaseName}/${table}`)),
          ...further,
          ...furtherTables.map(({ database, table }) => glue(`table/${database}/${table}`)),
        ],
      }),
    ];
  }

  private reading(buckets: readonly ReadableBucket[]): PolicyStatement[] {
    if (buckets.length === 0) return [];
    return [
      new PolicyStatement({
        sid: 'Buckets',
        actions: ['s3:ListBucket', 's3:GetBucketLocation'],
        resources: [...new Set(buckets.map((each) => this.bucket(each)))],
      }),
      new PolicyStatement({ sid: 'Files', actions: ['s3:GetObject'], resources: [...new Set(buckets.map((each) => this.objects(each)))] }),
      ...this.decrypting(buckets, ['kms:Decrypt']),
    ];
  }

  private writingResults(bucket: ReadableBucket | undefined): PolicyStatement[] {
    if (bucket === undefined) return [];
    return [
      new PolicyStatement({
        sid: 'ResultBucket',
        actions: ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
        resources: [this.bucket(bucket)],
      }),
      new PolicyStatement({
        sid: 'Results',
        actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        resources: [this.objects(bucket)],
      }),
      ...this.decrypting([bucket], ['kms:Decrypt', 'kms:GenerateDataKey'], 'ResultKey'),
    ];
  }

  private decrypting(buckets: readonly ReadableBucket[], actions: string[], sid = 'Keys'): PolicyStatement[] {
    const aliases = [...new Set(buckets.flatMap(({ keyAlias }) => (keyAlias === undefined ? [] : [`alias/${keyAlias}`])))];
    if (aliases.length === 0) return [];
    return [
      new PolicyStatement({
        sid,
        actions,
        resources: [this.keys()],
        conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': aliases } },
      }),
    ];
  }

  private bucket({ name }: ReadableBucket): string {
    return `arn:${Stack.of(this).partition}:s3:::${name}`;
  }

  private objects({ name, prefix }: ReadableBucket): string {
    return `arn:${Stack.of(this).partition}:s3:::${name}/${prefix}*`;
  }

  private keys(): string {
    const { account, partition, region } = Stack.of(this);
    return `arn:${partition}:kms:${region}:${account}:key/*`;
  }
}
