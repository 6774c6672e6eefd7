import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imbalance } from '../../../../lambdas/core/delivery/counts.ts';
import { AUDIT as AUDIT_FIELDS } from '../../../../lambdas/core/index/mappings/audit.ts';
import { ENVELOPE } from '../../../../lambdas/core/index/mappings/envelope.ts';
import type { Mapping, Properties } from '../../../../lambdas/core/index/mappings/field-types.ts';
import { RECORDS } from '../../../../lambdas/core/index/mappings/records.ts';
import type { BulkBatch, SourceEvent } from '../../../../lambdas/core/index/types.ts';
import { APPLICATION, application, type Document, documents, NOW, RULES, run, sampleLines } from './transform-support.ts';

const truth = JSON.parse(readFileSync(join(__dirname, '../../../../samples/truth.json'), 'utf8')) as {
  readonly 'kube-apiserver-audit': {
    readonly lines: number;
    readonly code: { readonly [code: string]: number };
    readonly verb: object;
    readonly no_objectRef: number;
  };
  readonly 'kube-apiserver': { readonly klog_records: number };
  readonly 'kube-scheduler': { readonly klog_records: number; readonly unable_to_schedule: number };
  readonly 'kube-controller-manager': { readonly klog_records: number; readonly severity: { readonly I: number; readonly E: number } };
  readonly authenticator: { readonly lines: number; readonly granted: number; readonly denied: number };
};

const asEvents = (messages: readonly string[]): SourceEvent[] =>
  messages.map((message, i) => ({ id: `id${i}`, timestamp: NOW - 60_000, message }));
const controlPlane = (name: string): BulkBatch => run({ logStream: `${name}-0123`, events: asEvents(sampleLines('control-plane', name)) });

const CRI = /^(\S+) (stdout|stderr) ([FP]) (.*)$/;

/** Whole lines of a container's file, as the collector would send them. */
function container(name: string, format = 'auto'): BulkBatch {
  const messages: string[] = [];
  let text = '';
  for (const line of sampleLines('containers', name)) {
    const [, time, stream, piece, rest] = CRI.exec(line) as unknown as readonly string[];
    text += rest;
    if (piece === 'P') continue;
    messages.push(
      JSON.stringify({
        log: text,
        stream,
        time,
        kubernetes: { namespace_name: 'n', pod_name: 'p', container_name: name, docker_id: name, labels: { app: name } },
      }),
    );
    text = '';
  }
  const rules = { ...RULES, applications: [application({ name: 'checkout', match: { container: name }, format })] };
  return run({ logGroup: APPLICATION, logStream: 'node', events: asEvents(messages) }, rules);
}

const countBy = (all: readonly Document[], key: (document: Document) => unknown): { [key: string]: number } => {
  const counts: { [key: string]: number } = {};
  for (const document of all) counts[String(key(document))] = (counts[String(key(document))] ?? 0) + 1;
  return counts;
};
const docs = (bulk: BulkBatch): Document[] => documents(bulk).map(({ document }) => document);
const level = (document: Document): unknown => (document['log'] as { level?: string } | undefined)?.level;
const isClean = (bulk: BulkBatch): void => {
  expect(bulk.rejected).toEqual([]);
  expect(imbalance({ ...bulk.counts, indexed: bulk.documents.length })).toBe(0);
  expect(docs(bulk).filter((document) => (document['parse'] as { error?: string }).error !== undefined)).toEqual([]);
};

const FILES: { readonly [name: string]: () => BulkBatch } = {
  audit: () => controlPlane('kube-apiserver-audit'),
  api: () => controlPlane('kube-apiserver.'),
  scheduler: () => controlPlane('kube-scheduler'),
  'controller manager': () => controlPlane('kube-controller-manager'),
  authenticator: () => controlPlane('authenticator'),
  checkout: () => container('checkout', 'json'),
  orders: () => container('orders'),
  web: () => container('web'),
  'cdro-server': () => container('cdro', 'pipe'),
};
const made = new Map<string, BulkBatch>();
const bulkOf = (name: string): BulkBatch => {
  const bulk = made.get(name) ?? (FILES[name] as () => BulkBatch)();
  made.set(name, bulk);
  return bulk;
};

test('audit: what is counted in the documents is what is true of the file', () => {
  const bulk = bulkOf('audit');
  const all = docs(bulk);

  isClean(bulk);
  expect(all).toHaveLength(truth['kube-apiserver-audit'].lines);
  const { undefined: _without, ...codes } = countBy(all, (document) => (document['responseStatus'] as { code?: number } | undefined)?.code);
  expect(codes).toEqual(truth['kube-apiserver-audit'].code);
  expect(countBy(all, (document) => document['verb'])).toEqual(truth['kube-apiserver-audit'].verb);
  expect(all.filter((document) => document['objectRef'] === undefined)).toHaveLength(truth['kube-apiserver-audit'].no_objectRef);
});

test('klog: records, not lines', () => {
  isClean(bulkOf('scheduler'));
  isClean(bulkOf('controller manager'));
  const api = docs(bulkOf('api'));

  expect(api.filter((document) => (document['parse'] as { format: string }).format === 'klog')).toHaveLength(
    truth['kube-apiserver'].klog_records,
  );
  expect(docs(bulkOf('scheduler'))).toHaveLength(truth['kube-scheduler'].klog_records);
  expect(docs(bulkOf('scheduler')).filter((document) => String(document['message']).startsWith('Unable to schedule pod'))).toHaveLength(
    truth['kube-scheduler'].unable_to_schedule,
  );
  expect(countBy(docs(bulkOf('controller manager')), level)).toEqual({
    info: truth['kube-controller-manager'].severity.I,
    error: truth['kube-controller-manager'].severity.E,
  });
});

test('authenticator: who was let in and who was not', () => {
  const outcomes = countBy(
    docs(bulkOf('authenticator')),
    (document) => (document['authenticator'] as { outcome?: string } | undefined)?.outcome,
  );

  expect(outcomes).toMatchObject({ granted: truth.authenticator.granted, denied: truth.authenticator.denied });
  expect(JSON.stringify(docs(bulkOf('authenticator')))).not.toMatch(/A[KS]IA[A-Z0-9]{12}/);
});

test.each(Object.keys(FILES))('%s: every field that a parser writes is mapped', (name) => {
  const properties: Properties = { ...ENVELOPE, ...(name === 'audit' ? AUDIT_FIELDS : RECORDS) };
  const unmapped = new Set<string>();
  for (const document of docs(bulkOf(name))) collectUnmapped(document, properties, '', unmapped);

  expect([...unmapped]).toEqual([]);
});

/** Paths of leaves that no mapping covers; what is inside a flat_object is covered. */
function collectUnmapped(value: object, properties: Properties, prefix: string, unmapped: Set<string>): void {
  for (const [key, member] of Object.entries(value)) {
    const mapping: Mapping | undefined = properties[key];
    if (mapping === undefined) unmapped.add(prefix + key);
    else if (mapping.properties !== undefined) {
      if (typeof member === 'object' && member !== null && !Array.isArray(member))
        collectUnmapped(member, mapping.properties, `${prefix}${key}.`, unmapped);
      else unmapped.add(`${prefix}${key} is no object`);
    } else if (mapping.type !== 'flat_object' && typeof member === 'object' && member !== null && !Array.isArray(member)) {
      unmapped.add(`${prefix}${key} is an object`);
    }
  }
}
