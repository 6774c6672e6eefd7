import { deadLetterBucketName } from '../config/names.ts';
import type { Config } from '../config/resolve.ts';
import { archiveTables } from './archive-tables.ts';
import { CLOUDFRONT_COLUMNS } from './cloudfront-columns.ts';
import { DEAD_LETTER_COLUMNS, WAF_COLUMNS } from './json-columns.ts';
import type { LineRegex } from './line-regex.ts';
import { ALB_CONNECTION_LINE, ALB_HEALTH_CHECK_LINE, ALB_LINE, NLB_LINE } from './load-balancer-lines.ts';
import { days, HOURS } from './partitions.ts';
import type { PartitionKey, Table } from './types.ts';

type Log = Config['loadBalancers']['logs'][number];

/** Tables of a config, and names of those that it cannot have, with the reason. */
export interface TablePlan {
  readonly tables: readonly Table[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/** Every table that may be there; a query that asks another one is wrong. */
export const TABLE_NAMES = [
  'audit',
  'api',
  'authenticator',
  'controller_manager',
  'scheduler',
  'application',
  'dataplane',
  'host',
  'events',
  'alb',
  'alb_connections',
  'alb_health_checks',
  'nlb',
  'cloudfront',
  'waf',
  'dead_letters',
] as const;
export type TableName = (typeof TABLE_NAMES)[number];

/** Tables of each kind of access log. */
const KIND_TABLES: { readonly [kind in Log['kind']]: readonly TableName[] } = {
  alb: ['alb', 'alb_connections', 'alb_health_checks'],
  nlb: ['nlb'],
  cloudfront: ['cloudfront'],
  waf: ['waf'],
};

const LINES: { readonly [table: string]: { readonly line: LineRegex; readonly what: string } } = {
  alb: { line: ALB_LINE, what: 'Requests to Application Load Balancers, one a row' },
  alb_connections: { line: ALB_CONNECTION_LINE, what: 'Connections to Application Load Balancers, failed TLS handshakes too' },
  alb_health_checks: { line: ALB_HEALTH_CHECK_LINE, what: 'Health checks of targets' },
  nlb: { line: NLB_LINE, what: 'TLS connections to Network Load Balancers' },
};

/** Decides for every table whether a config has it. */
export function planTables(config: Config): TablePlan {
  const archive = archiveTables(config);
  const tables: Table[] = [...archive.tables];
  const leftOut = [...archive.leftOut];
  for (const kind of ['alb', 'nlb', 'cloudfront', 'waf'] as const) {
    const logs = config.loadBalancers.logs.filter((log) => log.kind === kind);
    const lines = logs.filter(({ delivery }) => delivery === 's3');
    const [first] = lines;
    if (first === undefined) {
      const reason =
        logs.length === 0 ? `no log of kind ${kind} in loadBalancers.logs` : `${kind}: delivery vended has files of another shape`;
      leftOut.push(...KIND_TABLES[kind].map((name) => ({ name, reason })));
      continue;
    }
    // Files of one bucket: a table has one place. Further buckets would be tables of their own.
    const together = lines.filter(({ bucket }) => bucket === first.bucket);
    for (const name of KIND_TABLES[kind]) tables.push(accessLogTable(name as 'alb', kind, together, config));
  }
  tables.push(deadLetterTable(config));
  return { tables: tables.sort((a, b) => TABLE_NAMES.indexOf(a.name as TableName) - TABLE_NAMES.indexOf(b.name as TableName)), leftOut };
}

function accessLogTable(name: TableName, kind: Log['kind'], logs: readonly Log[], config: Config): Table {
  const { bucket, prefix } = logs[0] as Log;
  const isOne = logs.length === 1 || logs.some((log) => log.prefix === '');
  const root = `s3://${bucket}/`;
  if (kind === 'cloudfront') {
    return {
      name,
      description: 'Requests to CloudFront. Its files lie in no folders of a day: every query reads all of them.',
      location: withoutSlash(isOne ? root + prefix : root),
      template: undefined,
      partitions: [],
      columns: CLOUDFRONT_COLUMNS,
      format: { kind: 'tabs', headerLines: 2 },
    };
  }
  const { accounts, regions, firstDay, webAcls } = config.athena;
  const source: PartitionKey[] = isOne
    ? []
    : [{ name: 'source', comment: 'prefix of the log', projection: { type: 'enum', values: logs.map((log) => withoutSlash(log.prefix)) } }];
  const keys: PartitionKey[] = [
    ...source,
    {
      name: 'account',
      comment: 'account of the resource',
      projection: { type: 'enum', values: accounts.length > 0 ? accounts : [config.account] },
    },
  ];
  const region: PartitionKey = {
    name: 'region',
    comment: 'Region of the resource',
    projection: { type: 'enum', values: regions.length > 0 ? regions : [config.region] },
  };
  const day = days('day', 'yyyy/MM/dd', firstDay, 'when the file was delivered, YYYY/MM/DD; its first lines may be of the day before');
  const start = `${root}${isOne ? prefix : `\${source}/`}AWSLogs/\${account}/`;
  const location = withoutSlash(isOne ? root + prefix : root);
  if (kind === 'waf') {
    const folders = { name, location, columns: WAF_COLUMNS, format: { kind: 'json' } as const };
    // Behind the Region stands the web ACL: without its name no folder of a day can be computed.
    if (webAcls.length === 0)
      return {
        ...folders,
        description: 'Requests that WAF judged. Without athena.webAcls every query reads all files.',
        template: undefined,
        partitions: [],
      };
    const acl: PartitionKey = { name: 'webacl', comment: 'name of the web ACL', projection: { type: 'enum', values: webAcls } };
    // A web ACL of CloudFront has this word where others have a Region.
    const places = {
      ...region,
      projection: { type: 'enum' as const, values: [...(region.projection as { values: readonly string[] }).values, 'cloudfront'] },
    };
    return {
      ...folders,
      description: 'Requests that WAF judged',
      template: `${start}WAFLogs/\${region}/\${webacl}/\${day}`,
      partitions: [...keys, places, acl, day],
    };
  }
  const { line, what } = LINES[name] as (typeof LINES)[string];
  return {
    name,
    description: what,
    location,
    template: `${start}elasticloadbalancing/\${region}/\${day}`,
    partitions: [...keys, region, day],
    columns: line.columns,
    format: { kind: 'regex', regex: line.regex },
  };
}

function deadLetterTable(config: Config): Table {
  const location = `s3://${deadLetterBucketName(config)}/dead-letters`;
  const sources = [...config.sources.map(({ name }) => name), ...config.loadBalancers.logs.map(({ name }) => name)];
  return {
    name: 'dead_letters',
    description:
      'Events that could not be indexed, as they came. Those that were sent again by dead-letters replay lie under another prefix.',
    location,
    template: `${location}/source=\${source}/dt=\${dt}/hr=\${hr}`,
    partitions: [
      { name: 'source', comment: 'name of the source in the config', projection: { type: 'enum', values: [...new Set(sources)] } },
      days('dt', 'yyyy-MM-dd', config.athena.firstDay, "day of the payload's first event, UTC"),
      HOURS,
    ],
    columns: DEAD_LETTER_COLUMNS,
    format: { kind: 'json' },
  };
}

function withoutSlash(text: string): string {
  return text.replace(/\/$/, '');
}
