import { createHash } from 'node:crypto';
import { type JsonObject, textAt } from './json.ts';

/** What a resource's name and ARN are made of. */
export interface ResourceIdentity {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: JsonObject;
}

/** Property that holds a resource's own name, for the types whose `Ref` is that name. */
const NAME_PROPERTIES: { readonly [type: string]: string } = {
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::KinesisFirehose::DeliveryStream': 'DeliveryStreamName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::OpenSearchService::Domain': 'DomainName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SSM::Parameter': 'Name',
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
};

/** 8 hex digits that are the same in every run: names without a name property must not change between runs. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** A resource's own name: its name property, or the one that CloudFormation would make up, the same in every run. */
export function resourceName(resource: ResourceIdentity): string {
  const property = NAME_PROPERTIES[resource.type];
  const given = property === undefined ? undefined : textAt(resource.properties, property);
  if (given !== undefined) return given;
  const generated = `${resource.stack}-${resource.logicalId}`;
  const suffix = shortHash(`${resource.stack}/${resource.logicalId}`);
  switch (resource.type) {
    case 'AWS::S3::Bucket':
      return `${generated
        .toLowerCase()
        .slice(0, 54)
        .replace(/[^a-z0-9-]/g, '-')}-${suffix}`;
    case 'AWS::OpenSearchService::Domain':
      return `${generated.toLowerCase().slice(0, 19)}-${suffix}`;
    case 'AWS::KMS::Key':
    case 'AWS::Lambda::EventSourceMapping':
      return uuidOf(`${resource.stack}/${resource.logicalId}`);
    default:
      return `${generated.slice(0, 55)}-${suffix}`;
  }
}

/** A UUID that is a function of its text, for the ids that AWS draws by chance. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** ARN of a resource, for the types whose ARN the templates of this project ask for; undefined for another type. */
export function resourceArn(resource: ResourceIdentity): string | undefined {
  const name = resourceName(resource);
  const at = (service: string, rest: string) => `arn:aws:${service}:${resource.region}:${resource.account}:${rest}`;
  switch (resource.type) {
    case 'AWS::CloudWatch::Alarm':
      return at('cloudwatch', `alarm:${name}`);
    case 'AWS::DynamoDB::Table':
      return at('dynamodb', `table/${name}`);
    case 'AWS::Events::Rule':
      return at('events', `rule/${name}`);
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${resource.account}:role/${name}`;
    case 'AWS::Kinesis::Stream':
      return at('kinesis', `stream/${name}`);
    case 'AWS::KinesisFirehose::DeliveryStream':
      return at('firehose', `deliverystream/${name}`);
    case 'AWS::KMS::Key':
      return at('kms', `key/${name}`);
    case 'AWS::Lambda::Function':
      return at('lambda', `function:${name}`);
    case 'AWS::Lambda::EventSourceMapping':
      return at('lambda', `event-source-mapping:${name}`);
    case 'AWS::Logs::LogGroup':
      return at('logs', `log-group:${name}:*`);
    case 'AWS::OpenSearchService::Domain':
      return at('es', `domain/${name}`);
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name}`;
    case 'AWS::SecretsManager::Secret':
      return at('secretsmanager', `secret:${name}`);
    case 'AWS::SNS::Topic':
      return at('sns', name);
    case 'AWS::SQS::Queue':
      return at('sqs', name);
    case 'AWS::StepFunctions::StateMachine':
      return at('states', `stateMachine:${name}`);
    default:
      return undefined;
  }
}

/** What `Ref` gives: the ARN for topics and state machines, the URL for queues, else the name. */
export function resourceRef(resource: ResourceIdentity): string {
  if (resource.type === 'AWS::SQS::Queue')
    return `https://sqs.${resource.region}.amazonaws.com/${resource.account}/${resourceName(resource)}`;
  const refIsArn = [
    'AWS::SNS::Topic',
    'AWS::StepFunctions::StateMachine',
    'AWS::IAM::ManagedPolicy',
    'AWS::SecretsManager::Secret',
  ].includes(resource.type);
  return (refIsArn ? resourceArn(resource) : undefined) ?? resourceName(resource);
}

/** What `Fn::GetAtt` gives, for the attributes that this project's templates use; undefined for another one. */
export function resourceAttribute(resource: ResourceIdentity, attribute: string): string | undefined {
  const name = resourceName(resource);
  switch (`${resource.type}.${attribute}`) {
    case 'AWS::OpenSearchService::Domain.DomainEndpoint':
      return domainHost(resource);
    case 'AWS::OpenSearchService::Domain.DomainArn':
      return resourceArn(resource);
    case 'AWS::S3::Bucket.DomainName':
      return `${name}.s3.amazonaws.com`;
    case 'AWS::S3::Bucket.RegionalDomainName':
      return `${name}.s3.${resource.region}.amazonaws.com`;
    case 'AWS::KMS::Key.KeyId':
    case 'AWS::Lambda::EventSourceMapping.Id':
    case 'AWS::SQS::Queue.QueueName':
    case 'AWS::SNS::Topic.TopicName':
    case 'AWS::StepFunctions::StateMachine.Name':
      return name;
    case 'AWS::IAM::Role.RoleId':
      return `AROA${shortHash(name).toUpperCase()}`;
    case 'AWS::SSM::Parameter.Value':
      return textAt(resource.properties, 'Value');
  }
  return attribute.endsWith('Arn') ? resourceArn(resource) : undefined;
}

/** Host name that a domain would have; the local run puts the address of the engine in its place. */
export function domainHost(resource: ResourceIdentity): string {
  return `search-${resourceName(resource)}-${shortHash(resource.logicalId)}.${resource.region}.es.amazonaws.com`;
}
