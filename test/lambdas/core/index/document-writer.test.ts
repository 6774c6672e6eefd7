import fc from 'fast-check';
import { DocumentWriter } from '../../../../lambdas/core/index/document-writer.ts';
import type { BulkBatch } from '../../../../lambdas/core/index/types.ts';
import type { Rules, SourceRule } from '../../../../lambdas/core/rules/rules.ts';
import { APPLICATION, application, CONTROL_PLANE, events, NOW, RULES, record, run, sampleLines } from './transform-support.ts';

const WITH_APPLICATION: Rules = {
  ...RULES,
  applications: [
    application({ name: 'checkout', owner: 'wëb-team', match: { container: 'checkout' }, fields: { 'http.status': 'integer' } }),
  ],
};

/** An exclusion needs the document as a text, so nothing is written part by part. */
const asTexts = (rules: Rules): Rules => {
  const exclusions = [{ name: 'never', when: [{ field: '@message', equals: 'no line is this' }] }];
  return {
    ...rules,
    sources: rules.sources.map((source): SourceRule => ({ ...source, exclusions })),
    applications: rules.applications.map((rule) => ({ ...rule, exclusions })),
  };
};

function both(
  logGroup: string,
  logStream: string,
  messages: readonly string[],
  rules: Rules = RULES,
): { inParts: unknown; asText: unknown } {
  const told = ({ body, documents, rejected, counts }: BulkBatch): unknown => ({
    body: Buffer.from(body).toString('utf8'),
    documents,
    rejected,
    counts,
  });
  const batch = { logGroup, logStream, events: events(...messages) };
  return { inParts: told(run(batch, rules, NOW)), asText: told(run(batch, asTexts(rules), NOW)) };
}

const asRecords = (lines: readonly string[], container: string): string[] =>
  lines.map((line) => record(line.replace(/^\S+ \S+ \S /, ''), { container, labels: { app: container, käse: '日本' } }));

test.each([
  ['audit events', CONTROL_PLANE, 'kube-apiserver-audit-0123', () => sampleLines('control-plane', 'kube-apiserver-audit')],
  ['klog lines', CONTROL_PLANE, 'kube-scheduler-0123', () => sampleLines('control-plane', 'kube-scheduler')],
  ['JSON of an application', APPLICATION, 'node', () => asRecords(sampleLines('containers', 'checkout'), 'checkout')],
  ['Java with stack traces', APPLICATION, 'node', () => asRecords(sampleLines('containers', 'orders'), 'orders')],
  ['access logs', APPLICATION, 'node', () => asRecords(sampleLines('containers', 'web'), 'web')],
])('%s: written part by part a body is the same, byte for byte, as written as texts', (_what, logGroup, logStream, lines) => {
  const { inParts, asText } = both(logGroup, logStream, lines().slice(0, 1_500), WITH_APPLICATION);

  expect(inParts).toEqual(asText);
});

test('nearly all documents are written part by part', () => {
  const add = jest.spyOn(DocumentWriter.prototype, 'add');
  const lines = asRecords(sampleLines('containers', 'checkout').slice(0, 500), 'checkout');
  run({ logGroup: APPLICATION, logStream: 'node', events: events(...lines) }, WITH_APPLICATION, NOW);
  const written = add.mock.results.filter(({ value }) => value === true).length;
  add.mockRestore();

  expect(written).toBeGreaterThan(450);
});

test('whatever a container writes, in whatever record, both ways agree', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.json({ maxDepth: 2 }),
    fc.constantFrom(
      '\ud800',
      'I1121 08:23:24.123456 1 ü.go:1] x',
      'level=info msg="日本"',
      'Exception in thread "main" a.BException: ü',
      '\tat a.B(C.java:7)',
    ),
  );
  const line = fc.record({
    log: text,
    container: fc.constantFrom('checkout', 'web', 'ü'),
    time: fc.constantFrom('2026-11-21T08:39:00.123456789Z', 'soon', ''),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.boolean(), (lines, isPlain) => {
      const messages = lines.map(({ log, container, time }) => (isPlain ? log : record(log, { container, time })));
      const { inParts, asText } = both(APPLICATION, 'nöde', messages, WITH_APPLICATION);
      expect(inParts).toEqual(asText);
    }),
    { numRuns: 400 },
  );
});
