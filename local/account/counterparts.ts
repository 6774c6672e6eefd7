/** How a resource type is treated on this machine. */
export interface Counterpart {
  readonly isWired: boolean;
  /** What runs in its place, or why nothing does. */
  readonly note: string;
}

const wired = (note: string): Counterpart => ({ isWired: true, note });
const absent = (note: string): Counterpart => ({ isWired: false, note });

const NO_CLUSTER = 'there is no cluster here: the samples are what its collectors would send';
const PERMISSIONS = "permissions of roles and buckets are not enforced here; only CloudWatch Logs' permission to invoke a function is";

const TYPES: { readonly [type: string]: Counterpart } = {
  'AWS::CloudWatch::Alarm': wired(
    "evaluated on the run's clock over metric filters, embedded metrics and AWS/Logs' counts; other metrics have no source",
  ),
  'AWS::CloudWatch::AlarmMuteRule': wired('keeps the actions of alarms back'),
  'AWS::CloudWatch::CompositeAlarm': wired('rule and suppressor'),
  'AWS::CloudWatch::LogAlarm': wired("its query runs on the events of the run's log groups"),
  'AWS::Logs::MetricFilter': wired('pattern, value, default value and dimensions'),
  'AWS::Events::Rule': wired("a steady rate, on the run's clock; other rules are named in the report"),
  'AWS::KinesisFirehose::DeliveryStream': wired(
    'buffers by size and age (what they hold at the end is handed on at once), function with its retries, partitions, prefixes, bulk requests with index rotation, backup and errors; its encryption is not applied, and Parquet stays JSON lines',
  ),
  'AWS::SecretsManager::Secret': wired('a value of its own in this run'),
  'AWS::Logs::LogStream': wired('is made by the first event'),
  'AWS::Kinesis::Stream': wired("shards, sequence numbers and retention on the run's clock; its encryption is not applied"),
  'AWS::Lambda::EventInvokeConfig': wired('retries, age and on-failure bucket of the asynchronous queue'),
  'AWS::Lambda::EventSourceMapping': wired(
    'of a stream: batch size, window, parallelization, bisect, retries, age, partial response, on-failure bucket; of a queue: batch size, window, concurrency, partial response',
  ),
  'AWS::Lambda::Function': wired("its bundle in a process of its own; time-out by the machine's clock, memory as V8's heap limit"),
  'AWS::Lambda::Permission': wired('asked before CloudWatch Logs invokes a function'),
  'AWS::Lambda::Url': wired('its function answers on 127.0.0.1; the page signs what Slack would'),
  'AWS::Logs::AccountPolicy': wired('account-level subscription'),
  'AWS::Logs::LogGroup': wired('events get ids and the limits of PutLogEvents; nothing is deleted by retention within a run'),
  'AWS::Logs::QueryDefinition': wired("run on the events of the run's log groups"),
  'AWS::Logs::SubscriptionFilter': wired('pattern, distribution and gzip payloads'),
  'AWS::OpenSearchService::Domain': wired(
    'the real engine in its open source form; nodes, zones, TLS, encryption and access policy are not applied',
  ),
  'AWS::S3::Bucket': wired(
    'a folder behind an S3 endpoint, with its notifications to queues; encryption, life cycle and versions are not applied',
  ),
  'AWS::SNS::Subscription': wired('those of queues get the envelope; e-mail and others are only counted'),
  'AWS::SNS::Topic': wired('messages of alarms go to its queues; its encryption is not applied'),
  'AWS::SNS::TopicPolicy': absent(PERMISSIONS),
  'AWS::SQS::Queue': wired("visibility, retention, receives and dead-letter queue on the run's clock; its encryption is not applied"),
  'AWS::SQS::QueuePolicy': absent(PERMISSIONS),
  'AWS::SSM::Parameter': wired('its value, where a template asks for it'),
  'AWS::CDK::Metadata': wired('version data of CDK itself'),
  'AWS::CloudFormation::WaitConditionHandle': wired('has nothing to wait for'),
  'AWS::DynamoDB::Table': wired('conditions, expressions and indexes by dynalite, in memory; nothing is forgotten within a run'),
  'AWS::EKS::AccessEntry': absent(NO_CLUSTER),
  'AWS::EKS::Addon': absent(NO_CLUSTER),
  'AWS::EKS::PodIdentityAssociation': absent(NO_CLUSTER),
  'AWS::IAM::ManagedPolicy': absent(PERMISSIONS),
  'AWS::IAM::Policy': absent(PERMISSIONS),
  'AWS::IAM::Role': absent(PERMISSIONS),
  'AWS::IAM::ServiceLinkedRole': absent(PERMISSIONS),
  'AWS::KMS::Alias': absent('nothing is encrypted on this machine'),
  'AWS::KMS::Key': absent('nothing is encrypted on this machine'),
  'AWS::Lambda::LayerVersion': absent(NO_CLUSTER),
  'AWS::Logs::ResourcePolicy': absent(PERMISSIONS),
  'AWS::ObservabilityAdmin::TelemetryRule': absent('turns logging on inside AWS; the run sends the samples in any case'),
  'AWS::OpenSearchServerless::SecurityPolicy': absent(PERMISSIONS),
  'AWS::S3::BucketPolicy': absent(PERMISSIONS),
  'AWS::StepFunctions::StateMachine': absent("CDK's waiter for custom resources; the run asks `isComplete` itself"),
};

/** What stands for a resource type here. Custom resources are run by their functions; a type that is not known is said to be so. */
export function counterpartOf(type: string): Counterpart {
  if (type === 'Custom::AWSCDK-EKS-KubernetesResource') return absent(NO_CLUSTER);
  if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') return wired('its function is invoked');
  return TYPES[type] ?? absent('this version of the local run does not know the type');
}
