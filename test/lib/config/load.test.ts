import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { estimateCost } from '../../../lib/config/cost.ts';
import { formatProblem, loadConfig, loadConfigText } from '../../../lib/config/load.ts';
import { marked } from './texts.ts';

const HEAD = 'version: 1\naccount: "111122223333"\nregion: us-east-1\n';
const REST = 'clusters: [{ name: prod }]\nsources: [{ name: app, cluster: prod, kind: application }]\n';

describe('the committed configs', () => {
  test.each(['example', 'local', 'minimal'])('config/%s.yaml loads, its expressions proven', (name) => {
    const loaded = loadConfig(`config/${name}.yaml`);

    expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([]);
  });

  test('config/example.yaml has no warning: it is what people copy', () => {
    expect(loadConfig('config/example.yaml').warnings).toEqual([]);
  });

  test('the trial of docs/deploy.md is a config, and costs what the page says', () => {
    const yaml = /## What a trial costs[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/deploy.md', 'utf8'))?.[1] ?? '';
    const loaded = loadConfigText(`${HEAD}${yaml}`, 'trial.yaml');

    if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
    expect(Math.round(estimateCost(loaded.config).knownUsd)).toBe(100);
  });

  test('config/example.yaml names every field of the schema at its top', () => {
    const text = readFileSync('config/example.yaml', 'utf8');

    for (const name of [
      'version',
      'account',
      'region',
      'prefix',
      'tags',
      'kms',
      'clusters',
      'sources',
      'accountSubscription',
      'applications',
      'patterns',
      'redaction',
      'search',
      'delivery',
      'archive',
      'alarms',
      'slack',
      'collection',
      'prices',
    ]) {
      expect(text).toMatch(new RegExp(`^${name}:`, 'm'));
    }
  });
});

describe('the place of a problem', () => {
  test.each<[string, string, string, string]>([
    ['a value', `${HEAD}prefix: §Big\n${REST}`, 'prefix', 'starts every name'],
    ['a value inside flow style', `${HEAD}kms: { mode: §owned }\n${REST}`, 'kms.mode', 'did you mean own?'],
    ['the name of an unknown field', `${HEAD}§acount: "1"\n${REST}`, 'acount', 'did you mean account?'],
    [
      'an unknown field deep inside',
      `${HEAD}clusters:\n  - name: prod\n    retentionDays: { §hst: 14 }\nsources: [{ name: a, cluster: prod, kind: application }]\n`,
      'clusters[0].retentionDays.hst',
      'did you mean host?',
    ],
    [
      'the parent of a missing field',
      `${HEAD}clusters: [{ name: prod }]\nsources:\n  - §name: a\n    kind: application\n`,
      'sources[0].cluster',
      'required and missing',
    ],
    [
      'the start of the file for a missing top field',
      '§version: 1\nregion: us-east-1\nclusters: [{ name: prod }]\nsources: [{ name: a, cluster: prod, kind: application }]\n',
      'account',
      'required and missing',
    ],
    [
      'an item of a list',
      `${HEAD}clusters: [{ name: prod, controlPlane: { logTypes: [audit, §apii] } }]\nsources: [{ name: a, cluster: prod, kind: application }]\n`,
      'clusters[0].controlPlane.logTypes[1]',
      'did you mean api?',
    ],
    [
      'a value behind an alias',
      `${HEAD}clusters:\n  - { name: prod, retentionDays: &days { host: §15 } }\nsources: [{ name: a, cluster: prod, kind: application }]\n`,
      'clusters[0].retentionDays.host',
      'does not offer',
    ],
    [
      'a cross-check',
      `${HEAD}clusters: [{ name: prod }]\nsources: [{ name: a, cluster: §prd, kind: application }]\n`,
      'sources[0].cluster',
      'no cluster has this name',
    ],
    ['an empty value', `${HEAD}§prefix:\n${REST}`, 'prefix', 'nothing stands here'],
  ])('is %s', (_name, source, field, what) => {
    const { text, line, column } = marked(source);

    const loaded = loadConfigText(text, 'c.yaml');

    expect(loaded.ok ? [] : loaded.problems).toContainEqual(
      expect.objectContaining({ file: 'c.yaml', line, column, field, what: expect.stringContaining(what) }),
    );
  });

  test('survives items before it that are taken out because they are broken', () => {
    const { text, line, column } = marked(
      `${HEAD}clusters: [{ name: prod }]\nsources:\n  - { nme: broken }\n  - 7\n  - { name: b, cluster: prod, kind: application, foreignFilters: 9 }\n  - { name: c, cluster: §nowhere, kind: host }\n`,
    );

    const loaded = loadConfigText(text, 'c.yaml');

    expect(loaded.ok ? [] : loaded.problems.filter(({ field }) => field === 'sources[3].cluster')).toEqual([
      expect.objectContaining({ line, column }),
    ]);
  });

  test('counts columns after characters of other scripts as editors do', () => {
    const { text, line, column } = marked(`${HEAD}tags: { "größe🚀": "ja", team: §7 }\n${REST}`);

    const loaded = loadConfigText(text, 'c.yaml');

    expect(loaded.ok ? [] : loaded.problems).toContainEqual(expect.objectContaining({ line, column, field: 'tags.team' }));
  });
});

describe('all problems come in one run', () => {
  test('from syntax of keys over shapes to cross-checks, sorted by place', () => {
    const text =
      'version: 1\naccount: 12\nregion: us-east-1\nregion: us-east-1\nclusters: [{ name: prod }, { name: prod }]\nsources: [{ name: a, cluster: prd, kind: application, archive: true }]\n';

    const loaded = loadConfigText(text, 'c.yaml');

    const problems = loaded.ok ? [] : loaded.problems;
    expect(problems.map(({ line, field }) => `${line} ${field}`)).toEqual([
      '2 account',
      '4 ',
      '5 clusters[1].name',
      '6 sources[0].cluster',
      '6 sources[0].archive',
    ]);
  });

  test.each<[string, string, string[]]>([
    ['sources that are missing are one problem', `${HEAD}clusters: [{ name: prod }]\n`, ['sources']],
    ['clusters that are missing are one problem', `${HEAD}sources: [{ name: a, cluster: prod, kind: application }]\n`, ['clusters']],
    ['an empty list of sources is one problem', `${HEAD}clusters: [{ name: prod }]\nsources: []\n`, ['sources']],
    [
      'a Region that is none says nothing of keys',
      `version: 1\naccount: "111122223333"\nregion: Mars\nkms: { mode: arn, arn: "arn:aws:kms:us-west-2:111122223333:key/11111111-2222-3333-4444-555555555555" }\n${REST}`,
      ['region'],
    ],
    [
      'a domain with a broken master count still has its zones checked',
      `${HEAD}${REST}search: { domain: { masterNodes: { count: 9 }, zones: 3, dataNodes: { volumeGiB: 170, throughput: 125 } } }\n`,
      ['search.domain.masterNodes.count', 'search.domain.dataNodes.throughput'],
    ],
    [
      'a match with a broken part overlaps nothing',
      `${HEAD}${REST}applications: [{ name: a, match: { namespace: 7 } }, { name: b, match: { namespace: x } }]\n`,
      ['applications[0].match.namespace'],
    ],
  ])('%s', (_name, text, fields) => {
    const loaded = loadConfigText(text, 'c.yaml');

    expect(loaded.ok ? [] : loaded.problems.map(({ field }) => field)).toEqual(fields);
  });

  test('a broken cluster does not make its sources wrong', () => {
    const loaded = loadConfigText(
      `${HEAD}clusters: [{ name: "pr od" }]\nsources: [{ name: a, cluster: "pr-od", kind: application }]\n`,
      'c.yaml',
    );

    expect(loaded.ok ? [] : loaded.problems.map(({ field }) => field)).toEqual(['clusters[0].name']);
  });
});

describe('traps of YAML', () => {
  test.each<[string, string, string, string]>([
    ['an account id that is a number', 'account: 111122223333', 'put it in quotes', '111122223333'],
    ['an account id with a leading zero', 'account: 012345678901', 'YAML reads a number, 12345678901', '012345678901'],
    ['an account id that looks octal', 'account: 0o12345', 'YAML reads a number, 5349', '0o12345'],
    ['a text that is a number with a zero at its end', 'account: "111122223333"\nkms: { arn: 1.30 }', 'YAML reads a number, 1.3', '1.30'],
  ])('%s', (_name, line, what, value) => {
    const loaded = loadConfigText(`version: 1\n${line}\nregion: us-east-1\n${REST}`, 'c.yaml');

    const problem = loaded.ok ? undefined : loaded.problems[0];
    expect(problem?.what).toContain(what);
    expect(problem?.value).toBe(value);
  });

  test.each(['on', 'off', 'yes', 'no', 'Off'])('%s is a text, not a boolean, and the message says what to write', (word) => {
    const loaded = loadConfigText(
      `${HEAD}clusters: [{ name: prod, controlPlane: { disableOnDelete: ${word} } }]\nsources: [{ name: a, cluster: prod, kind: application }]\n`,
      'c.yaml',
    );

    expect(loaded.ok ? undefined : loaded.problems[0]?.what).toBe(`YAML 1.2 reads ${word} as a text; write ${/^(on|yes)$/i.test(word)}`);
  });

  test.each<[string, string, string]>([
    ['a key that stands twice', `${HEAD}prefix: a\n§prefix: b\n${REST}`, 'the same key stands twice'],
    ['a tab as indent', `${HEAD}clusters:\n§\t- name: prod\n`, 'tab'],
    ['a bracket that is never closed', `${HEAD}clusters: [{ name: prod }\n§sources: []\n`, 'is not closed'],
    ['an alias without an anchor', `${HEAD}clusters: *nothing\n${REST}`, 'alias'],
    ['an alias inside of its own anchor', `${HEAD}tags: &t { a: §*t }\n${REST}`, 'no anchor stands before this alias'],
    ['a tag', `${HEAD}prefix: §!!python/object x\n${REST}`, 'tags (`!name`) are not read here'],
    ['a colon without a space', `${HEAD}§prefix:x\n${REST}`, 'between them stand a colon and a space'],
    ['two documents', `${HEAD}${REST}§---\nversion: 1\n`, 'several YAML documents'],
    ['an error behind the second of two documents', `${HEAD}§---\nprefix: x\n`, 'several YAML documents'],
    ['a merge key', `${HEAD}kms: { §<<: { mode: own } }\n${REST}`, 'merge keys'],
  ])('%s', (_name, source, what) => {
    const { text, line, column } = source.includes('§')
      ? marked(source)
      : { text: source, line: expect.any(Number), column: expect.any(Number) };

    const loaded = loadConfigText(text, 'c.yaml');

    expect(loaded.ok ? [] : loaded.problems).toContainEqual(expect.objectContaining({ what: expect.stringContaining(what), line, column }));
  });

  test('an anchor bomb is refused in a moment', () => {
    let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
    for (let i = 1; i < 12; i++) text += `a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]\n`;
    const started = performance.now();

    const loaded = loadConfigText(text, 'c.yaml');

    expect(loaded.ok ? undefined : loaded.problems[0]?.what).toContain('alias');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test.each<[string, string]>([
    ['brackets', '['.repeat(10_000)],
    ['closed brackets', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['maps in flow style', '{ a: '.repeat(10_000)],
    ['lists in block style', `\n${'- '.repeat(10_000)}`],
    ['complex keys', `\n${'? '.repeat(10_000)}`],
    ['indented maps', `\n${Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level + 1)}a:`).join('\n')}`],
  ])('%s that nest without end are one problem with a place, in a moment', (_name, value) => {
    const started = performance.now();

    const loaded = loadConfigText(`${HEAD}${REST}tags: ${value}\n`, 'c.yaml');

    expect(loaded.ok ? [] : loaded.problems).toEqual([
      {
        file: 'c.yaml',
        line: expect.any(Number),
        column: expect.any(Number),
        field: '',
        what: expect.stringContaining('far deeper'),
        limit: '64 levels',
      },
    ]);
    expect(loaded.ok ? 0 : loaded.problems[0]?.line).toBeGreaterThanOrEqual(6);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('one mistake is not hundreds of problems', () => {
    const loaded = loadConfigText(`${HEAD}${'x: "\n'.repeat(500)}`, 'c.yaml');

    expect(loaded.ok ? 0 : loaded.problems.length).toBeLessThanOrEqual(10);
  });

  test('aliases within reason work', () => {
    const loaded = loadConfigText(
      `${HEAD}clusters: [{ name: a, retentionDays: &days { host: 7 } }, { name: b, retentionDays: *days }]\nsources: [{ name: app, cluster: a, kind: application }]\n`,
      'c.yaml',
    );

    expect(loaded.ok && loaded.config.clusters[1]?.retentionDays.host).toBe(7);
  });

  test('a byte order mark before the text is no problem', () => {
    expect(loadConfigText(`\uFEFF${HEAD}${REST}`, 'c.yaml').ok).toBe(true);
  });

  test.each(['', '\n', '# only a comment\n', '[]', 'text', '7', 'null', '---\n'])(
    'a file that is no map (%j) is a problem, not a crash',
    (text) => {
      expect(loadConfigText(text, 'c.yaml').ok).toBe(false);
    },
  );

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('a field called %s is unknown like any other', (name) => {
    const loaded = loadConfigText(`${HEAD}${REST}${name}: 1\n`, 'c.yaml');

    expect(loaded.ok ? [] : loaded.problems.map(({ field, line }) => `${line} ${field}`)).toEqual([`6 ${name}`]);
  });
});

describe('reading the file', () => {
  test('a file that is not there is one problem with its name', () => {
    expect(loadConfig('/nowhere/c.yaml')).toEqual({
      ok: false,
      problems: [{ file: '/nowhere/c.yaml', line: 1, column: 1, field: '', what: 'there is no such file' }],
      warnings: [],
    });
  });

  test('a folder is a problem too', () => {
    const loaded = loadConfig(tmpdir());

    expect(loaded.ok ? undefined : loaded.problems[0]?.what).toContain('this is a folder; name a file in it');
  });

  test('a file above the size limit is refused before it is parsed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const file = join(folder, 'big.yaml');
    writeFileSync(file, `#${'x'.repeat(1_000_001)}\n`);

    const loaded = loadConfig(file);
    rmSync(folder, { recursive: true });

    expect(loaded.ok ? undefined : loaded.problems[0]).toMatchObject({
      what: expect.stringContaining('1000003 bytes'),
      limit: '1000000 bytes',
    });
  });
});

test('a problem prints as file:line:column: field: what, limit, value', () => {
  const problem = {
    file: 'c.yaml',
    line: 3,
    column: 7,
    field: 'sources[0].stream.batchSize',
    what: 'the number is too large',
    limit: 'at most 10000',
    value: '10001',
  };

  expect(formatProblem(problem)).toBe(
    'c.yaml:3:7: sources[0].stream.batchSize: the number is too large, limit: at most 10000, value: 10001',
  );
});
