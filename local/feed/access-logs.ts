import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readFileName } from '../../lambdas/core/access-logs/file-name.ts';
import type { AccessLogRules } from '../../lambdas/core/access-logs/rules.ts';

/** A file on its way into a bucket. */
export interface AccessLogFile {
  readonly file: string;
  readonly bucket: string;
  readonly key: string;
  /** When the service delivers it: the end of its interval. */
  readonly deliveredMs: number;
  readonly body: Buffer;
  /** Lines that hold something, headers apart. */
  readonly lines: number;
}

/** The recorded access log files (`access-logs/<kind>/`), for each source of that kind, under keys as the services write them. */
export function accessLogFiles(directory: string, rules: AccessLogRules): AccessLogFile[] {
  return rules.sources.flatMap(({ kind, bucket, prefix }) => {
    const folder = join(directory, 'access-logs', kind);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .sort()
      .map((name) => {
        const body = readFileSync(join(folder, name));
        const deliveredMs = readFileName(name).timeMs;
        if (deliveredMs === undefined) throw new Error(`${join(folder, name)}: its name tells no time`);
        const key = `${prefix}AWSLogs/${rules.account}/${FOLDERS[kind]}${rules.region}/${foldersOfTime(kind, name, deliveredMs)}/${name}`;
        return { file: join(folder, name), bucket, key, deliveredMs, body, lines: linesOf(body) };
      });
  });
}

const FOLDERS = { alb: 'elasticloadbalancing/', nlb: 'elasticloadbalancing/', cloudfront: 'CloudFront/', waf: 'WAFLogs/' } as const;

/** `2026/11/21`; WAF puts the name of its web ACL before the day, and hour and minute behind it. */
function foldersOfTime(kind: keyof typeof FOLDERS, name: string, deliveredMs: number): string {
  const time = new Date(deliveredMs).toISOString();
  const day = time.slice(0, 10).replaceAll('-', '/');
  const webAcl = /_waflogs_[a-z0-9-]+_(.+)_\d{8}T\d{4}Z_/.exec(name)?.[1];
  return kind === 'waf' && webAcl !== undefined ? `${webAcl}/${day}/${time.slice(11, 13)}/${time.slice(14, 16)}` : day;
}

function linesOf(body: Buffer): number {
  return gunzipSync(body)
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '' && line !== '\r' && !line.startsWith('#')).length;
}
