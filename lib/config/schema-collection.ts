import * as z from 'zod';
import {
  bucketName,
  indexPart,
  itemName,
  logGroupName,
  regexText,
  retentionDays,
  roleArn,
  someText,
  textLike,
  whole,
} from './schema-names.ts';

/** Image of a container: a tag or a digest is needed, because a name alone is another image every day. */
const imageName = textLike(
  /^[a-z0-9][a-z0-9._/:-]*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$/,
  'an image needs its registry and a version: host/name:1.2.3 or host/name@sha256:…; latest and stable are other images tomorrow',
  'host/name:version',
);

const namespaceName = textLike(
  /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
  'not a name that Kubernetes allows for a namespace',
  '1 to 63 characters of a-z 0-9 -, first and last a letter or digit',
);

const addonVersion = textLike(
  /^v\d+\.\d+\.\d+-eksbuild\.\d+$/,
  'not a version of an EKS add-on; `aws eks describe-addon-versions` lists them',
  'vN.N.N-eksbuild.N',
);

const hostName = textLike(
  /^(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
  'a host name without https:// and without a path',
  'such as search.example.com',
);

const streamName = textLike(/^[A-Za-z0-9_.-]{1,128}$/, 'not a name of a stream', '1 to 128 characters of A-Z a-z 0-9 _ . -');

/** A path on the node that Fluent Bit reads; `*` stands for any text. Commas and blanks part paths in its configuration. */
const nodePath = textLike(/^\/[A-Za-z0-9._/*-]{1,500}$/, 'an absolute path on the node, * for any text', 'no blanks, commas or quotes');

const tolerationSchema = z.strictObject({
  key: z.string().min(1).max(317).optional().describe('taint that is tolerated; without it all keys'),
  operator: z.enum(['Exists', 'Equal']).default('Exists'),
  value: z.string().max(63).optional().describe('with operator: Equal'),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional().describe('without it all effects'),
});

/** Our Fluent Bit on every node. Limits of one pod; sizes inside it follow from them. */
const fluentBitSchema = z
  .strictObject({
    image: imageName
      .default('public.ecr.aws/aws-observability/aws-for-fluent-bit:3.4.8')
      .describe('aws-for-fluent-bit 3.4 or later: earlier ones do not know every option that is rendered'),
    memoryLimitMiB: whole(128, 8192).default(400).describe('memory limit of the pod; chunks in memory are counted by it'),
    cpuRequestMillis: whole(10, 4000).default(100).describe('CPU request in thousandths of a core'),
    diskLimitMiB: whole(256, 102_400).default(2048).describe('disk for what cannot be sent, all outputs together; then the oldest goes'),
    kubernetesMetadata: z
      .enum(['fileName', 'kubelet'])
      .default('fileName')
      .describe('fileName: pod, namespace, container by the file’s name, no API call, no rights; kubelet: labels and pod ids as well'),
    httpPort: whole(1024, 65_535).default(2020).describe('port of its health and metrics, on the loopback address of the node'),
    flushSeconds: whole(1, 60).default(5).describe('how often records are sent'),
    graceSeconds: whole(5, 300).default(45).describe('how long it may go on sending when its pod ends'),
    logLevel: z.enum(['error', 'warn', 'info']).default('warn').describe('error hides retries'),
    selfMetrics: z.boolean().default(true).describe('its own counts (retries, dropped records, chunks) as metrics in CloudWatch'),
    updateAtOncePercent: whole(1, 100).default(10).describe('share of the nodes that get a new version at a time'),
  })
  .prefault({})
  .describe('the Fluent Bit of this app, with logs: own');

const inputsSchema = z
  .strictObject({
    application: z.boolean().default(true).describe('lines of containers'),
    dataplane: z.boolean().default(true).describe('kubelet, containerd, aws-node, kube-proxy'),
    host: z.boolean().default(true).describe('the journal of the node: kernel, system, logins'),
    instanceMetadata: z.boolean().default(true).describe('instance id and zone in dataplane and host records, by IMDSv2'),
  })
  .prefault({})
  .describe('what is read on a node');

/** A log file that is not a container's. */
const fileSchema = z
  .strictObject({
    name: itemName,
    paths: z.array(nodePath).min(1).max(20).describe('files on the node; * stands for any text'),
    exclude: z.array(nodePath).max(20).default([]),
    start: regexText.optional().describe('how a record begins; lines that do not match belong to the record before'),
    logGroup: logGroupName.optional().describe('default: the host group of the cluster'),
    retentionDays: retentionDays.optional().describe('with logGroup; default 30'),
  })
  .describe('a log file of the node');

const eventsSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('events of the cluster into /aws/containerinsights/<cluster>/events'),
    memoryLimitMiB: whole(96, 2048).default(128),
    intervalSeconds: whole(1, 3600).default(1).describe('how often new events are read; of a burst a few dozen each time'),
  })
  .prefault({})
  .describe('Kubernetes events, by one small pod');

const volumesSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('use of persistent volumes as metrics'),
    thresholdPercent: whole(1, 99).default(70).describe('what counts as full'),
    intervalSeconds: whole(30, 3600).default(60),
    image: imageName.default('public.ecr.aws/docker/library/node:24-alpine').describe('Node 24, which runs the collector'),
  })
  .prefault({})
  .describe('how full persistent volumes are: no agent of AWS reports it');

const addonsSchema = z
  .strictObject({
    observability: addonVersion.optional().describe('version of amazon-cloudwatch-observability; default: by the cluster’s version'),
    metricsServer: addonVersion.optional().describe('version of metrics-server; default: by the cluster’s version'),
    podIdentityAgent: addonVersion.optional().describe('version of eks-pod-identity-agent; default: by the cluster’s version'),
  })
  .prefault({})
  .describe('versions of add-ons');

const containerInsightsSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('metrics of nodes, pods and containers'),
    enhanced: z.boolean().default(true).describe('per pod and container, and of the control plane; paid per observation'),
    intervalSeconds: whole(10, 300).default(60).describe('120 halves the bill; alarms then need periods of 300'),
    acceleratedCompute: z.boolean().default(false).describe('metrics of GPUs, Neuron and EFA'),
    prometheusControlPlane: z.boolean().default(false).describe('all Prometheus metrics of the API server into the performance group'),
    hostMetrics: z.boolean().default(false).describe('disk, swap and network of nodes by the agent, namespace CWAgent'),
  })
  .prefault({})
  .describe('the CloudWatch agent');

/** What is collected on a cluster, and how. Most of it is the same for every cluster of the file. */
export const collectionSchema = z
  .strictObject({
    metrics: z.enum(['classic', 'otel']).default('classic').describe('which metrics the agents collect'),
    logs: z.enum(['own', 'addon']).default('own').describe('own Fluent Bit, or the one of the CloudWatch add-on'),
    install: z
      .enum(['deploy', 'render'])
      .default('deploy')
      .describe('deploy: the stacks install it in the cluster; render: you do, from `eks-telemetry render`'),
    namespace: namespaceName.default('amazon-cloudwatch').describe('namespace of everything that is installed'),
    fluentBit: fluentBitSchema,
    inputs: inputsSchema,
    excludeNamespaces: z.array(namespaceName).max(100).default([]).describe('namespaces whose containers are not read, besides our own'),
    tolerations: z
      .array(tolerationSchema)
      .max(50)
      .default([{ operator: 'Exists' }])
      .describe('taints that the agents tolerate; default: all'),
    nodeSelector: z.record(z.string().min(1).max(317), z.string().max(63)).default({}).describe('labels of nodes that are collected'),
    files: z.array(fileSchema).max(50).default([]).describe('log files of nodes that are not a container’s'),
    events: eventsSchema,
    volumes: volumesSchema,
    containerInsights: containerInsightsSchema,
    metricsServer: z.boolean().default(false).describe('install the add-on metrics-server (kubectl top, autoscaling)'),
    fargate: z.boolean().default(false).describe('the ConfigMap that EKS on Fargate reads; needs an own role per profile'),
    addons: addonsSchema,
  })
  .prefault({});

/** Formats that Fluent Bit itself reads. */
const parseOnNodeSchema = z.strictObject({
  format: z.enum(['json', 'logfmt', 'regex']),
  regex: regexText.optional().describe('with format: regex; named groups become fields'),
  timeKey: someText.optional().describe('field that holds the event’s time; the record’s own time then moves to it'),
  timeFormat: someText.optional().describe('strptime, such as %Y-%m-%dT%H:%M:%S.%L%z'),
  types: z
    .record(z.string().min(1).max(128), z.enum(['string', 'integer', 'float', 'bool', 'hex']))
    .default({})
    .describe('types of named groups'),
});

const cloudWatchSinkSchema = z.strictObject({
  logGroup: logGroupName.describe('made with its retention where it is missing'),
  retentionDays: retentionDays.default(30),
  roleArn: roleArn.optional().describe('role to assume, for a group in another account'),
});

const openSearchSinkSchema = z.strictObject({
  host: hostName,
  port: whole(1, 65_535).default(443),
  indexPrefix: indexPart.max(64).describe('<indexPrefix>-<cluster>-<date of the event>'),
  signed: z.boolean().default(true).describe('requests signed with the role of the pod; false for a host that lets the node in'),
  roleArn: roleArn.optional(),
});

const kafkaSinkSchema = z.strictObject({
  brokers: z
    .array(textLike(/^[A-Za-z0-9.-]{1,253}:\d{1,5}$/, 'a broker is host:port', 'host:port'))
    .min(1)
    .max(50),
  topic: textLike(/^[A-Za-z0-9._-]{1,249}$/, 'not a name of a topic', '1 to 249 characters of A-Z a-z 0-9 . _ -'),
  mskIam: z.boolean().default(false).describe('sign in at Amazon MSK with the role of the pod'),
  clusterArn: textLike(
    /^arn:aws[a-z-]*:kafka:[a-z0-9-]+:\d{12}:cluster\/[\w/-]{1,200}$/,
    'not the ARN of an MSK cluster',
    'arn:aws:kafka:…',
  )
    .optional()
    .describe('with mskIam'),
  tls: z.boolean().default(true),
});

/** Where the records of an application go from the node; each that is named gets every record. */
const sinksSchema = z
  .strictObject({
    application: z.boolean().default(true).describe('the application group of the cluster, and from there the index'),
    cloudWatch: cloudWatchSinkSchema.optional().describe('a log group of its own'),
    firehose: z.strictObject({ deliveryStream: streamName.max(64), roleArn: roleArn.optional() }).optional(),
    kinesis: z.strictObject({ stream: streamName, roleArn: roleArn.optional() }).optional(),
    openSearch: openSearchSinkSchema.optional().describe('OpenSearch without our functions: no parser, no redaction, no counts'),
    s3: z
      .strictObject({ bucket: bucketName, prefix: itemName.optional(), roleArn: roleArn.optional() })
      .optional()
      .describe('gzip files of JSON lines'),
    kafka: kafkaSinkSchema.optional(),
  })
  .prefault({});

const excludeSchema = z.strictObject({
  field: z.enum(['log', 'stream']).default('log'),
  regex: regexText,
});

const sampleSchema = z.strictObject({
  keepPercent: z.number().gt(0).lt(100).describe('share of lines that stays; chosen by their time, so every sink has the same'),
  except: z.array(z.string().min(1).max(200)).max(20).default(['ERROR', 'FATAL', 'Exception']).describe('lines with one of these stay'),
});

/** How the node reads an application's containers, before any function sees them. */
export const collectSchema = z.strictObject({
  tag: itemName.optional().describe('stands in the tag and in the log stream’s name; default: the application’s name'),
  multiline: z.enum(['java', 'python', 'go']).optional().describe('lines of a stack trace are one record before they leave the node'),
  start: regexText
    .optional()
    .describe('how a record begins, where multiline does not fit: lines that do not match belong to the one before'),
  parseOnNode: parseOnNodeSchema.optional().describe('fields for sinks past our functions'),
  exclude: z.array(excludeSchema).max(50).default([]).describe('lines that do not leave the node'),
  sample: sampleSchema.optional(),
  throttle: z
    .strictObject({
      // The filter takes its own defaults, 1,000 and 5, for a 1.
      linesPerSecond: whole(2, 1_000_000).describe('per node; what is above is dropped and counted'),
      windowSeconds: whole(2, 3600).default(60).describe('over which the rate is averaged: a burst within it passes'),
    })
    .optional(),
  sinks: sinksSchema,
});
