import { type Additions, sameBody } from '../core/delivery/same-body.ts';
import type { NamedBody } from '../core/index/search-setup.ts';
import { type AdminPorts, accepted, untilDone } from './search-admin.ts';

/** What happened to one named thing. */
export type Change = 'created' | 'updated' | 'unchanged';

/** How one kind of thing is read and written. */
interface Kind {
  /** As error texts call it. */
  readonly title: string;
  readonly path: (name: string) => string;
  /** The stored thing in the shape of what is sent. */
  readonly stored: (answer: unknown, name: string) => unknown;
  /** Query of an update, from the answer that was read. */
  readonly updateQuery?: (answer: unknown) => { readonly [name: string]: string };
  readonly additions?: Additions;
}

type Answer = { readonly [key: string]: unknown } | undefined;

/** Component templates: mappings shared by index templates. */
export const COMPONENT_TEMPLATE: Kind = {
  title: 'component template',
  path: (name) => `/_component_template/${encodeURIComponent(name)}`,
  stored: (answer) =>
    (answer as { component_templates?: { component_template?: unknown }[] } | undefined)?.component_templates?.[0]?.component_template,
};

/** Index templates: what an index starts with. */
export const INDEX_TEMPLATE: Kind = {
  title: 'index template',
  path: (name) => `/_index_template/${encodeURIComponent(name)}`,
  stored: (answer) => (answer as { index_templates?: { index_template?: unknown }[] } | undefined)?.index_templates?.[0]?.index_template,
};

/** ISM policies. A change must name the version that it replaces. */
export const ISM_POLICY: Kind = {
  title: 'ISM policy',
  path: (name) => `/_plugins/_ism/policies/${encodeURIComponent(name)}`,
  stored: (answer) => (answer === undefined ? undefined : { policy: (answer as { policy?: unknown }).policy }),
  updateQuery: (answer) => {
    const { _seq_no, _primary_term } = answer as { _seq_no?: number; _primary_term?: number };
    return { if_seq_no: String(_seq_no), if_primary_term: String(_primary_term) };
  },
  // ISM gives every action a retry of its own where the policy names none.
  additions: { keys: new Set(['policy_id', 'last_updated_time', 'schema_version', 'error_notification', 'retry', 'user']) },
};

const SECURITY: Additions = {
  keys: new Set(['reserved', 'hidden', 'static', 'dls', 'fls', 'masked_fields', 'description', 'and_backend_roles']),
};

/** Roles of the security plugin. */
export const ROLE: Kind = {
  title: 'role',
  path: (name) => `/_plugins/_security/api/roles/${encodeURIComponent(name)}`,
  stored: (answer, name) => (answer as Answer)?.[name],
  additions: SECURITY,
};

/** Role mappings of the security plugin. */
export const ROLE_MAPPING: Kind = {
  title: 'role mapping',
  path: (name) => `/_plugins/_security/api/rolesmapping/${encodeURIComponent(name)}`,
  stored: (answer, name) => (answer as Answer)?.[name],
  additions: SECURITY,
};

/** Makes one thing what it should be: read, compare, write only a difference. Safe to repeat at any point. */
export async function install(kind: Kind, { name, body }: NamedBody, ports: AdminPorts): Promise<Change> {
  const what = `${kind.title} ${name}`;
  // A PUT whose answer was lost finds itself done when it is repeated; that is still a change of ours.
  let wrote: Change | undefined;
  return untilDone(what, ports, async () => {
    const found = accepted(`read ${what}`, await ports.request('GET', kind.path(name)), true);
    const stored = kind.stored(found, name);
    if (stored !== undefined && sameBody(body, stored, kind.additions)) return wrote ?? 'unchanged';
    const isThere = stored !== undefined;
    wrote = isThere ? 'updated' : 'created';
    const query = isThere && kind.updateQuery ? kind.updateQuery(found) : undefined;
    accepted(`write ${what}`, await ports.request('PUT', kind.path(name), body, query));
    return wrote;
  });
}
