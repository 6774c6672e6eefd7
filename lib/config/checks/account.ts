import { bucketNameProblem, MAX_BUCKET_NAME } from '../bucket-names.ts';
import { deadLetterBucketName } from '../names.ts';
import { nearestName } from '../nearest-name.ts';
import { NODE_PRICE_NAME, PRICES, type PriceName } from '../prices.ts';
import { KNOWN_REGIONS, nearestRegion, partitionOf } from '../regions.ts';
import type { Config } from '../resolve.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';

/** Tags that CloudFormation puts on a resource at most. */
const MAX_TAGS = 50;

/** Values of the account as a whole: keys, tags, names that are derived, prices. */
export const checkAccount: Check = (context, report) => {
  const { config, isIncomplete } = context;
  checkRegion(context, report);
  checkKms(context, report);
  checkTags(config, report);
  checkPrices(config, report);
  const bucket = deadLetterBucketName(config);
  if (bucket.length > MAX_BUCKET_NAME && !isIncomplete(['region'])) {
    report.problem({
      path: ['prefix'],
      what: `the dead-letter bucket would be ${bucket}, ${bucket.length} characters; take a shorter prefix`,
      limit: `${MAX_BUCKET_NAME} characters (S3)`,
      value: config.prefix,
    });
  } else if (!isIncomplete(['region'])) {
    const reserved = bucketNameProblem(bucket);
    if (reserved)
      report.problem({ path: ['prefix'], what: `${reserved.what}, and the dead-letter bucket would be ${bucket}`, value: config.prefix });
  }
};

/** A warning only: AWS opens Regions faster than this app is updated. */
function checkRegion({ config: { region }, isIncomplete }: CheckContext, report: CheckReport): void {
  if (isIncomplete(['region']) || KNOWN_REGIONS.includes(region)) return;
  const nearest = nearestRegion(region);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  const what = `no Region of this name is known${hint} A deploy to a Region that does not exist finds no host; if it is new, go on`;
  report.warning({ path: ['region'], what: nearest === undefined ? what.replace(' A deploy', '; a deploy') : what, value: region });
}

function checkKms({ config, isIncomplete }: CheckContext, report: CheckReport): void {
  const { kms, account, region } = config;
  const isAccountUnknown = isIncomplete(['account']);
  const isRegionUnknown = isIncomplete(['region']);
  if (kms.mode === 'arn' && kms.arn === undefined && !isIncomplete(['kms', 'arn'])) {
    report.problem({ path: ['kms'], what: 'mode arn needs the key: add arn', limit: 'arn:aws:kms:<region>:<account>:key/<id>' });
  }
  if (kms.mode !== 'arn' && kms.arn !== undefined) {
    report.problem({
      path: ['kms', 'arn'],
      what: `mode ${kms.mode} does not use a key of yours; set mode: arn or remove arn`,
      value: kms.arn,
    });
  }
  if (kms.arn === undefined) return;
  const [, partition, , keyRegion, keyAccount] = kms.arn.split(':');
  const differences = [
    !isRegionUnknown && keyRegion !== region ? `Region ${region}` : undefined,
    !isAccountUnknown && keyAccount !== account ? `account ${account}` : undefined,
    !isRegionUnknown && partition !== partitionOf(region) ? `partition ${partitionOf(region)}` : undefined,
  ].filter((difference) => difference !== undefined);
  if (differences.length > 0) {
    const what = 'CloudWatch Logs takes keys of the log group’s own account and Region only';
    report.problem({ path: ['kms', 'arn'], what, limit: differences.join(', '), value: kms.arn });
  }
}

function checkTags({ tags }: Config, report: CheckReport): void {
  const names = Object.keys(tags);
  if (names.length > MAX_TAGS) report.problem({ path: ['tags'], what: `there are ${names.length} tags`, limit: `at most ${MAX_TAGS}` });
  const seen = new Map<string, string>();
  for (const name of names) {
    const before = seen.get(name.toLowerCase());
    if (before === undefined) seen.set(name.toLowerCase(), name);
    else {
      const what = `IAM takes no two tags whose names differ in upper and lower case only, and ${before} stands before it`;
      report.problem({ path: ['tags', name], atKey: true, what, value: name });
    }
    if (/^aws:/i.test(name)) {
      report.problem({ path: ['tags', name], atKey: true, what: 'AWS keeps tags that start with aws: for itself', value: name });
    } else if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u.test(name)) {
      const limit = 'letters, digits, space and _ . : / = + - @';
      report.problem({ path: ['tags', name], atKey: true, what: 'the tag’s name has a character that AWS refuses', limit, value: name });
    }
    const value = tags[name] ?? '';
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(value)) {
      const limit = 'letters, digits, space and _ . : / = + - @';
      report.problem({ path: ['tags', name], what: 'the tag’s value has a character that AWS refuses', limit, value });
    }
  }
}

function checkPrices({ prices, region }: Config, report: CheckReport): void {
  for (const [priceRegion, unitPrices] of Object.entries(prices)) {
    if (priceRegion !== region) {
      const what = `prices of ${priceRegion} are not used: the config’s Region is ${region}`;
      report.warning({ path: ['prices', priceRegion], atKey: true, what, value: priceRegion });
    }
    for (const name of Object.keys(unitPrices)) {
      if (Object.hasOwn(PRICES, name) || NODE_PRICE_NAME.test(name)) continue;
      const known = Object.keys(PRICES) as PriceName[];
      const nearest = nearestName(name, known);
      const what = `no estimate uses a price of this name${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
      report.problem({
        path: ['prices', priceRegion, name],
        atKey: true,
        what,
        limit: `${known.join(' ')}, or an instance type such as m7g.large.search`,
        value: name,
      });
    }
  }
}
