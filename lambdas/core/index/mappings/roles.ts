import { indexPattern } from '../index-name.ts';
import type { NamedBody, SearchFamily, SearchSetup } from '../search-setup.ts';

const READ = ['read', 'search', 'get', 'indices:admin/mappings/get', 'indices:admin/mappings/fields/get*', 'indices:admin/resolve/index'];
// An index is made by its first document. The functions send `create`, and `index` for records of several lines: they can neither read nor delete one.
const WRITE = ['indices:admin/create', 'indices:admin/mapping/auto_put', 'indices:data/write/index', 'indices:data/write/bulk*'];

/** Roles of the security plugin: one for admins, one for the functions, one per family that has readers. */
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
  return result;
}

/** Who has these roles. */
export function roleMappings(setup: SearchSetup): NamedBody[] {
  const { admins, writers, readers } = setup.access;
  return [
    mapping(setup, 'admin', admins),
    mapping(setup, 'writer', writers),
    ...readers.map(({ family, backendRoles }) => mapping(setup, readerName(family), backendRoles)),
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
