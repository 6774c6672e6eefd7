import { hash } from 'node:crypto';
import { searchTemplates } from '../../lambdas/core/index/mappings/templates.ts';
import type { SearchFamily } from '../../lambdas/core/index/search-setup.ts';
import { transformBatch } from '../../lambdas/core/index/transform.ts';
import type { SourceBatch } from '../../lambdas/core/index/types.ts';
import { DEFAULT_REDACTION } from '../../lambdas/core/redact/rule-names.ts';
import { compileRules } from '../../lambdas/core/rules/compile.ts';
import type { FieldType, Rules } from '../../lambdas/core/rules/rules.ts';
import { writeUtf8 } from '../../lambdas/events/utf8.ts';
import type { SearchEngine } from '../../local/search-engine/search-engine.ts';
import { HOSTILE_AUDIT, HOSTILE_JSON, HOSTILE_LINES, HOSTILE_TEXT } from './hostile-events.ts';
import { describeWithEngine, startTestEngine } from './real-engine.ts';

const NOW = Date.UTC(2026, 10, 21, 8, 30);
const FIELDS: { readonly [field: string]: FieldType } = {
  durationMs: 'long',
  active: 'boolean',
  when: 'date',
  peer: 'ip',
  'http.status': 'integer',
  ratio: 'double',
  note: 'text',
};
const FAMILIES = ['eks-audit', 'eks-api', 'eks-authenticator', 'eks-controller-manager', 'eks-scheduler', 'eks-application', 'checkout'];
const RULES: Rules = {
  account: '111122223333',
  region: 'us-east-1',
  sources: [
    {
      name: 'control-plane',
      kind: 'controlPlane',
      cluster: 'prod',
      clusterIndexName: 'prod',
      logGroups: ['/aws/eks/prod/cluster'],
      family: 'eks-api',
      controlPlaneFamilies: {
        audit: 'eks-audit',
        api: 'eks-api',
        authenticator: 'eks-authenticator',
        controllerManager: 'eks-controller-manager',
        scheduler: 'eks-scheduler',
      },
      format: 'auto',
      exclusions: [],
    },
    {
      name: 'application',
      kind: 'application',
      cluster: 'prod',
      clusterIndexName: 'prod',
      logGroups: ['/aws/containerinsights/prod/application'],
      family: 'eks-application',
      format: 'auto',
      exclusions: [],
    },
  ],
  applications: [
    {
      name: 'checkout',
      match: { namespace: 'shop', container: 'checkout' },
      format: 'json',
      fields: FIELDS,
      family: 'checkout',
      exclusions: [],
    },
  ],
  families: Object.fromEntries(FAMILIES.map((name) => [name, { period: 'day', retentionDays: 30 }])),
  redaction: DEFAULT_REDACTION,
  timeBounds: { backMs: 14 * 86_400_000, aheadMs: 7_200_000 },
};

const familyOf = (name: string): SearchFamily => ({
  name,
  kind: name === 'eks-audit' ? 'audit' : 'records',
  clusters: ['prod'],
  period: 'day',
  retentionDays: 30,
  shards: 1,
  replicas: 0,
  refreshSeconds: 1,
  fields: name === 'checkout' ? FIELDS : {},
});

interface Stream {
  readonly logGroup: string;
  readonly logStream: string;
  /** What the collector makes of a line. */
  readonly wrap: (text: string) => string;
}
const asIs = (text: string): string => text;
const inRecord =
  (container: string) =>
  (log: string): string =>
    JSON.stringify({
      log,
      stream: 'stdout',
      time: '2026-11-21T08:27:07.171527756Z',
      kubernetes: {
        pod_name: 'p',
        namespace_name: 'shop',
        container_name: container,
        docker_id: 'd'.repeat(64),
        labels: { app: 'x', 'app.kubernetes.io/name': 'y' },
      },
    });
const AUDIT: Stream = { logGroup: '/aws/eks/prod/cluster', logStream: 'kube-apiserver-audit-0123', wrap: asIs };
const STREAMS: { readonly [name: string]: Stream } = {
  audit: AUDIT,
  api: { ...AUDIT, logStream: 'kube-apiserver-0123' },
  authenticator: { ...AUDIT, logStream: 'authenticator-0123' },
  'unknown prefix': { ...AUDIT, logStream: 'kube-something-new-0123' },
  'container read as JSON': { logGroup: '/aws/containerinsights/prod/application', logStream: 'n', wrap: inRecord('checkout') },
  'container read by auto': { logGroup: '/aws/containerinsights/prod/application', logStream: 'n', wrap: inRecord('other') },
  'bare lines in the application group': { logGroup: '/aws/containerinsights/prod/application', logStream: 'n', wrap: asIs },
};

interface BulkAnswer {
  readonly items?: readonly {
    readonly [action: string]: {
      readonly status: number;
      readonly _id: string;
      readonly error?: { readonly reason: string; readonly caused_by?: { readonly reason: string } };
    };
  }[];
  readonly error?: unknown;
}

describeWithEngine('hostile events on a real OpenSearch', () => {
  let engine: SearchEngine;
  const rules = compileRules(RULES);

  async function send(method: string, path: string, body: string | Uint8Array, type = 'application/json'): Promise<unknown> {
    const response = await fetch(`${engine.url}${path}`, {
      method,
      headers: { 'content-type': type },
      body: body as NonNullable<RequestInit['body']>,
      signal: AbortSignal.timeout(30_000),
    });
    return response.json();
  }

  beforeAll(async () => {
    engine = await startTestEngine({ heapMb: 1024 });
    const setup = { prefix: 'eks-telemetry', families: FAMILIES.map(familyOf), access: { admins: [], readers: [], writers: [] } };
    const templates = searchTemplates(setup);
    for (const { name, body } of templates.componentTemplates) {
      expect(await send('PUT', `/_component_template/${name}`, JSON.stringify(body))).toEqual({ acknowledged: true });
    }
    for (const { name, body } of templates.indexTemplates) {
      expect(await send('PUT', `/_index_template/${name}`, JSON.stringify(body))).toEqual({ acknowledged: true });
    }
  }, 120_000);
  afterAll(() => engine?.stop());

  const messages = { ...HOSTILE_TEXT, ...HOSTILE_JSON, ...HOSTILE_AUDIT, ...HOSTILE_LINES };

  test.each(Object.keys(STREAMS))(
    'stream %s: every hostile message becomes a document, and so do its neighbours',
    async (name) => {
      const { wrap, ...place } = STREAMS[name] as Stream;
      const bodies: Uint8Array[] = [];
      const whats: string[] = [];
      for (const [position, [what, message]] of Object.entries(messages).entries()) {
        const events = ['{"msg":"before"}', message, '{"msg":"after"}'].map((text, i) => ({
          id: `${name.replace(/\W/g, '')}${position}${i}`,
          timestamp: NOW - 60_000 + i,
          message: wrap(text).replace('07.171527756Z', `0${i}.${String(position).padStart(9, '0')}Z`),
        }));
        const batch: SourceBatch = { owner: '111122223333', ...place, events };
        const bulk = transformBatch(batch, rules, { nowMs: NOW, hash: (text) => hash('sha256', text), write: writeUtf8 });
        expect(bulk.rejected).toEqual([]);
        expect(bulk.documents.reduce((sum, { joined }) => sum + 1 + joined, 0)).toBe(3);
        bodies.push(bulk.body);
        whats.push(...bulk.documents.map(({ event }) => `${what} [${event}]`));
      }

      const answer = (await send('POST', '/_bulk', Buffer.concat(bodies), 'application/x-ndjson')) as BulkAnswer;

      expect(answer.error).toBeUndefined();
      const answers = (answer.items ?? []).flatMap((item) => Object.values(item));
      const refused = answers.flatMap(({ status, error }, i) =>
        status === 201 ? [] : [`${whats[i]}: ${status} ${error?.reason.slice(0, 200)} ${error?.caused_by?.reason.slice(0, 200)}`],
      );
      expect(answer.items).toHaveLength(whats.length);
      expect(refused).toEqual([]);
    },
    120_000,
  );
});
