import { MAX_DATE_MS } from '../index/time-text.ts';

/** What a file holds, by its name. `alb` are access logs; names of formats (core/parse). */
export const FILE_FORMATS = ['alb', 'alb-connection', 'alb-health-check', 'nlb', 'cloudfront', 'waf'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** What the key of a log file says. */
export interface FileName {
  /** Behind the last slash: a copy under another prefix or in another bucket has the same. */
  readonly base: string;
  /** End of the interval that the file covers, or the hour that its name or folder tells, in ms; undefined where neither does. */
  readonly timeMs: number | undefined;
  /** Resource id of the load balancer, such as `app.shop.50dc6c49`; undefined where the name has none. */
  readonly loadBalancer: string | undefined;
}

/** `…_20261121T0830Z_…`: load balancers, WAF, and what CloudWatch delivers. */
const END_TIME = /_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z/;
/** CloudFront: `EXXXXXXXXXXXXX.2026-11-21-08.a1b2c3d4.gz`. */
const HOUR = /\.(\d{4})-(\d{2})-(\d{2})-(\d{2})\./;
/** Folders: `/2026/11/21/` with an hour and minutes behind it where there are any, or `/year=2026/month=11/day=21/hour=08/`. */
const FOLDER = /\/(?:year=)?(\d{4})\/(?:month=)?(\d{2})\/(?:day=)?(\d{2})(?:\/(?:hour=)?(\d{2})(?:\/(?:minute=)?(\d{2}))?)?\//;

/**
 * Reads a key. The time decides the index of all lines of the file: a function of the key, so that a file that is delivered twice finds its documents again,
 * and none of what a line says. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-file-format
 */
export function readFileName(key: string): FileName {
  const base = key.slice(key.lastIndexOf('/') + 1);
  const found = END_TIME.exec(base) ?? HOUR.exec(base) ?? FOLDER.exec(key);
  return {
    base,
    timeMs: found === null ? undefined : timeOf(found),
    loadBalancer: /_((?:app|net|gwy)\.[A-Za-z0-9.-]{1,100})_/.exec(base)?.[1],
  };
}

function timeOf([, year, month, day, hour = '00', minute = '00']: readonly (string | undefined)[]): number | undefined {
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
  return Number.isFinite(ms) && Math.abs(ms) <= MAX_DATE_MS ? ms : undefined;
}

/** CloudFront names a file by the id of its distribution, upper case. */
const DISTRIBUTION = /^[A-Z0-9]{8,32}\.\d{4}-\d{2}-\d{2}-\d{2}\./;

/** Whose file it is, as far as its name tells; undefined where it does not. Services never change these names, owners who copy files may. */
export function kindOfName(key: string): 'alb' | 'nlb' | 'cloudfront' | 'waf' | undefined {
  const { base, loadBalancer } = readFileName(key);
  if (loadBalancer?.startsWith('app.')) return 'alb';
  if (loadBalancer?.startsWith('net.')) return 'nlb';
  if (base.includes('_waflogs_')) return 'waf';
  return DISTRIBUTION.test(base) ? 'cloudfront' : undefined;
}

/** What a source's file holds: an ALB's connection and health check logs lie beside its access logs and differ by the start of their names only. */
export function fileFormat(kind: 'alb' | 'nlb' | 'cloudfront' | 'waf', key: string): FileFormat {
  if (kind !== 'alb') return kind;
  const { base } = readFileName(key);
  // CloudWatch's deliveries name the log type in the folder or the file instead.
  if (base.startsWith('conn_log') || /connection_?logs?/i.test(key)) return 'alb-connection';
  if (base.startsWith('health_check_log') || /health_?check_?logs?/i.test(key)) return 'alb-health-check';
  return 'alb';
}

/** Files that hold no lines: what ELB writes to see whether it may, folders made in a console. */
export function isNoLog(key: string): boolean {
  return key.endsWith('/') || key.endsWith('ELBAccessLogTestFile') || key.endsWith('TestFile') || key.endsWith('aws-waf-logs-test');
}
