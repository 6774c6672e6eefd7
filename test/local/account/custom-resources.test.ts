import { counterpartOf } from '../../../local/account/counterparts.ts';
import { EksApi } from '../../../local/aws/eks-api.ts';
import { LogsApi } from '../../../local/aws/logs-api.ts';

describe('the EKS API of this machine', () => {
  const api = (): EksApi => new EksApi(['prod'], () => 1_795_249_937_000);
  const body = (types: string[], enabled = true): string => JSON.stringify({ logging: { clusterLogging: [{ types, enabled }] } });

  test('turns log types on, leaves the others as they are, and lists the update', () => {
    const eks = api();

    expect(eks.answer('POST', '/clusters/prod/update-config', body(['audit']))?.status).toBe(200);

    expect(eks.answer('GET', '/clusters/prod', '')?.body).toMatchObject({
      cluster: { status: 'ACTIVE', logging: { clusterLogging: [{ types: ['audit'], enabled: true }, { enabled: false }] } },
    });
    expect(eks.answer('GET', '/clusters/prod/updates', '')?.body).toEqual({ updateIds: ['local-update-1'] });
    expect(eks.answer('GET', '/clusters/prod/updates/local-update-1', '')?.body).toMatchObject({ update: { status: 'Successful' } });
  });

  test('answers like EKS where nothing has to change, and where there is no such cluster', () => {
    const eks = api();
    eks.answer('POST', '/clusters/prod/update-config', body(['audit']));

    expect(eks.answer('POST', '/clusters/prod/update-config', body(['audit']))).toMatchObject({
      status: 400,
      body: { __type: 'InvalidParameterException', message: expect.stringMatching(/no changes needed/i) },
    });
    expect(eks.answer('GET', '/clusters/other', '')).toMatchObject({ status: 404, body: { __type: 'ResourceNotFoundException' } });
  });
});

describe('the CloudWatch Logs API of this machine', () => {
  test('makes, describes and changes groups, by name or ARN', () => {
    const logs = new LogsApi('111122223333', 'us-east-1');

    logs.answer('CreateLogGroup', '{"logGroupName":"/app"}');
    logs.answer('PutRetentionPolicy', '{"logGroupName":"/app","retentionInDays":30}');
    logs.answer('TagResource', `{"resourceArn":"${logs.arnOf('/app')}","tags":{"team":"a"}}`);

    expect(logs.answer('DescribeLogGroups', '{"logGroupNamePrefix":"/a"}')?.body).toMatchObject({
      logGroups: [{ logGroupName: '/app', retentionInDays: 30, logGroupClass: 'STANDARD', deletionProtectionEnabled: false }],
    });
    expect(logs.answer('ListTagsForResource', `{"resourceArn":"${logs.arnOf('/app')}"}`)?.body).toEqual({ tags: { team: 'a' } });
    expect(logs.answer('CreateLogGroup', '{"logGroupName":"/app"}')).toMatchObject({ body: { __type: 'ResourceAlreadyExistsException' } });
    expect(logs.answer('PutRetentionPolicy', '{"logGroupName":"/none"}')).toMatchObject({ body: { __type: 'ResourceNotFoundException' } });
  });

  test('what it does not know it does not answer', () => {
    const logs = new LogsApi('111122223333', 'us-east-1');
    logs.group('/app');

    expect(logs.answer('PutMetricFilter', '{"logGroupName":"/app"}')).toBeUndefined();
  });
});

test('a resource type that is not known is told, never skipped silently', () => {
  expect(counterpartOf('AWS::New::Thing')).toEqual({ isWired: false, note: 'this version of the local run does not know the type' });
  expect(counterpartOf('Custom::Anything').isWired).toBe(true);
});
