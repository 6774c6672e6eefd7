import { policyProblems, roleMappingProblems, roleProblems } from '../../../../lambdas/core/delivery/api-shapes.ts';
import { searchTemplates } from '../../../../lambdas/core/index/mappings/templates.ts';
import type { SearchFamily } from '../../../../lambdas/core/index/search-setup.ts';

const policyOf = (change: object): unknown => ({
  policy: {
    description: 'x',
    default_state: 'hot',
    states: [
      { name: 'hot', actions: [], transitions: [{ state_name: 'delete', conditions: { min_index_age: '30d' } }] },
      { name: 'delete', actions: [{ retry: { count: 5, backoff: 'constant', delay: '1h' }, delete: {} }], transitions: [] },
    ],
    ism_template: [{ index_patterns: ['eks-audit-prod-*'], priority: 516 }],
    ...change,
  },
});
const withAction = (action: object): unknown => policyOf({ states: [{ name: 'hot', actions: [action], transitions: [] }] });

test.each<[string, unknown, string | undefined]>([
  ['a policy as documented', policyOf({}), undefined],
  ['a misspelt action', withAction({ forcemerge: {} }), 'body.policy.states[0].actions[0].forcemerge: is not known'],
  ['two actions in one', withAction({ delete: {}, read_only: {} }), 'must name one action, names 2'],
  [
    'an unknown backoff',
    withAction({ retry: { count: 1, backoff: 'sometimes' }, delete: {} }),
    'must be one of exponential, constant, linear',
  ],
  ['a transition to nowhere', policyOf({ default_state: 'warm' }), 'there is no state warm'],
  [
    'an age that is a number',
    policyOf({ states: [{ name: 'hot', actions: [], transitions: [{ state_name: 'hot', conditions: { min_index_age: 30 } }] }] }),
    'must be a time such as 7d',
  ],
  ['a template without patterns', policyOf({ ism_template: [{ index_patterns: [] }] }), 'must have at least 1 entries'],
  ['a body without its envelope', { states: [] }, 'lacks policy'],
])('%s', (_name, body, problem) => {
  if (problem === undefined) expect(policyProblems(body)).toEqual([]);
  else expect(policyProblems(body).join('\n')).toContain(problem);
});

test.each<[string, unknown, string]>([
  ['a misspelt member', { index_permission: [] }, 'body.index_permission: is not known'],
  ['permissions without actions', { index_permissions: [{ index_patterns: ['a'] }] }, 'lacks allowed_actions'],
])('a role with %s', (_name, body, problem) => {
  expect(roleProblems(body).join('\n')).toContain(problem);
});

test('a role mapping names backend roles as texts', () => {
  expect(roleMappingProblems({ backend_roles: [1] })).toEqual(['body.backend_roles[0]: must be a text that is not empty']);
});

test('everything that is installed has the documented shape, in each combination of tiers', () => {
  const base: SearchFamily = {
    name: 'eks-audit',
    kind: 'audit',
    clusters: ['prod'],
    period: 'day',
    retentionDays: 90,
    shards: 1,
    replicas: 1,
    refreshSeconds: 30,
    fields: {},
  };
  const families: SearchFamily[] = [
    base,
    { ...base, name: 'warm', warmAfterDays: 7 },
    { ...base, name: 'cold', warmAfterDays: 7, coldAfterDays: 30 },
    { ...base, name: 'short', retentionDays: 1, period: 'hour' },
  ];
  const access = { admins: ['arn:aws:iam::111122223333:role/admin'], readers: [{ family: '*', backendRoles: ['all'] }], writers: [] };
  const templates = searchTemplates({ prefix: 'eks-telemetry', families, access });

  expect(templates.policies).toHaveLength(4);
  expect(templates.policies.flatMap(({ body }) => policyProblems(body))).toEqual([]);
  expect(templates.roles.flatMap(({ body }) => roleProblems(body))).toEqual([]);
  expect(templates.roleMappings.flatMap(({ body }) => roleMappingProblems(body))).toEqual([]);
});
