/**
 * Shapes of the bodies that the ISM and the security plugin take, written down from their documentation
 * (docs.opensearch.org: ISM policies; security plugin, role and role mapping APIs). Where an engine has neither plugin, this is what a body is held to.
 */
type Check = (value: unknown, path: string) => string[];

const fail = (path: string, what: string): string[] => [`${path}: ${what}`];

const text: Check = (value, path) => (typeof value === 'string' && value !== '' ? [] : fail(path, 'must be a text that is not empty'));

const whole: Check = (value, path) => (Number.isInteger(value) && (value as number) >= 0 ? [] : fail(path, 'must be a whole number'));

const matching =
  (pattern: RegExp, what: string): Check =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? [] : fail(path, what);

const oneOf = (...values: string[]): Check => matching(new RegExp(`^(?:${values.join('|')})$`), `must be one of ${values.join(', ')}`);

const listOf =
  (check: Check, least = 0): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return fail(path, 'must be a list');
    if (value.length < least) return fail(path, `must have at least ${least} entries`);
    return value.flatMap((item, position) => check(item, `${path}[${position}]`));
  };

const object =
  (required: { readonly [key: string]: Check }, optional: { readonly [key: string]: Check } = {}): Check =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'must be an object');
    const members = value as { readonly [key: string]: unknown };
    const problems: string[] = [];
    for (const key of Object.keys(required)) if (!Object.hasOwn(members, key)) problems.push(...fail(path, `lacks ${key}`));
    for (const [key, member] of Object.entries(members)) {
      const check = Object.hasOwn(required, key) ? required[key] : Object.hasOwn(optional, key) ? optional[key] : undefined;
      problems.push(...(check ? check(member, `${path}.${key}`) : fail(`${path}.${key}`, 'is not known')));
    }
    return problems;
  };

const TIME = matching(/^\d+(?:d|h|m|s|ms|micros|nanos)$/, 'must be a time such as 7d');
const EMPTY = object({});

/** Actions that our policies use, of those that the service knows. */
const ACTIONS: { readonly [action: string]: Check } = {
  force_merge: object({ max_num_segments: whole }),
  read_only: EMPTY,
  read_write: EMPTY,
  replica_count: object({ number_of_replicas: whole }),
  index_priority: object({ priority: whole }),
  delete: EMPTY,
  warm_migration: EMPTY,
  cold_migration: object({}, { start_time: text, end_time: text, timestamp_field: text, ignore: text }),
  cold_delete: EMPTY,
};

const action: Check = (value, path) => {
  const retry = object({ count: whole }, { backoff: oneOf('exponential', 'constant', 'linear'), delay: TIME });
  const problems = object({}, { ...ACTIONS, retry, timeout: TIME })(value, path);
  if (problems.length > 0) return problems;
  const named = Object.keys(value as object).filter((key) => Object.hasOwn(ACTIONS, key));
  return named.length === 1 ? [] : fail(path, `must name one action, names ${named.length}`);
};

const transition = object({ state_name: text }, { conditions: object({}, { min_index_age: TIME, min_doc_count: whole, min_size: text }) });

const policy = object({
  policy: object(
    {
      description: text,
      default_state: text,
      states: listOf(object({ name: text, actions: listOf(action), transitions: listOf(transition) }), 1),
    },
    { ism_template: listOf(object({ index_patterns: listOf(text, 1) }, { priority: whole })), error_notification: object({}) },
  ),
});

const role = object(
  {},
  {
    description: text,
    cluster_permissions: listOf(text),
    index_permissions: listOf(
      object(
        { index_patterns: listOf(text), allowed_actions: listOf(text) },
        { dls: text, fls: listOf(text), masked_fields: listOf(text) },
      ),
    ),
    tenant_permissions: listOf(object({ tenant_patterns: listOf(text), allowed_actions: listOf(text) })),
  },
);

const roleMapping = object(
  {},
  { backend_roles: listOf(text), and_backend_roles: listOf(text), hosts: listOf(text), users: listOf(text), description: text },
);

/** What is wrong with an ISM policy's body; besides its shape, every state that a transition names must be there. */
export function policyProblems(body: unknown): string[] {
  const problems = policy(body, 'body');
  if (problems.length > 0) return problems;
  const { states, default_state } = (
    body as { policy: { states: { name: string; transitions: { state_name: string }[] }[]; default_state: string } }
  ).policy;
  const names = new Set(states.map(({ name }) => name));
  const asked = [default_state, ...states.flatMap(({ transitions }) => transitions.map(({ state_name }) => state_name))];
  return asked.filter((name) => !names.has(name)).map((name) => `body.policy: there is no state ${name}`);
}

/** What is wrong with a role's body. */
export function roleProblems(body: unknown): string[] {
  return role(body, 'body');
}

/** What is wrong with a role mapping's body. */
export function roleMappingProblems(body: unknown): string[] {
  return roleMapping(body, 'body');
}
