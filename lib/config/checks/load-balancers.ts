import { isAbsolute } from 'node:path';
import { MAX_BUCKET_NAME } from '../bucket-names.ts';
import { ACCESS_LOG_FAMILIES } from '../families.ts';
import { type AccessLogConfig, WAF_BUCKET_START } from '../load-balancers.ts';
import { RETENTION_DAYS } from '../schema-names.ts';
import { type Check, type CheckContext, type CheckReport, reportDuplicates } from './context.ts';

/** What Lambda's package may hold unpacked, in MB, with room for the function. */
const MAX_DATABASE_MB = 200;
/** Series of metrics by load balancer: classes of status times target groups; more is worth a word. */
const USD_PER_SERIES = 0.3;

/** Access logs of load balancers, CloudFront and WAF. */
export const checkLoadBalancers: Check = (context, report) => {
  const { config } = context;
  const { logs, geoIpDatabase, geoIpFile } = config.loadBalancers;
  const at = (index: number, field: string) => ['loadBalancers', 'logs', index, field];
  reportDuplicates(logs, { key: ({ name }) => name, path: (index) => at(index, 'name'), what: 'two access logs have this name' }, report);
  for (const [index, log] of logs.entries()) {
    if (config.sources.some(({ name }) => name === log.name)) {
      const what = 'a source has this name too: counts and dead letters of both would be one';
      report.problem({ path: at(index, 'name'), what, value: log.name });
    }
    if (!context.isIncomplete(['clusters']) && !config.clusters.some(({ name }) => name === log.cluster)) {
      const limit = config.clusters.map(({ name }) => name).join(' ');
      report.problem({ path: at(index, 'cluster'), what: 'no cluster has this name', limit, value: log.cluster });
    }
    checkPlace(context, log, index, report);
    checkDelivery(context, log, index, report);
    checkDestinations(context, log, index, report);
  }
  const longest = [...logs.map((log) => log.bucket)].sort((a, b) => b.length - a.length)[0] ?? '';
  if (longest.length > MAX_BUCKET_NAME) {
    const what = 'the bucket’s name would be too long; give loadBalancers.bucket.name, or a shorter prefix';
    report.problem({ path: ['loadBalancers', 'bucket', 'name'], what, limit: `${MAX_BUCKET_NAME} characters`, value: longest });
  }
  if (geoIpDatabase !== undefined && geoIpFile === undefined && logs.length > 0) {
    const what = isAbsolute(geoIpDatabase) ? 'no such file' : 'no such file beside this one';
    report.problem({
      path: ['loadBalancers', 'geoIpDatabase'],
      what,
      limit: `a .mmdb file of at most ${MAX_DATABASE_MB} MB`,
      value: geoIpDatabase,
    });
  }
};

/** Two logs must not claim one file, and some services choose the bucket's name. */
function checkPlace({ config }: CheckContext, log: AccessLogConfig, index: number, report: CheckReport): void {
  const path = ['loadBalancers', 'logs', index, 'prefix'];
  const { logs } = config.loadBalancers;
  const other = logs.find((candidate, position) => position < index && candidate.bucket === log.bucket && candidate.prefix === log.prefix);
  if (other !== undefined) {
    const what = `${other.name} reads the same files; give one of them another prefix`;
    report.problem({ path, what, value: log.prefix });
  }
  if (log.prefix.includes('AWSLogs') && log.kind !== 'waf') {
    const what = 'Elastic Load Balancing refuses a prefix with AWSLogs in it, which it puts behind the prefix';
    report.problem({ path, what, value: log.prefix });
  }
  if (log.kind === 'waf' && !log.bucket.startsWith(WAF_BUCKET_START)) {
    const what =
      'WAF writes only into buckets whose names start with this; leave loadBalancers.bucket.name out, and WAF gets a bucket of its own';
    report.problem({ path: ['loadBalancers', 'logs', index, 'kind'], what, limit: `${WAF_BUCKET_START}…`, value: log.bucket });
  }
}

function checkDelivery(context: CheckContext, log: AccessLogConfig, index: number, report: CheckReport): void {
  const at = (field: string) => ['loadBalancers', 'logs', index, field];
  const { config } = context;
  if (log.delivery === 's3') {
    for (const field of ['resourceArns', 'logTypes'] as const) {
      if (!context.isGiven(at(field))) continue;
      const what =
        'delivery s3 is turned on at the load balancer (access_logs.s3.*), so nothing reads this; set delivery: vended, or remove it';
      report.warning({ path: at(field), atKey: true, what });
    }
    return;
  }
  if (log.kind === 'waf') {
    report.problem({ path: at('delivery'), what: 'WAF writes its files itself; use delivery: s3', limit: 's3', value: log.delivery });
    return;
  }
  if (log.resourceArns.length === 0) {
    report.problem({ path: at('delivery'), what: 'delivery vended is made for each load balancer: add resourceArns', value: log.delivery });
  }
  const service = log.kind === 'cloudfront' ? ':cloudfront:' : log.kind === 'nlb' ? ':loadbalancer/net/' : ':loadbalancer/app/';
  for (const [position, arn] of log.resourceArns.entries()) {
    if (!arn.includes(service)) {
      report.problem({
        path: [...at('resourceArns'), position],
        what: `this is no resource of kind ${log.kind}`,
        limit: `…${service}…`,
        value: arn,
      });
    } else if (log.kind !== 'cloudfront' && !arn.includes(`:${config.region}:${config.account}:`)) {
      const what = 'a delivery is made in the account and Region of its load balancer';
      report.problem({ path: [...at('resourceArns'), position], what, limit: `${config.region} and ${config.account}`, value: arn });
    }
  }
  if (log.kind === 'cloudfront' && config.region !== 'us-east-1') {
    const what = 'deliveries of CloudFront are made in us-east-1; use a config of that Region';
    report.problem({ path: at('kind'), what, limit: 'us-east-1', value: log.kind });
  }
  if (log.kind !== 'alb' && log.logTypes.some((type) => type !== 'access')) {
    report.problem({
      path: at('logTypes'),
      what: `kind ${log.kind} has access logs only`,
      limit: 'access',
      value: log.logTypes.join(', '),
    });
  }
}

function checkDestinations(
  { config, isGiven, isIncomplete }: CheckContext,
  log: AccessLogConfig,
  index: number,
  report: CheckReport,
): void {
  const at = (field: string) => ['loadBalancers', 'logs', index, field];
  const names = config.families.map(({ name }) => name);
  const isDeclared = Object.hasOwn(config.search.families, log.family) || log.family === ACCESS_LOG_FAMILIES[log.kind];
  if (isGiven(at('family')) && !isDeclared && !isIncomplete(['search', 'families'])) {
    const what = 'no index family has this name; declare it in search.families';
    report.problem({ path: at('family'), what, limit: names.filter((name) => name !== log.family).join(' '), value: log.family });
  }
  if (!log.search && !log.metrics && log.logGroup === undefined) {
    report.warning({ path: at('name'), what: 'its files are read for nothing: no search, no metrics, no log group', value: log.name });
  }
  if (log.logGroup !== undefined && !(RETENTION_DAYS as readonly number[]).includes(log.logGroup.retentionDays)) {
    const what = 'CloudWatch Logs does not offer this retention; take the next higher one';
    report.problem({
      path: [...at('logGroup'), 'retentionDays'],
      what,
      limit: RETENTION_DAYS.join(' '),
      value: log.logGroup.retentionDays,
    });
  }
  if (log.logGroup?.format === 'alb' && log.kind !== 'alb') {
    report.problem({ path: [...at('logGroup'), 'format'], what: `kind ${log.kind} has no lines of an ALB`, limit: 'json', value: 'alb' });
  }
  if (log.geoIp && config.loadBalancers.geoIpDatabase === undefined) {
    const what = 'geoIp needs a database: add loadBalancers.geoIpDatabase (none comes with this app, its licence is yours)';
    report.problem({ path: at('geoIp'), what, value: true });
  }
  if ((log.geoIp || log.userAgents) && log.kind !== 'alb') {
    report.warning({
      path: at(log.geoIp ? 'geoIp' : 'userAgents'),
      what: 'only lines of an ALB get this',
      limit: 'kind: alb',
      value: true,
    });
  }
  if (log.metrics && log.kind !== 'alb') {
    report.warning({ path: at('metrics'), what: 'only lines of an ALB have target groups and durations', limit: 'kind: alb', value: true });
  } else if (log.metrics && log.resourceArns.length > 20) {
    report.warning({
      path: at('metrics'),
      what: `each target group and class of status is two metrics of ${USD_PER_SERIES} USD a month`,
      value: true,
    });
  }
}
