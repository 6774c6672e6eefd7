import { runSetup, type SetupReport } from '../../../lambdas/clients/search-setup-run.ts';
import { searchTemplates } from '../../../lambdas/core/index/mappings/templates.ts';
import type { SearchFamily, SearchSetup } from '../../../lambdas/core/index/search-setup.ts';
import { FakeDomain } from './fake-domain.ts';

const AUDIT: SearchFamily = {
  name: 'eks-audit',
  kind: 'audit',
  clusters: ['prod', 'prod-2'],
  period: 'day',
  retentionDays: 90,
  warmAfterDays: 7,
  shards: 1,
  replicas: 1,
  refreshSeconds: 30,
  fields: {},
};
const POLICY = 'eks-telemetry-eks-audit';

function run(domain: FakeDomain, change: Partial<SearchFamily> = {}): Promise<SetupReport> {
  const setup: SearchSetup = {
    prefix: 'eks-telemetry',
    families: [{ ...AUDIT, ...change }],
    access: {
      admins: ['arn:aws:iam::111122223333:role/admin'],
      readers: [{ family: 'eks-audit', backendRoles: ['auditors'] }],
      writers: ['arn:aws:iam::111122223333:role/indexer'],
    },
  };
  return runSetup(
    { setup, templates: searchTemplates(setup), plugins: { ism: true, security: true }, nowMs: Date.UTC(2026, 10, 21) },
    domain.ports,
  );
}

test('a fresh domain gets everything, and a second run writes nothing', async () => {
  const domain = new FakeDomain();

  const first = await run(domain);
  const writes = domain.writes.length;
  const second = await run(domain);

  expect(first.notRun).toEqual([]);
  expect(first.changes['ISM policy']).toEqual({ created: 1, updated: 0, unchanged: 0 });
  expect(first.changes['role mapping']).toEqual({ created: 3, updated: 0, unchanged: 0 });
  expect(domain.writes).toHaveLength(writes);
  expect(second.changes['ISM policy']).toEqual({ created: 0, updated: 0, unchanged: 1 });
});

test('roles are there before the first template', async () => {
  const domain = new FakeDomain();

  await run(domain);

  expect(domain.writes[0]).toBe('/_plugins/_security/api/roles/eks-telemetry-admin');
});

test('a changed retention replaces the policy and reaches the indices that are there', async () => {
  const domain = new FakeDomain();
  await run(domain);
  for (const day of ['18', '19', '20']) domain.indices.set(`eks-audit-prod-2026.11.${day}`, { policy_id: POLICY, policy_seq_no: null });
  domain.runIsm();
  domain.writes.length = 0;

  const report = await run(domain, { retentionDays: 30 });

  expect(report.changes['ISM policy']).toEqual({ created: 0, updated: 1, unchanged: 0 });
  expect(report.policies).toEqual({ attached: 0, changed: 3, waiting: 0, foreign: [] });
  expect(domain.writes).toEqual([
    `/_plugins/_ism/policies/${POLICY}`,
    'change eks-audit-prod-2026.11.18',
    'change eks-audit-prod-2026.11.19',
    'change eks-audit-prod-2026.11.20',
  ]);
});

test('indices from before the policy get it, those of another policy are left alone, those that ISM has not begun with need nothing', async () => {
  const domain = new FakeDomain();
  domain.indices.set('eks-audit-prod-2026.11.18', { policy_id: null, policy_seq_no: null });
  domain.indices.set('eks-audit-prod-2026.11.19', { policy_id: 'somebody-elses', policy_seq_no: 3 });
  domain.indices.set('eks-audit-prod-2026.11.20', { policy_id: POLICY, policy_seq_no: null });

  const report = await run(domain);

  expect(report.policies).toEqual({ attached: 1, changed: 0, waiting: 1, foreign: ['eks-audit-prod-2026.11.19'] });
  expect(domain.indices.get('eks-audit-prod-2026.11.18')?.policy_id).toBe(POLICY);
  expect(domain.indices.get('eks-audit-prod-2026.11.19')?.policy_id).toBe('somebody-elses');
});

test('an index of a cluster with a longer name is counted once', async () => {
  const domain = new FakeDomain();
  domain.indices.set('eks-audit-prod-2-2026.11.18', { policy_id: null, policy_seq_no: null });

  expect((await run(domain)).policies.attached).toBe(1);
});

test('hundreds of indices are told in requests that fit into a path', async () => {
  const domain = new FakeDomain();
  for (let n = 0; n < 400; n++) domain.indices.set(`eks-audit-prod-2026.01.01.${n}`, { policy_id: null, policy_seq_no: null });
  const paths: string[] = [];
  const { request } = domain.ports;
  const ports = {
    ...domain.ports,
    request: (async (method, path, ...rest) => {
      paths.push(path);
      return request(method, path, ...rest);
    }) as typeof request,
  };

  const setup: SearchSetup = { prefix: 'eks-telemetry', families: [AUDIT], access: { admins: [], readers: [], writers: [] } };
  const report = await runSetup(
    { setup, templates: searchTemplates(setup), plugins: { ism: true, security: true }, nowMs: domain.now },
    ports,
  );

  expect(report.policies.attached).toBe(400);
  expect(Math.max(...paths.map((path) => path.length))).toBeLessThan(4_000);
});

test('a fresh domain that refuses, hangs up and answers 403 until its roles have spread is waited for', async () => {
  const domain = new FakeDomain();
  domain.troubles.push('refused', 'refused', 503, 403, 403, 403, 429);

  expect((await run(domain)).changes['ISM policy']).toMatchObject({ created: 1 });
});

test('an answer that was lost after the work was done is neither a failure nor a second write', async () => {
  const domain = new FakeDomain();
  // Greeting, read role, write role: the third answer is lost.
  domain.troubles.push('none', 'none', 'lost');

  const report = await run(domain);

  expect(domain.writes.filter((path) => path.endsWith('/roles/eks-telemetry-admin'))).toHaveLength(1);
  expect(report.changes['role']).toEqual({ created: 3, updated: 0, unchanged: 0 });
});

test('a policy that somebody changed in between is read again before it is written', async () => {
  const domain = new FakeDomain();
  await run(domain);
  const { request } = domain.ports;
  let once = true;
  const racing: typeof request = async (method, path, body, query) => {
    const policy = `/_plugins/_ism/policies/${POLICY}`;
    if (method === 'PUT' && path === policy && once) {
      once = false;
      const stored = domain.things.get(policy);
      if (stored) stored.seqNo += 1000;
    }
    return request(method, path, body, query);
  };
  const setup: SearchSetup = {
    prefix: 'eks-telemetry',
    families: [{ ...AUDIT, retentionDays: 10 }],
    access: { admins: [], readers: [], writers: [] },
  };

  const report = await runSetup(
    { setup, templates: searchTemplates(setup), plugins: { ism: true, security: true }, nowMs: domain.now },
    { ...domain.ports, request: racing },
  );

  expect(report.changes['ISM policy']).toMatchObject({ updated: 1 });
});

test('an error of the security or the ISM plugin is never swallowed', async () => {
  const refusing = (part: string, status: number): Promise<SetupReport> => {
    const domain = new FakeDomain();
    const { request } = domain.ports;
    const setup: SearchSetup = { prefix: 'eks-telemetry', families: [AUDIT], access: { admins: [], readers: [], writers: [] } };
    return runSetup(
      { setup, templates: searchTemplates(setup), plugins: { ism: true, security: true }, nowMs: domain.now },
      {
        ...domain.ports,
        request: async (method, path, body, query) =>
          method !== 'GET' && path.includes(part) ? { status, body: { error: { reason: 'no' } } } : request(method, path, body, query),
      },
    );
  };

  await expect(refusing('/_security/', 400)).rejects.toThrow('write role eks-telemetry-admin: HTTP 400');
  await expect(refusing('/_ism/policies', 400)).rejects.toThrow(`write ISM policy ${POLICY}: HTTP 400`);
  await expect(refusing('/_security/', 403)).rejects.toThrow('no success while there was time');
});

test('gives up in time to answer CloudFormation', async () => {
  const domain = new FakeDomain(120_000);
  domain.troubles.push(...new Array<number>(1_000).fill(403));

  await expect(run(domain)).rejects.toThrow('waiting for OpenSearch: no success while there was time; last: greeting: HTTP 403');
  expect(domain.ports.remainingMs()).toBeGreaterThanOrEqual(10_000);
});
