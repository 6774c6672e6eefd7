import { formatProblem } from '../../../../lambdas/core/insights/problem.ts';
import { checkQueryFile } from '../../../../lambdas/core/insights/query-file-check.ts';

const header = (source: string, columns: string, more = '') =>
  `# Question: who?\n# Source: ${source}\n# Columns: ${columns}\n# When: always.\n${more}`;
const problems = (text: string, options = {}) => checkQueryFile(text, options).problems.map(formatProblem);

test('a query in order has no problem', () => {
  const text = `${header('audit', 'user.username, calls', '# Parameter: verb = "patch" - what was done\n')}filterIndex verb = "{{verb}}"
| filter user.extra.sessionName.0 like /a/ and sourceIPs.0 != "" and annotations.\`authorization.k8s.io/decision\` = "allow" and @logStream like /audit/
| stats count(*) as calls by user.username
| sort calls desc`;

  expect(checkQueryFile(text)).toMatchObject({ problems: [], indexedFields: ['verb'] });
});

test('a field that no source has is a warning with its place in the file and a guess', () => {
  expect(
    problems(
      `${header('audit', '@timestamp, usr')}fields @timestamp\n| filter objectRef.resorce = "pods"\n| display @timestamp, user.usernam as usr`,
    ),
  ).toEqual([
    '6:10: warning: the source has no field "objectRef.resorce"; did you mean "objectRef.resource"?',
    '7:23: warning: the source has no field "user.usernam"; did you mean "user.username"?',
  ]);
});

test('fields that commands make are known, and fields of every source of the header', () => {
  expect(
    problems(
      `${header('application, audit', 'level, n')}parse log "* *" as time0, level\n| fields strlen(log) as size, verb\n| filter size > 3\n| stats count(*) as n by level`,
    ),
  ).toEqual([]);
  expect(problems(`${header('scheduler', 'verb')}fields verb`)).toEqual(['5:8: warning: the source has no field "verb"']);
});

test('the columns of the header must be those of the query', () => {
  expect(problems(`${header('audit', 'verb, calls')}stats count(*) as calls by user.username`)).toEqual([
    '3:1: the query gives the columns user.username, calls; write "# Columns: user.username, calls", or change the query',
  ]);
});

test('a source that nobody knows is an error at its name', () => {
  expect(problems(`${header('audit, shceduler', '@message')}fields @message`)).toEqual([
    '2:18: there is no source "shceduler"; did you mean "scheduler"?',
  ]);
});

test('a source of the config may be asked; what fields it has is not known here', () => {
  expect(problems(`${header('billing-batch', 'batch.rows')}fields batch.rows`, { ownSources: ['billing-batch'] })).toEqual([]);
});

test('fields that the config declares are known', () => {
  const text = `${header('application', 'trace_id')}fields trace_id`;

  expect(problems(text)).toEqual(['5:8: warning: the source has no field "trace_id"']);
  expect(problems(text, { ownFields: ['trace_id'] })).toEqual([]);
});

test('a mistake behind a placeholder has its place in the file, not in the filled query', () => {
  const text = `${header('audit', 'verb', '# Parameter: ns = "a long default value" - namespace\n')}filter objectRef.namespace = "{{ns}}" and verp = "get"\n| fields verb\n| sort verb upwards`;

  expect(problems(text)).toEqual([expect.stringMatching(/^8:13: .*found "upwards"/)]);
  expect(problems(text.replace(' upwards', ' asc'))).toEqual(['6:43: warning: the source has no field "verp"; did you mean "verb"?']);
});

test('an open map and a list take any name below them; a map may be asked whole', () => {
  expect(
    problems(
      `${header('audit, performance, application', '@timestamp, @message')}filter requestObject.spec.replicas > 2 and user.groups.0 = "x" and kubernetes.labels.app = "y" and ispresent(objectRef)`,
    ),
  ).toEqual([]);
});
