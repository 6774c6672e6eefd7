import type { AdminPorts } from '../../lambdas/clients/search-admin.ts';
import { createAdminRequest } from '../../lambdas/clients/search-admin.ts';
import { runSetup, type SetupReport } from '../../lambdas/clients/search-setup-run.ts';
import { searchTemplates } from '../../lambdas/core/index/mappings/templates.ts';
import type { SearchFamily, SearchSetup } from '../../lambdas/core/index/search-setup.ts';
import type { SearchEngine } from '../../local/search-engine/search-engine.ts';
import { describeWithEngine, startTestEngine } from './real-engine.ts';

const NOW = Date.UTC(2026, 10, 21);
const family = (change: Partial<SearchFamily> & { name: string }): SearchFamily => ({
  kind: 'records',
  clusters: ['prod'],
  period: 'day',
  retentionDays: 30,
  shards: 1,
  replicas: 0,
  refreshSeconds: 1,
  fields: {},
  ...change,
});
const setupOf = (...families: SearchFamily[]): SearchSetup => ({
  prefix: 'eks-telemetry',
  families,
  access: {
    admins: ['arn:aws:iam::111122223333:role/platform-admin'],
    readers: [{ family: 'checkout', backendRoles: ['web-team'] }],
    writers: ['arn:aws:iam::111122223333:role/indexer'],
  },
});
/** As `_mapping` answers. */
interface Mappings {
  readonly [index: string]:
    | { readonly mappings: { readonly properties: { readonly [field: string]: { readonly type: string } } } }
    | undefined;
}

const AUDIT = family({ name: 'eks-audit', kind: 'audit', warmAfterDays: 7, clusters: ['prod', 'prod-2'] });
const CHECKOUT = family({ name: 'checkout', fields: { 'http.latency_ms': 'double' } });

describeWithEngine('search-setup on a real OpenSearch', () => {
  let engine: SearchEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ heapMb: 512 });
  }, 120_000);
  afterAll(() => engine?.stop());

  const portsOf = (remainingMs = 60_000): AdminPorts => ({
    request: createAdminRequest(engine.url, 'us-east-1', {}),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    remainingMs: () => remainingMs,
    random: () => 0.5,
  });
  const run = (setup: SearchSetup): Promise<SetupReport> =>
    runSetup({ setup, templates: searchTemplates(setup), plugins: { ism: false, security: false }, nowMs: NOW }, portsOf());
  const call = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: Mappings }> => {
    const response = await fetch(`${engine.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Mappings };
  };

  test('the first run makes the templates, the second changes nothing, and what the engine lacks is named', async () => {
    const first = await run(setupOf(AUDIT, CHECKOUT));
    const second = await run(setupOf(AUDIT, CHECKOUT));

    expect(first.changes).toEqual({
      'component template': { created: 3, updated: 0, unchanged: 0 },
      'index template': { created: 3, updated: 0, unchanged: 0 },
    });
    expect(second.changes).toEqual({
      'component template': { created: 0, updated: 0, unchanged: 3 },
      'index template': { created: 0, updated: 0, unchanged: 3 },
    });
    expect(second.notRun).toEqual(
      expect.arrayContaining([
        'ISM policy eks-telemetry-eks-audit',
        'role eks-telemetry-writer',
        'role mapping eks-telemetry-reader-checkout',
      ]),
    );
  });

  test('a new field reaches the indices that are there', async () => {
    await run(setupOf(AUDIT, CHECKOUT));
    await call('PUT', '/checkout-prod-2026.11.20');

    const report = await run(setupOf(AUDIT, { ...CHECKOUT, fields: { ...CHECKOUT.fields, cart_items: 'integer' } }));

    expect(report.changes['index template']).toMatchObject({ updated: 1 });
    expect(report.takesEffectWithNextIndex).toEqual([]);
    const { body } = await call('GET', '/checkout-prod-2026.11.20/_mapping');
    expect(body['checkout-prod-2026.11.20']?.mappings.properties['cart_items']?.type).toBe('integer');
  });

  test('a field of another type is no error: it takes effect with the next index', async () => {
    await run(setupOf(AUDIT, { ...CHECKOUT, fields: { amount: 'long' } }));
    await call('PUT', '/checkout-prod-2026.11.21');

    const report = await run(setupOf(AUDIT, { ...CHECKOUT, fields: { amount: 'keyword' } }));
    await call('PUT', '/checkout-prod-2026.11.22');

    expect(report.takesEffectWithNextIndex).toContainEqual({ index: 'checkout-prod-2026.11.21', reason: 'illegal_argument_exception' });
    const { body } = await call('GET', '/checkout-prod-*/_mapping');
    expect(body['checkout-prod-2026.11.21']?.mappings.properties['amount']?.type).toBe('long');
    expect(body['checkout-prod-2026.11.22']?.mappings.properties['amount']?.type).toBe('keyword');
  });

  test('an index far in the past keeps its mapping: nothing is written to it any more', async () => {
    await run(setupOf(AUDIT, CHECKOUT));
    await call('PUT', '/checkout-prod-2026.01.01');

    await run(setupOf(AUDIT, { ...CHECKOUT, fields: { ...CHECKOUT.fields, late: 'keyword' } }));

    const { body } = await call('GET', '/checkout-prod-2026.01.01/_mapping');
    expect(body['checkout-prod-2026.01.01']?.mappings.properties['late']).toBeUndefined();
  });

  test('an engine that only comes up later is waited for', async () => {
    await engine.halt('term');
    const running = run(setupOf(AUDIT, CHECKOUT));
    await engine.resume();

    await expect(running).resolves.toMatchObject({ version: engine.version });
  }, 90_000);
});
