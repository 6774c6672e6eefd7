import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatProblem, type LoadedConfig, loadConfigText } from '../../../lib/config/load.ts';
import { planQueries } from '../../../lib/config/query-plan.ts';
import { configWith, yamlWith } from './texts.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'queries-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GOOD = '# Question: who?\n# Source: audit\n# Columns: verb\nfields verb\n';

function write(name: string, text: string): void {
  const file = join(folder, `${name}.logsinsights`);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
}

const load = (queries: object, more: object = {}): LoadedConfig =>
  loadConfigText(yamlWith({ ...more, queries }), 'config/test.yaml', { folder, provesRegexes: false });
const problems = (loaded: LoadedConfig): string[] => (loaded.ok ? [] : loaded.problems.map(formatProblem));

const EVERY = ['controlPlane', 'application', 'host', 'dataplane', 'performance', 'events'].map((kind) => ({
  name: kind.toLowerCase(),
  cluster: 'prod',
  kind,
}));

describe('saved queries of a config', () => {
  test('are those of this app without a word about them', () => {
    const { queries } = configWith({}).savedQueries;

    expect(queries.map(({ name }) => name)).toContain('control-plane/node-not-ready');
    expect(queries.flatMap(({ checked }) => checked.problems)).toEqual([]);
  });

  test('of a folder of the config are added, and take the place of one of the same name', () => {
    write('a/team/latest-verbs', GOOD);
    write('a/control-plane/node-not-ready', GOOD.replace('who?', 'mine?'));
    const loaded = load({ folders: ['a'] });
    if (!loaded.ok) throw new Error(problems(loaded).join('\n'));
    const question = (name: string) => loaded.config.savedQueries.queries.find((query) => query.name === name)?.checked.file?.question;

    expect(question('team/latest-verbs')).toBe('who?');
    expect(question('control-plane/node-not-ready')).toBe('mine?');
  });

  test('that are wrong fail the config, with the place in their own file', () => {
    write('b/team/broken', '# Question: who?\n# Source: audit\n# Columns: verb\nfields verb\n| filtr x = 1\n');
    write('b/team/columns', GOOD.replace('Columns: verb', 'Columns: verbs'));

    expect(problems(load({ folders: ['b'] }))).toEqual([
      expect.stringMatching(/b\/team\/broken\.logsinsights:5:3: .*filtr/),
      expect.stringMatching(/b\/team\/columns\.logsinsights:3:1: the query gives the columns verb/),
    ]);
  });

  test('that ask a field nobody documents are warned of', () => {
    write('c/team/typo', GOOD.replace('fields verb', 'filter user.usrname = "x" | fields verb'));

    expect(load({ folders: ['c'] }).warnings.map(formatProblem)).toContainEqual(
      expect.stringMatching(/typo\.logsinsights:4:8: the source has no field "user.usrname"; did you mean "user.username"\?$/),
    );
  });

  test('may ask fields that an application declares, and log groups of the config', () => {
    write('d/team/own', '# Question: who?\n# Source: batch\n# Columns: rows\nfields rows\n');
    write('d/team/declared', '# Question: who?\n# Source: application\n# Columns: trace_id\nfields trace_id\n');
    const loaded = load(
      { folders: ['d'] },
      {
        sources: [...EVERY, { name: 'batch', cluster: 'prod', kind: 'logGroup', logGroup: '/example/batch' }],
        applications: [{ name: 'web', match: { namespace: 'web' }, format: 'json', fields: { trace_id: 'keyword' } }],
      },
    );
    if (!loaded.ok) throw new Error(problems(loaded).join('\n'));
    const [cluster] = loaded.config.clusters;
    const { deployed } = planQueries(loaded.config, cluster as NonNullable<typeof cluster>);

    expect(deployed.find(({ name }) => name === 'team/own')?.logGroupNames).toEqual(['/example/batch']);
    expect(loaded.warnings.filter(({ file }) => file.endsWith('.logsinsights'))).toEqual([]);
  });

  test('can be switched off, one or many', () => {
    const { savedQueries } = configWith({ queries: { exclude: ['control-plane/node-not-ready', 'security/d*'] } });
    const names = savedQueries.queries.map(({ name }) => name);

    expect(savedQueries.excluded).toContain('security/denied-requests');
    expect(names).not.toContain('control-plane/node-not-ready');
    expect(names).toContain('control-plane/pod-patches-by-user');
  });

  test('that do not exist are told, with a guess', () => {
    expect(load({ exclude: ['control-plane/node-not-redy'] }).warnings.map(({ field, what }) => `${field}: ${what}`)).toContainEqual(
      expect.stringContaining('queries.exclude[0]: no query has this name; did you mean control-plane/node-not-ready?'),
    );
    expect(problems(load({ folders: ['nowhere'] }))).toEqual([expect.stringMatching(/queries\.folders\[0\]: there is no such folder/)]);
  });

  test('of one name in two folders are refused', () => {
    write('e/team/same', GOOD);
    write('f/team/same', GOOD);

    expect(problems(load({ folders: ['e', 'f'] }))).toEqual([expect.stringMatching(/two folders have a query team\/same/)]);
  });

  test('of all clusters together must fit into an account', () => {
    write('g/team/a', GOOD);
    const clusters = Array.from({ length: 50 }, (_, i) => ({ name: `c${i}`, logGroups: { deletionProtection: true } }));
    const sources = clusters.map(({ name }) => ({ name, cluster: name, kind: 'controlPlane', route: 'none' }));
    for (let i = 0; i < 25; i++) write(`g/many/q${i}`, GOOD);

    expect(problems(load({ folders: ['g'] }, { clusters, sources }))).toContainEqual(
      expect.stringMatching(/queries: \d+ saved queries for 50 clusters; switch some off.*limit: 1000 per account/),
    );
  });

  test('with filterIndex on logs that get no index are refused', () => {
    write('h/team/index', '# Question: who?\n# Source: pipeline\n# Columns: Source\nfilterIndex Source = "x" | fields Source\n');

    expect(problems(load({ folders: ['h'] }))).toEqual([expect.stringMatching(/filterIndex finds nothing in pipeline/)]);
  });

  test('with more than 20 fields in filterIndex of one group are refused', () => {
    const fields = [...'abcdefghijklmnopqrstu'].map((name) => `filterIndex requestObject.${name} = "1"`).join(' | ');
    write('i/team/many', `# Question: who?\n# Source: audit\n# Columns: verb\n${fields} | fields verb\n`);

    expect(problems(load({ folders: ['i'] }, { sources: EVERY }))).toEqual([
      expect.stringMatching(/asks \d+ fields of \/aws\/eks\/prod\/cluster.*limit: 20 in a field index policy/),
    ]);
  });
});

describe('the plan of a cluster', () => {
  const planOf = (members: { [member: string]: unknown }) => {
    const config = configWith(members);
    return planQueries(config, config.clusters[0] as (typeof config.clusters)[0]);
  };
  const reasons = (members: { [member: string]: unknown }, name: string) =>
    planOf(members).leftOut.find((each) => each.name === name)?.reason;

  test('has every query where the config has every kind of log', () => {
    const plan = planOf({ sources: EVERY });

    expect(plan.leftOut).toEqual([]);
    expect(plan.deployed.find(({ name }) => name === 'security/denied-requests')).toMatchObject({
      definitionName: 'eks-telemetry/prod/security/denied-requests',
      logGroupNames: ['/aws/eks/prod/cluster'],
    });
  });

  test('leaves out by name what asks logs that are not there, with the reason', () => {
    expect(reasons({}, 'security/denied-requests')).toBe('no source of kind controlPlane');
    expect(
      reasons(
        { sources: EVERY, clusters: [{ name: 'prod', logGroups: { deletionProtection: true }, controlPlane: { logTypes: ['api'] } }] },
        'security/denied-requests',
      ),
    ).toBe('controlPlane.logTypes has no audit');
  });

  test('asks of the pipeline the functions of the cluster, and the one that sends again', () => {
    const groups = (members: { [member: string]: unknown }) =>
      planOf({ sources: EVERY, ...members }).deployed.find(({ file }) => file.sources.includes('pipeline'))?.logGroupNames;

    expect(groups({})).toEqual(['/aws/lambda/eks-telemetry-prod-log-indexer-direct', '/aws/lambda/eks-telemetry-redrive']);
    expect(groups({ delivery: { redriveMinutes: 0 } })).toEqual(['/aws/lambda/eks-telemetry-prod-log-indexer-direct']);
  });

  test('has an index field for every filterIndex, in the group that holds it', () => {
    const config = configWith({ sources: EVERY });
    const plan = planQueries(config, config.clusters[0] as (typeof config.clusters)[0]);

    for (const { name, logGroupNames } of plan.deployed) {
      const fields = config.savedQueries.queries.find((query) => query.name === name)?.checked.indexedFields ?? [];
      for (const field of fields) {
        if (field.startsWith('@')) continue;
        expect([name, field, logGroupNames.some((group) => plan.indexedFields.get(group)?.includes(field))]).toEqual([name, field, true]);
      }
    }
    for (const [group, fields] of plan.indexedFields) expect([group, fields.length <= 20]).toEqual([group, true]);
  });
});
