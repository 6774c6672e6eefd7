import { loadConfigText } from '../../../../lib/config/load.ts';
import { configWith, problemsWith, warningsWith } from '../texts.ts';

const HEAD =
  'version: 1\naccount: "111122223333"\nregion: us-east-1\nclusters: [{ name: prod }]\nsources: [{ name: app, cluster: prod, kind: application }]\n';

test.each(['constructor', 'tostring', 'valueof', 'hasownproperty'])('an index may be named %s', (index) => {
  const applications = [{ name: 'a', match: { namespace: 'n' }, index }];

  expect(problemsWith({ applications })).toEqual([]);
  expect(warningsWith({ applications }).join('\n')).not.toMatch(/NaN|undefined|function/);
  expect(configWith({ applications }).families.find(({ name }) => name === index)).toMatchObject({
    retentionDays: 30,
    shards: 1,
    period: 'day',
  });
});

test.each([
  ['search:\n  families: { __proto__: { period: foo } }\n', 'search.families.__proto__', 7],
  ['patterns:\n  __proto__: { regex: x }\n', 'patterns.__proto__', 7],
  ['tags:\n  __proto__: x\n', 'tags.__proto__', 7],
  ['applications:\n  - { name: a, match: { namespace: n }, fields: { __proto__: long } }\n', 'applications[0].fields.__proto__', 7],
])('a member named __proto__ is told with its place: %j', (text, field, line) => {
  const loaded = loadConfigText(`${HEAD}${text}`, 'c.yaml', { provesRegexes: false });

  expect(loaded.ok ? [] : loaded.problems.filter((problem) => problem.field === field)).toEqual([
    expect.objectContaining({ line, what: 'nothing can have this name; take another' }),
  ]);
});
