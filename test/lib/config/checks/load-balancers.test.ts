import { accessLogRules } from '../../../../lib/config/load-balancers.ts';
import { configWith, problemsWith, warningsWith } from '../texts.ts';

const ALB = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188';
const log = (more: object = {}) => ({ name: 'alb', cluster: 'prod', ...more });
const logs = (...list: object[]) => ({ loadBalancers: { logs: list } });

test.each<[string, object, string[]]>([
  ['an ALB', logs(log()), []],
  ['two logs of one name', logs(log(), log({ prefix: 'x' })), ['loadBalancers.logs[1].name: two access logs have this name']],
  ['the name of a source', logs(log({ name: 'app' })), ['loadBalancers.logs[0].name: a source has this name too']],
  ['a cluster that is not there', logs(log({ cluster: 'stage' })), ['loadBalancers.logs[0].cluster: no cluster has this name']],
  [
    'two logs with the same files',
    logs(log(), log({ name: 'b', prefix: 'alb' })),
    ['loadBalancers.logs[1].prefix: alb reads the same files'],
  ],
  ['a prefix with AWSLogs', logs(log({ prefix: 'x/AWSLogs' })), ['loadBalancers.logs[0].prefix: Elastic Load Balancing refuses']],
  ['a prefix with a slash at its end', logs(log({ prefix: 'x/' })), ['loadBalancers.logs[0].prefix: a prefix is folders parted by /']],
  ['WAF beside an ALB', logs(log(), log({ name: 'waf', kind: 'waf' })), []],
  [
    'WAF in a bucket of another name',
    { loadBalancers: { bucket: { name: 'mine' }, logs: [log({ kind: 'waf' })] } },
    ['loadBalancers.logs[0].kind: WAF writes only into buckets'],
  ],
  [
    'a vended log without load balancers',
    logs(log({ delivery: 'vended' })),
    ['loadBalancers.logs[0].delivery: delivery vended is made for each'],
  ],
  ['a vended log', logs(log({ delivery: 'vended', resourceArns: [ALB], logTypes: ['access', 'connection', 'healthCheck'] })), []],
  [
    'a load balancer of another Region',
    logs(log({ delivery: 'vended', resourceArns: [ALB.replace('us-east-1', 'eu-west-1')] })),
    ['loadBalancers.logs[0].resourceArns[0]: a delivery is made in the account and Region'],
  ],
  [
    'a load balancer of another kind',
    logs(log({ kind: 'nlb', delivery: 'vended', resourceArns: [ALB] })),
    ['loadBalancers.logs[0].resourceArns[0]: this is no resource of kind nlb'],
  ],
  ['vended WAF', logs(log({ kind: 'waf', delivery: 'vended' })), ['loadBalancers.logs[0].delivery: WAF writes its files itself']],
  ['a family that nobody declared', logs(log({ family: 'shop' })), ['loadBalancers.logs[0].family: no index family has this name']],
  ['places without a database', logs(log({ geoIp: true })), ['loadBalancers.logs[0].geoIp: geoIp needs a database']],
  [
    'a database that is not there',
    { loadBalancers: { geoIpDatabase: 'none.mmdb', logs: [log({ geoIp: true })] } },
    ['loadBalancers.geoIpDatabase: no such file beside this one'],
  ],
  [
    'a retention that CloudWatch does not have',
    logs(log({ logGroup: { name: '/x', retentionDays: 15 } })),
    ['loadBalancers.logs[0].logGroup.retentionDays: CloudWatch Logs does not offer'],
  ],
  [
    'lines of an ALB from CloudFront',
    logs(log({ kind: 'cloudfront', logGroup: { name: '/x', format: 'alb' } })),
    ['loadBalancers.logs[0].logGroup.format: kind cloudfront has no lines of an ALB'],
  ],
])('%s', (_name, members, expected) => {
  const problems = problemsWith(members as { [member: string]: unknown });

  expect(problems).toHaveLength(expected.length);
  for (const [index, start] of expected.entries()) expect(problems[index]).toMatch(start);
});

test('warns of files that are read for nothing, and of settings that nothing reads', () => {
  expect(warningsWith(logs(log({ search: false })))).toEqual([expect.stringContaining('its files are read for nothing')]);
  expect(warningsWith(logs(log({ resourceArns: [ALB] })))).toEqual([
    expect.stringContaining('delivery s3 is turned on at the load balancer'),
  ]);
  expect(warningsWith(logs(log({ kind: 'nlb', metrics: true, userAgents: true })))).toHaveLength(2);
});

test('tells the function what it needs to know', () => {
  const config = configWith({
    ...logs(
      log({ exclusions: [{ name: 'bots', when: [{ field: 'user_agent.original', startsWith: 'bot' }] }], metrics: true }),
      log({ name: 'waf', kind: 'waf' }),
    ),
    search: { mode: 'none' },
    sources: [{ name: 'app', cluster: 'prod', kind: 'application', route: 'none' }],
  });

  expect(JSON.parse(JSON.stringify(accessLogRules(config)))).toMatchObject({
    sources: [
      {
        name: 'alb',
        bucket: 'eks-telemetry-access-logs-111122223333-us-east-1',
        prefix: 'alb/',
        clusterIndexName: 'prod',
        families: { alb: 'eks-alb', 'alb-connection': 'eks-alb', 'alb-health-check': 'eks-alb' },
        exclusions: [{ name: 'bots', when: [{ field: 'user_agent.original', startsWith: 'bot' }] }],
        search: false,
        metrics: true,
      },
      { name: 'waf', bucket: 'aws-waf-logs-eks-telemetry-111122223333-us-east-1', prefix: '', families: { waf: 'eks-waf' } },
    ],
    families: { 'eks-alb': { period: 'day', retentionDays: 30 }, 'eks-waf': {} },
  });
});
