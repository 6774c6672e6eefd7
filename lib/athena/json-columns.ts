import type { Column } from './types.ts';

const column = (name: string, type: string, comment: string): Column => ({ name, type, comment });

/**
 * An event of the archive, in the order of its members. Its kind and cluster are in the key: kind is the table, cluster a partition key, and a column must
 * not be both.
 */
export const ARCHIVE_COLUMNS: readonly Column[] = [
  column('event_id', 'string', "CloudWatch's id of the event: a redelivery has the same"),
  column('timestamp', 'bigint', "the event's time in CloudWatch, ms since 1970"),
  column('time', 'string', 'the same as text, ISO 8601 with milliseconds, UTC'),
  column('account', 'string', 'account that the event came from'),
  column('region', 'string', 'Region that the event came from'),
  column('source', 'string', 'name of the source in the config'),
  column('log_group', 'string', 'log group'),
  column('log_stream', 'string', 'log stream'),
  column('application', 'string', 'name of the application in the config, or empty'),
  column('message', 'string', 'the text as it came, not redacted; TRY(json_parse(message)) where it is JSON'),
];

/** A dead letter (lambdas/core/delivery/dead-letter.ts); Glue has lower case only, so `logGroup` is loggroup. */
export const DEAD_LETTER_COLUMNS: readonly Column[] = [
  column('version', 'int', 'of this shape'),
  column('reason', 'string', 'a word that can be counted, such as mapper-parsing'),
  column('detail', 'string', "the engine's or the parser's own words"),
  column('function', 'string', 'which function gave it up'),
  column('account', 'string', 'account that the event came from'),
  column('region', 'string', 'Region that the event came from'),
  column('loggroup', 'string', 'log group'),
  column('logstream', 'string', 'log stream'),
  column('id', 'string', "CloudWatch's id of the event"),
  column('timestamp', 'bigint', "the event's time in CloudWatch, ms since 1970"),
  column('message', 'string', 'the text as it came, not redacted'),
  column('index', 'string', 'index that it was to be written to'),
  column('documentid', 'string', '_id that it was to have'),
  column('payload', 'string', 'instead of an event: a record that could not be opened at all, base64'),
  column('deadletteredat', 'bigint', 'when it was given up, ms since 1970'),
];

const RULE_MATCH = 'struct<ruleid:string,action:string>';

/** https://docs.aws.amazon.com/waf/latest/developerguide/logging-fields.html */
export const WAF_COLUMNS: readonly Column[] = [
  column('timestamp', 'bigint', 'ms since 1970'),
  column('formatversion', 'int', 'of the line'),
  column('webaclid', 'string', 'ARN of the web ACL'),
  column('terminatingruleid', 'string', 'rule that decided, or Default_Action'),
  column('terminatingruletype', 'string', 'REGULAR, RATE_BASED, GROUP, MANAGED_RULE_GROUP'),
  column('action', 'string', 'ALLOW BLOCK CAPTCHA CHALLENGE'),
  column(
    'terminatingrulematchdetails',
    'array<struct<conditiontype:string,sensitivitylevel:string,location:string,matcheddata:array<string>>>',
    'what matched, for SQL injection and cross-site scripting',
  ),
  column('httpsourcename', 'string', 'ALB, CF, APIGW …'),
  column('httpsourceid', 'string', 'the resource'),
  column(
    'rulegrouplist',
    `array<struct<rulegroupid:string,terminatingrule:${RULE_MATCH},nonterminatingmatchingrules:array<${RULE_MATCH}>,excludedrules:string>>`,
    'rule groups that looked at it',
  ),
  column(
    'ratebasedrulelist',
    'array<struct<ratebasedruleid:string,limitkey:string,maxrateallowed:int>>',
    'rate-based rules that looked at it',
  ),
  column('nonterminatingmatchingrules', `array<${RULE_MATCH}>`, 'rules that matched and only counted'),
  column('requestheadersinserted', 'array<struct<name:string,value:string>>', 'headers that WAF added'),
  column('responsecodesent', 'string', 'code of a custom answer'),
  column(
    'httprequest',
    'struct<clientip:string,country:string,headers:array<struct<name:string,value:string>>,uri:string,args:string,httpversion:string,httpmethod:string,requestid:string>',
    'the request',
  ),
  column('labels', 'array<struct<name:string>>', 'labels that rules gave, such as awswaf:managed:aws:bot-control:…'),
  column('ja3fingerprint', 'string', 'of the TLS greeting'),
  column('ja4fingerprint', 'string', 'of the TLS greeting'),
];
