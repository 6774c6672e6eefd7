import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupsOfLocalRun } from '../../../cli/query/run-groups.ts';
import { run } from '../../../cli/query.ts';
import { EventStore } from '../../../local/logs/event-store.ts';
import { type QueryDefinition, queryDefinitions } from '../../../local/queries/definitions.ts';
import { judgeQuery, runQuery } from '../../../local/queries/run-queries.ts';
import { Resolver } from '../../../local/template/resolver.ts';
import { fakeIo } from '../../cli/query/helpers.ts';

const AUDIT = '/aws/eks/prod/cluster';
let cwd: string;
let store: EventStore;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'run-'));
  store = new EventStore(join(cwd, '.eks-telemetry/local/log-groups'));
  const events = [1, 2, 3].map((n) => ({ id: `e${n}`, timestamp: n * 1000, message: `{"n":${n},"verb":"get","who":"zoë"}` }));
  store.put(AUDIT, 'kube-apiserver-audit-1', events.slice(0, 2));
  store.put(AUDIT, 'kube-apiserver-audit-1', events.slice(2));
  store.put('/aws/lambda/x', 's', [{ id: 'l', timestamp: 1, message: 'START RequestId: 1' }]);
  store.put(AUDIT, 'empty', []);
});
afterEach(() => rmSync(cwd, { recursive: true }));

const definition = (query: string, more: Partial<QueryDefinition> = {}): QueryDefinition => ({
  name: 'p/prod/f/q',
  account: '111122223333',
  query,
  logGroups: [AUDIT],
  parameters: [],
  ...more,
});
const ground = () => ({ files: store.files, nowMs: 5000 });

test('definitions are read out of the templates, with what their parameters are by default', () => {
  const template = {
    Resources: {
      Q: {
        Type: 'AWS::Logs::QueryDefinition',
        Properties: {
          Name: 'p/prod/f/q',
          QueryString: 'fields n',
          LogGroupNames: [{ 'Fn::Join': ['', ['/aws/eks/', 'prod', '/cluster']] }],
          Parameters: [
            { Name: 'a', DefaultValue: '', Description: 'x' },
            { Name: 'b', Description: 'y' },
          ],
        },
      },
    },
  };
  const stack = { name: 's', account: '111122223333', region: 'us-east-1', template };

  expect(queryDefinitions(new Resolver({ stacks: [stack], assets: new Map() }))).toEqual([
    definition('fields n', {
      parameters: [
        { name: 'a', defaultValue: '', description: 'x' },
        { name: 'b', defaultValue: undefined, description: 'y' },
      ],
    }),
  ]);
});

test('a query runs on the events of its groups, with the fields that CloudWatch adds', async () => {
  const result = await runQuery(definition('filter n > 1 | fields @timestamp, @log, @logStream, who, n | sort n asc'), ground());

  expect(result.rows).toEqual([
    ['1970-01-01 00:00:02.000', `111122223333:${AUDIT}`, 'kube-apiserver-audit-1', 'zoë', 2],
    ['1970-01-01 00:00:03.000', `111122223333:${AUDIT}`, 'kube-apiserver-audit-1', 'zoë', 3],
  ]);
  expect([result.scanned, result.matched]).toEqual([3, 2]);
});

test('values take the place of parameters, and a query ends as soon as it has enough', async () => {
  const limited = definition('filter n >= {{from}} | fields n | limit any 1', {
    parameters: [{ name: 'from', defaultValue: '1', description: '' }],
  });
  const chosen = definition('filter n >= {{from}} | stats count(*) as c', limited);

  expect((await runQuery({ ...limited, query: 'filter n >= {{from}} | fields n | sort n asc | limit 1' }, ground())).rows).toEqual([[1]]);
  expect((await runQuery({ ...chosen, query: 'filter n >= {{from}} | stats count(*) as c' }, ground(), { from: '3' })).rows).toEqual([[1]]);
});

test('a query is judged without being run: groups that are there, values that it lacks, why it cannot run', () => {
  const lacking = definition('filter n = {{n}} | fields n', {
    logGroups: [AUDIT, '/none'],
    parameters: [{ name: 'n', defaultValue: undefined, description: '' }],
  });

  expect(judgeQuery(lacking, store.files, 0)).toEqual({ name: 'p/prod/f/q', logGroups: [AUDIT], needs: ['n'] });
  expect(judgeQuery(definition('fields n | pattern @message'), store.files, 0).problem ?? '').toMatch(/pattern|^$/);
});

test('the command asks the groups of the run by the sources of the header, or by name', async () => {
  const folder = join(cwd, '.eks-telemetry/local/log-groups');

  expect(groupsOfLocalRun(cwd, [], ['audit', 'pipeline'])).toEqual({
    groups: [AUDIT, '/aws/lambda/x'],
    files: [AUDIT, '/aws/lambda/x'].map((group) => store.files.get(group)),
  });
  expect(groupsOfLocalRun(join(cwd, '.eks-telemetry'), ['/aws/lambda/x'], [])).toMatchObject({ groups: ['/aws/lambda/x'] });
  expect(groupsOfLocalRun(cwd, [], ['events'])).toEqual({ problem: expect.stringContaining('no events of events') });
  expect(groupsOfLocalRun(cwd, ['/aws/x'], [])).toEqual({ problem: expect.stringContaining(`no log group /aws/x; it has ${AUDIT}`) });
  expect(groupsOfLocalRun(tmpdir(), [], ['audit'])).toEqual({ problem: expect.stringContaining('there is no local run here') });
  expect(JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))).toHaveProperty([AUDIT]);

  const io = fakeIo({ cwd });
  const code = await run(['audit-by-user-agent', '--local', '--json'], io);
  expect([code, io.err()]).toEqual([0, expect.stringContaining('3 events')]);
});
