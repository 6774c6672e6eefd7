import { problemsWith, warningsWith } from '../texts.ts';

const athena = (members: object = {}, more: object = {}) => ({ athena: { enabled: true, ...members }, ...more });
const problems = (members: object) => problemsWith(members as { [member: string]: unknown });
const warnings = (members: object) => warningsWith(members as { [member: string]: unknown });
const WAF = { loadBalancers: { logs: [{ name: 'waf', kind: 'waf', cluster: 'prod', bucket: 'aws-waf-logs-example' }] } };
const READER = 'arn:aws:iam::111122223333:role/analyst';
const FOREIGN = 'arn:aws:iam::444455556666:role/analyst';

test.each<[string, object, string[]]>([
  ['Athena as it is by default', athena(), []],
  ['a leap day', athena({ firstDay: '2024-02-29' }), []],
  ['a day that the year has not', athena({ firstDay: '2025-02-29' }), ['athena.firstDay: the calendar has no such day']],
  ['the 31st of a short month', athena({ firstDay: '2025-04-31' }), ['athena.firstDay: the calendar has no such day']],
  ['a day in another shape', athena({ firstDay: '21.11.2026' }), ['athena.firstDay: not a day']],
  ['a scan limit under the least that Athena takes', athena({ scanLimitGb: 0.009 }), ['athena.scanLimitGb']],
  ['the least that it takes', athena({ scanLimitGb: 0.01 }), []],
  [
    'a database that SQL would want in quotes',
    athena({ database: 'eks-telemetry' }),
    ['athena.database: not a name that SQL takes without'],
  ],
  ['a workgroup with a blank', athena({ workgroup: 'my group' }), ['athena.workgroup']],
  ['a reader of this account', athena({ readers: [READER] }), []],
  ['a reader of another account', athena({ readers: [READER, FOREIGN] }), ['athena.readers[1]: a policy of this account can be attached']],
  ['a reader that is a user', athena({ readers: ['arn:aws:iam::111122223333:user/ada'] }), ['athena.readers[0]']],
  ['a folder that is not there', athena({ folders: ['no-such-folder'] }), ['athena.folders[0]: there is no such folder beside the config']],
  ['results in a bucket', athena({ results: { mode: 'bucket', retentionDays: 30 } }), []],
  ['a table of costs without its database', athena({ costReport: { table: 'cur2' } }), ['athena.costReport.table: not database.table']],
  ['an account that is none', athena({ accounts: ['1111'] }), ['athena.accounts[0]']],
  ['a member that is misspelt', athena({ reader: [READER] }), ['athena']],
])('%s', (_name, members, expected) => {
  const found = problems(members);

  expect(found).toHaveLength(expected.length);
  for (const [index, part] of expected.entries()) expect(found[index]).toContain(part);
});

test.each<[string, object, string | undefined]>([
  ['nothing to say of Athena as it is', athena(), undefined],
  ['readers of what is not deployed', { athena: { readers: [READER] } }, 'athena.enabled: nothing of this section is deployed'],
  ['folders of what is not deployed', { athena: { folders: ['x'] } }, 'athena.enabled: nothing of this section is deployed'],
  [
    'costs of what is not deployed',
    { athena: { costReport: { table: 'billing.cur2' } } },
    'athena.enabled: nothing of this section is deployed',
  ],
  [
    'days of results that Athena keeps for one',
    athena({ results: { retentionDays: 30 } }),
    'athena.results.retentionDays: managed results',
  ],
  ['days of results in a bucket', athena({ results: { mode: 'bucket', retentionDays: 30 } }), undefined],
  ['WAF logs without names of web ACLs', athena({}, WAF), 'athena.webAcls: WAF puts its files behind the name'],
  ['WAF logs with names', athena({ webAcls: ['shop'] }, WAF), undefined],
  ['names without WAF logs', athena({ webAcls: ['shop'] }), 'athena.webAcls: no log of kind waf'],
  ['a query left out that there is not', athena({ exclude: ['alb-top-client'] }), 'did you mean alb-top-clients?'],
  ['one that there is', athena({ exclude: ['alb-top-clients'] }), undefined],
  ['many by a star', athena({ exclude: ['alb-*', '*'] }), undefined],
  ['a star that no query has', athena({ exclude: ['elb-*'] }), 'athena.exclude[0]: no query has this name'],
])('%s: said, or not', (_name, members, expected) => {
  const found = warnings(members).filter((warning) => warning.startsWith('athena'));

  expect(found).toEqual(expected === undefined ? [] : [expect.stringContaining(expected)]);
});
