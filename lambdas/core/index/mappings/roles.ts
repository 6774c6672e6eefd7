import { indexPattern } from '../index-name.ts';
import type { NamedBody, SearchFamily, SearchSetup } from '../search-setup.ts';

const READ = ['read', 'search', 'get', 'indices:admin/mappings/get', 'indices:admin/mappings/fields/get*', 'indices:admin/resolve/index'];
// An index is made by its first document. The functions send `create`, and `index` for records of several lines: they can neither read nor delete one.
const WRITE = ['indices:admin/create', 'indices:admin/mapping/auto_put', 'indices:data/write/index', 'indices:data/write/bulk*'];

// Firehose looks at an index before it writes, and makes it by itself. https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
const DELIVER = ['crud', 'create_index', 'manage', 'indices:monitor/*'];

/** Questions from a channel: nothing but searches. */
const SEARCH = ['indices:data/read/search*'];

/** Roles of the security plugin: one for admins, one for the functions, one per family that has readers, one for questions from a channel. */
export function roles(setup: SearchSetup): NamedBody[] {
  const all = setup.families.flatMap(patterns);
  const result: NamedBody[] = [
    role(setup, 'admin', ['*'], [{ patterns: ['*'], actions: ['*'] }], ['kibana_all_write']),
    role(setup, 'writer', ['indices:data/write/bulk', 'cluster:monitor/main'], [{ patterns: all, actions: WRITE }], []),
  ];
  for (const { family } of setup.access.readers) {
    const readable = family === '*' ? all : setup.families.filter(({ name }) => name === family).flatMap(patterns);
    result.push(
      role(setup, readerName(family), ['cluster_composite_ops_ro'], [{ patterns: readable, actions: READ }], ['kibana_all_read']),
    );
  }
  const { chat, deliverers } = setup.access;
  if (deliverers !== undefined)
    result.push(role(setup, 'firehose', ['cluster_composite_ops', 'cluster_monitor'], [{ patterns: all, actions: DELIVER }], []));
  if (chat !== undefined) {
    const searched = setup.families.filter(({ name }) => chat.families.includes(name)).flatMap(patterns);
    result.push(role(setup, 'chat', [], [{ patterns: searched, actions: SEARCH }], []));
  }
  return result;
}

/** Who has these roles. */
export function roleMappings(setup: SearchSetup): NamedBody[] {
  const { admins, chat, deliverers, writers, readers } = setup.access;
  return [
    mapping(setup, 'admin', admins),
    mapping(setup, 'writer', writers),
    ...readers.map(({ family, backendRoles }) => mapping(setup, readerName(family), backendRoles)),
    ...(deliverers === undefined ? [] : [mapping(setup, 'firehose', deliverers)]),
    ...(chat === undefined ? [] : [mapping(setup, 'chat', chat.backendRoles)]),
  ];
}

function readerName(family: string): string {
  return `reader-${family === '*' ? 'all' : family}`;
}

function patterns(family: SearchFamily): string[] {
  return family.clusters.map((cluster) => indexPattern(family.name, cluster));
}

function role(
  setup: SearchSetup,
  name: string,
  cluster: readonly string[],
  indices: readonly { readonly patterns: readonly string[]; readonly actions: readonly string[] }[],
  tenant: readonly string[],
): NamedBody {
  return {
    name: `${setup.prefix}-${name}`,
    body: {
      cluster_permissions: cluster,
      index_permissions: indices.map((index) => ({ index_patterns: index.patterns, allowed_actions: index.actions })),
      tenant_permissions: tenant.length === 0 ? [] : [{ tenant_patterns: ['*'], allowed_actions: tenant }],
    },
  };
}

function mapping(setup: SearchSetup, name: string, backendRoles: readonly string[]): NamedBody {
  return { name: `${setup.prefix}-${name}`, body: { backend_roles: backendRoles, hosts: [], users: [] } };
}
