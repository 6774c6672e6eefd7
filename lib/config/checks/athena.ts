import { existsSync } from 'node:fs';
import { catalogueOf, planNamedQueries, wildcard } from '../../athena/queries.ts';
import { MAX_BUCKET_NAME } from '../bucket-names.ts';
import { athenaResultBucketName } from '../names.ts';
import { nearestName } from '../nearest-name.ts';
import type { Config } from '../resolve.ts';
import type { Check, CheckReport } from './context.ts';

/** Longest name of a named query. https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html */
const MAX_QUERY_NAME = 128;
/** Longest statement, bytes. https://docs.aws.amazon.com/athena/latest/ug/service-limits.html */
const MAX_QUERY_BYTES = 262_144;

/** Athena: days, places, queries. Problems of single query files are the loader's. */
export const checkAthena: Check = ({ config, isGiven, isIncomplete }, report) => {
  if (isIncomplete(['athena'])) return;
  const { athena } = config;
  if (!athena.enabled) {
    if (isGiven(['athena', 'readers']) || isGiven(['athena', 'costReport']) || isGiven(['athena', 'folders']))
      report.warning({ path: ['athena', 'enabled'], what: 'nothing of this section is deployed while enabled is false', value: false });
    return;
  }
  const first = new Date(`${athena.firstDay}T00:00:00Z`);
  if (Number.isNaN(first.getTime()) || !first.toISOString().startsWith(athena.firstDay))
    report.problem({ path: ['athena', 'firstDay'], what: 'the calendar has no such day', value: athena.firstDay });
  checkPlaces(config, isGiven, report);
  checkQueries(config, report);
};

function checkPlaces(config: Config, isGiven: (path: (string | number)[]) => boolean, report: CheckReport): void {
  const { athena, loadBalancers } = config;
  const name = athenaResultBucketName(config);
  if (athena.results.mode === 'bucket' && name.length > MAX_BUCKET_NAME)
    report.problem({
      path: ['athena', 'results', 'mode'],
      what: 'the bucket’s name would be too long; take a shorter prefix',
      limit: `${MAX_BUCKET_NAME} characters`,
      value: name,
    });
  if (athena.results.mode === 'managed' && isGiven(['athena', 'results', 'retentionDays']))
    report.warning({
      path: ['athena', 'results', 'retentionDays'],
      what: 'managed results are kept for a day, whatever stands here; set mode: bucket, or remove it',
      value: athena.results.retentionDays,
    });
  const hasWaf = loadBalancers.logs.some(({ kind }) => kind === 'waf');
  if (hasWaf && athena.webAcls.length === 0)
    report.warning({
      path: ['athena', 'webAcls'],
      what: 'WAF puts its files behind the name of the web ACL: without names here every query of the table waf reads all of them',
    });
  if (!hasWaf && athena.webAcls.length > 0)
    report.warning({ path: ['athena', 'webAcls'], what: 'no log of kind waf in loadBalancers.logs', value: athena.webAcls[0] });
  for (const [index, arn] of athena.readers.entries()) {
    if (!arn.includes(`::${config.account}:`))
      report.problem({
        path: ['athena', 'readers', index],
        what: 'a policy of this account can be attached to its own roles only',
        limit: config.account,
        value: arn,
      });
  }
}

function checkQueries(config: Config, report: CheckReport): void {
  const { folders, exclude } = config.athena;
  for (const [index, folder] of folders.entries()) {
    if (!existsSync(folder))
      report.problem({
        path: ['athena', 'folders', index],
        what: 'there is no such folder beside the config',
        limit: 'a path relative to the config file',
        value: folder,
      });
  }
  const catalogue = catalogueOf(config);
  const names = catalogue.map(({ name }) => name);
  for (const [index, pattern] of exclude.entries()) {
    if (names.some((name) => wildcard(pattern).test(name))) continue;
    const near = nearestName(pattern, names);
    report.warning({
      path: ['athena', 'exclude', index],
      what: `no query has this name${near === undefined ? '' : `; did you mean ${near}?`}`,
      value: pattern,
    });
  }
  for (const { name, path, text } of planNamedQueries(config, catalogue).deployed) {
    if (name.length > MAX_QUERY_NAME)
      report.problem({
        path: ['athena'],
        what: `${path}: the name has ${name.length} characters`,
        limit: `${MAX_QUERY_NAME}`,
        value: name,
      });
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_QUERY_BYTES)
      report.problem({ path: ['athena'], what: `${path}: the statement has ${bytes} bytes`, limit: `${MAX_QUERY_BYTES}` });
  }
}
