import { type AdminPorts, accepted, untilDone } from './search-admin.ts';
import { pathGroups } from './search-indices.ts';

/** What became of the indices of one policy. */
export interface Attachment {
  /** Had no policy and have this one now. */
  readonly attached: number;
  /** Had an older version of it and get the new one. */
  readonly changed: number;
  /** ISM was in the middle of something with them: they get the newest version when it begins with them, or with the next set-up. */
  readonly waiting: number;
  /** Somebody else's policy manages them: left alone. */
  readonly foreign: readonly string[];
}

interface Explained {
  readonly policy_id?: string | null;
  readonly policy_seq_no?: number | null;
  readonly 'index.plugins.index_state_management.policy_id'?: string | null;
}

interface Outcome {
  readonly failures?: boolean;
  readonly failed_indices?: readonly { readonly index_name?: string; readonly reason?: string }[];
}

/**
 * Puts a policy on indices that are there, and its newest version on those that have an older one: ISM gives a policy only to new indices,
 * and an index keeps the version that it started with, so a changed retention would otherwise not reach what is stored.
 */
export async function attachPolicy(policy: string, indices: readonly string[], ports: AdminPorts): Promise<Attachment> {
  const version = await currentVersion(policy, ports);
  const groups: Attachment[] = [];
  for (const group of pathGroups(indices))
    groups.push(await untilDone(`policy ${policy}`, ports, () => attachGroup(policy, version, group, ports)));
  const sum = (of: (group: Attachment) => number): number => groups.reduce((total, group) => total + of(group), 0);
  return {
    attached: sum(({ attached }) => attached),
    changed: sum(({ changed }) => changed),
    waiting: sum(({ waiting }) => waiting),
    foreign: groups.flatMap(({ foreign }) => foreign),
  };
}

async function attachGroup(policy: string, version: number | undefined, group: readonly string[], ports: AdminPorts): Promise<Attachment> {
  const names = group.map(encodeURIComponent).join(',');
  const answer = await ports.request('GET', `/_plugins/_ism/explain/${names}`);
  const explained = accepted(`explain ${policy}`, answer, true) as { readonly [index: string]: Explained | number } | undefined;
  const bare: string[] = [];
  const outdated: string[] = [];
  const foreign: string[] = [];
  for (const index of group) {
    const state = explained?.[index];
    if (typeof state !== 'object') continue;
    const owner = state.policy_id ?? state['index.plugins.index_state_management.policy_id'] ?? undefined;
    if (owner === undefined) bare.push(index);
    else if (owner !== policy) foreign.push(index);
    else if (state.policy_seq_no !== version) outdated.push(index);
  }
  const attached = await tell('add', policy, bare, ports);
  const changed = await tell('change_policy', policy, outdated, ports);
  return { attached, changed, waiting: bare.length + outdated.length - attached - changed, foreign };
}

async function currentVersion(policy: string, ports: AdminPorts): Promise<number | undefined> {
  return untilDone(`policy ${policy}`, ports, async () => {
    const answer = accepted(`read ${policy}`, await ports.request('GET', `/_plugins/_ism/policies/${encodeURIComponent(policy)}`));
    return (answer as { _seq_no?: number })._seq_no;
  });
}

async function tell(action: 'add' | 'change_policy', policy: string, indices: readonly string[], ports: AdminPorts): Promise<number> {
  if (indices.length === 0) return 0;
  const path = `/_plugins/_ism/${action}/${indices.map(encodeURIComponent).join(',')}`;
  const outcome = accepted(`${action} ${policy}`, await ports.request('POST', path, { policy_id: policy })) as Outcome;
  const failed = (outcome.failed_indices ?? []).filter(({ reason }) => !isHarmless(reason ?? ''));
  if (outcome.failures && failed.length > 0) {
    const first = failed[0];
    throw new Error(
      `${action} ${policy}: ${failed.length} of ${indices.length} indices refused, ${first?.index_name ?? ''}: ${first?.reason ?? ''}`,
    );
  }
  return indices.length - (outcome.failed_indices?.length ?? 0);
}

/** Got one meanwhile, ISM has not begun with it yet (and will begin with the newest version), or is just changing its state. */
function isHarmless(reason: string): boolean {
  return /already has a policy|not being managed|not been initialized|while transitioning/i.test(reason);
}
