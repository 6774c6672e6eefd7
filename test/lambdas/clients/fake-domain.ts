import type { AdminAnswer, AdminPorts, AdminRequest } from '../../../lambdas/clients/search-admin.ts';

interface Stored {
  seqNo: number;
  body: Record<string, unknown>;
}
interface Managed {
  policy_id: string | null;
  policy_seq_no: number | null;
}

/**
 * A domain with the ISM and the security plugin, as their documentation describes the answers; the local engine has neither plugin.
 * Versions, defaults that the server adds, and refusals are those of the documentation.
 */
export class FakeDomain {
  readonly things = new Map<string, Stored>();
  readonly indices = new Map<string, Managed>();
  readonly writes: string[] = [];
  /** Answered before anything else, one per request; `lost` does the work and loses the answer. */
  readonly troubles: (number | 'refused' | 'lost' | 'none')[] = [];
  now = Date.UTC(2026, 10, 21);
  private seqNo = 0;
  private readonly deadline: number;

  constructor(timeMs = 600_000) {
    this.deadline = this.now + timeMs;
  }

  readonly ports: AdminPorts = {
    request: async (method, path, body, query) => {
      this.now += 10;
      const trouble = this.troubles.shift();
      if (trouble === 'refused') throw new Error('connect ECONNREFUSED');
      if (typeof trouble === 'number') return { status: trouble, body: { error: { type: 'security_exception', reason: 'not yet' } } };
      const answer = this.answer(method, decodeURIComponent(path), body, query);
      if (trouble === 'lost') throw new Error('socket hang up');
      return answer;
    },
    sleep: async (ms) => {
      this.now += ms;
    },
    remainingMs: () => this.deadline - this.now,
    random: () => 0.5,
  };

  /** ISM begins with the indices: what runs now is the policy's newest version. */
  runIsm(): void {
    for (const managed of this.indices.values()) {
      if (managed.policy_id !== null)
        managed.policy_seq_no = this.things.get(`/_plugins/_ism/policies/${managed.policy_id}`)?.seqNo ?? null;
    }
  }

  private answer(
    method: Parameters<AdminRequest>[0],
    path: string,
    body: unknown,
    query: { readonly [name: string]: string } | undefined,
  ): AdminAnswer {
    if (path === '/') return { status: 200, body: { version: { number: '3.5.0' } } };
    if (path.startsWith('/_cat/indices/'))
      return { status: 200, body: this.matching(path.slice('/_cat/indices/'.length)).map((index) => ({ index })) };
    if (path.startsWith('/_index_template/_simulate/')) return { status: 200, body: { template: { mappings: { properties: {} } } } };
    if (path.endsWith('/_mapping')) return { status: 200, body: { acknowledged: true } };
    if (path.startsWith('/_plugins/_ism/explain/')) return this.explain(path.slice('/_plugins/_ism/explain/'.length));
    if (path.startsWith('/_plugins/_ism/add/')) return this.manage('add', path.slice('/_plugins/_ism/add/'.length), body);
    if (path.startsWith('/_plugins/_ism/change_policy/'))
      return this.manage('change', path.slice('/_plugins/_ism/change_policy/'.length), body);
    return method === 'GET' ? this.read(path) : this.write(path, body as Record<string, unknown>, query);
  }

  private matching(pattern: string): string[] {
    return [...this.indices.keys()].filter((index) => index.startsWith(pattern.replace(/\*$/, '')));
  }

  private read(path: string): AdminAnswer {
    const stored = this.things.get(path);
    const name = path.split('/').at(-1) ?? '';
    if (!stored) return { status: 404, body: { error: 'not found' } };
    if (path.startsWith('/_component_template/'))
      return { status: 200, body: { component_templates: [{ name, component_template: stored.body }] } };
    if (path.startsWith('/_index_template/')) return { status: 200, body: { index_templates: [{ name, index_template: stored.body }] } };
    if (path.startsWith('/_plugins/_ism/')) {
      const policy = structuredClone(stored.body['policy']) as {
        states: { actions: Record<string, unknown>[] }[];
        ism_template?: Record<string, unknown>[];
      };
      for (const { actions } of policy.states)
        for (const action of actions) action['retry'] ??= { count: 3, backoff: 'exponential', delay: '1m' };
      for (const template of policy.ism_template ?? []) template['last_updated_time'] = 1;
      const added = { policy_id: name, last_updated_time: 1, schema_version: 21, error_notification: null };
      return { status: 200, body: { _id: name, _version: 1, _seq_no: stored.seqNo, _primary_term: 1, policy: { ...policy, ...added } } };
    }
    return { status: 200, body: { [name]: { ...stored.body, reserved: false, hidden: false, static: false } } };
  }

  private write(path: string, body: Record<string, unknown>, query: { readonly [name: string]: string } | undefined): AdminAnswer {
    const stored = this.things.get(path);
    if (path.startsWith('/_plugins/_ism/')) {
      const expected = stored ? String(stored.seqNo) : undefined;
      if (query?.['if_seq_no'] !== expected) return { status: 409, body: { error: { type: 'version_conflict_engine_exception' } } };
    }
    this.things.set(path, { seqNo: ++this.seqNo, body: structuredClone(body) });
    this.writes.push(path);
    return { status: stored ? 200 : 201, body: {} };
  }

  private explain(names: string): AdminAnswer {
    const body: Record<string, unknown> = { total_managed_indices: 0 };
    for (const index of names.split(',')) {
      const managed = this.indices.get(index);
      if (managed)
        body[index] = {
          'index.plugins.index_state_management.policy_id': managed.policy_id,
          ...(managed.policy_id === null ? {} : managed),
        };
    }
    return { status: 200, body };
  }

  private manage(action: 'add' | 'change', names: string, body: unknown): AdminAnswer {
    const failed: { index_name: string; reason: string }[] = [];
    for (const index of names.split(',')) {
      const managed = this.indices.get(index);
      const reason =
        action === 'add' && managed?.policy_id !== null
          ? 'This index already has a policy, use the update policy API to update index policies'
          : action === 'change' && managed?.policy_seq_no === null
            ? 'This managed index has not been initialized yet'
            : undefined;
      if (reason !== undefined) failed.push({ index_name: index, reason });
      else if (managed && action === 'add') managed.policy_id = (body as { policy_id: string }).policy_id;
      if (reason === undefined) this.writes.push(`${action} ${index}`);
    }
    return {
      status: 200,
      body: { updated_indices: names.split(',').length - failed.length, failures: failed.length > 0, failed_indices: failed },
    };
  }
}
