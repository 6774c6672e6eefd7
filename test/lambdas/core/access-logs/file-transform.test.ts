import fc from 'fast-check';
import { albLines } from '../../../../bench/alb-lines.ts';
import { FileBody } from '../../../../lambdas/core/access-logs/file-body.ts';
import type { FileFormat } from '../../../../lambdas/core/access-logs/file-name.ts';
import { type FileSettings, FileTransform } from '../../../../lambdas/core/access-logs/file-transform.ts';
import { MetricGroups } from '../../../../lambdas/core/access-logs/metric-groups.ts';
import { compileRedaction } from '../../../../lambdas/core/redact/redactor.ts';
import { DEFAULT_REDACTION } from '../../../../lambdas/core/redact/rule-names.ts';
import { SHAPES } from '../parse/alb-lines.ts';
import { strictJson } from '../parse/support.ts';
import { TEXT_PORTS } from './support.ts';

const SETTINGS: FileSettings = {
  format: 'alb',
  index: 'eks-alb-prod-2026.11.21',
  account: '111122223333',
  region: 'us-east-1',
  cluster: 'prod',
  bucket: 'logs',
  key: 'alb/AWSLogs/x.log.gz',
  base: 'x.log.gz',
  timeMs: Date.UTC(2026, 10, 21, 8, 30),
  nowMs: Date.UTC(2026, 10, 21, 8, 31),
  redactor: compileRedaction(DEFAULT_REDACTION),
  exclusions: [],
  enrichment: {},
};
/** Own patterns and exclusions make every line go the long way, as text. */
const AS_TEXT = compileRedaction({ ...DEFAULT_REDACTION, patterns: [{ name: 'none', regex: 'this text is nowhere' }] });

function run(lines: readonly string[], settings: Partial<FileSettings> = {}, skipTo?: number) {
  const body = new FileBody(1_000);
  const transform = new FileTransform({ ...SETTINGS, ...settings }, TEXT_PORTS);
  const text = Buffer.from(`${lines.join('\n')}\n`);
  const bytes = new Uint8Array(text.length + 16);
  bytes.set(text);
  transform.transform(bytes, 0, text.length, body, skipTo);
  const rows = Buffer.from(body.compact()).toString('utf8').split('\n').slice(0, -1);
  const actions = rows.filter((_, row) => row % 2 === 0).map((row) => strictJson(row) as { create: { _id: string; _index: string } });
  const documents = rows.filter((_, row) => row % 2 === 1);
  return {
    body,
    transform,
    rows,
    ids: actions.map(({ create }) => create._id),
    documents,
    objects: documents.map((row) => strictJson(row) as Doc),
  };
}
interface Doc {
  readonly '@timestamp': string;
  readonly event: { readonly id: string; readonly duration?: number };
  readonly message: string;
  readonly parse: { readonly format: string; readonly error?: string };
  readonly [name: string]: unknown;
}

describe('the lines of a file', () => {
  test('become the same documents from bytes as from text, in every shape', () => {
    const lines = Object.values(SHAPES);

    expect(run(lines).rows).toEqual(run(lines, { redactor: AS_TEXT }).rows);
  });

  test('become the same documents whatever is changed in them', () => {
    const base = albLines(3, 7);
    const part = fc.oneof(
      fc.constantFrom('"', '\\', ' ', '-', '" "', '\r', '{', '?token=abc', 'ä', '\u0000', '=', '[::1]', '" - - "'),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.nat(2), fc.nat(700), fc.nat(8), part, (which, at, gone, noise) => {
        const line = base[which] as string;
        const changed = (line.slice(0, at) + noise + line.slice(at + gone)).replaceAll('\n', ' ');
        const lines = [base[0] as string, changed, base[1] as string];

        expect(run(lines).rows).toEqual(run(lines, { redactor: AS_TEXT }).rows);
      }),
      { numRuns: 400 },
    );
  });

  test('hold no secret, also where a load balancer, target group and domain are seen for the first time', () => {
    const [line] = albLines(1, 7) as [string];
    const { rows } = run([line.replace(/(:\/\/[^/ ]*\/)/, '$1?token=hunter22hunter22&x=')]);

    expect(rows.join('')).not.toContain('hunter22');
  });

  test('are documents with the envelope, the place of the file and an id that is a function of file and line', () => {
    const { objects, ids, body } = run([SHAPES['of today'] as string]);

    expect(objects[0]).toMatchObject({
      '@timestamp': '2026-11-21T08:23:24.456468Z',
      event: {
        id: ids[0],
        created: '2026-11-21T08:30:00.000Z',
        ingested: '2026-11-21T08:31:00.000Z',
        dataset: 'aws.alb',
        duration: 171_000_000,
      },
      cloud: { account: { id: '111122223333' }, region: 'us-east-1' },
      orchestrator: { cluster: { name: 'prod' } },
      aws: { s3: { bucket: 'logs', key: 'alb/AWSLogs/x.log.gz' } },
      parse: { format: 'alb' },
      message: 'GET https://www.example.com:443/a?b=c HTTP/2.0',
    });
    expect(ids[0]).toMatch(/^f[0-9a-f]{16}-[0-9a-f]{16}$/);
    expect(body.originOf(0)).toMatchObject({ lineStart: 0, durationNs: 171_000_000 });
  });

  test('keep their ids when the file comes again, under another prefix, longer or with lines in front', () => {
    const lines = albLines(50);
    const first = run(lines).ids;

    expect(run(lines, { key: 'copy/of/x.log.gz', bucket: 'other' }).ids).toEqual(first);
    expect(run([...albLines(3, 99), ...lines]).ids.slice(3)).toEqual(first);
    expect(run(lines.map((line) => `${line}\r`)).ids).toHaveLength(50);
    expect(new Set([...first, ...run(lines, { base: 'y.log.gz' }).ids]).size).toBe(100);
  });

  test('are each a document also where the same line stands in a file twice', () => {
    const [line, other] = albLines(2) as [string, string];
    const { ids } = run([line, line, other, line]);

    expect(new Set(ids).size).toBe(4);
    expect(ids.slice(1)).toEqual([`${ids[0]}-1`, ids[2], `${ids[0]}-2`]);
    expect(run([line, line, other, line]).ids).toEqual(ids);
  });

  test('are numbered the same by an invocation that goes on behind those that were sent', () => {
    const [line, other] = albLines(2) as [string, string];
    const lines = [line, line, other, line];
    const skipped = run(lines, {}, line.length * 2 + 2);

    expect(skipped.ids).toEqual(run(lines).ids.slice(2));
    expect(skipped.transform.counts.lines).toBe(2);
  });

  test('that no parser understands are indexed as they are', () => {
    const { objects, transform } = run(['what is this', '', albLines(1)[0] as string, '\u0000']);

    expect(objects.map(({ parse, message }) => [parse.error, message])).toEqual([
      ['not alb', 'what is this'],
      [undefined, expect.any(String)],
      ['not alb', '\u0000'],
    ]);
    expect(transform.counts).toEqual({ lines: 3, failed: 2, excluded: {}, wouldExclude: {} });
  });

  test.each([
    '?access_token=abcdef123456',
    '?a=b&password=hunter2',
    '?next=https://user:pass1@h/',
    '/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefgh',
  ])('lose the secret in %s, and their id does not tell it', (secret) => {
    const lines = albLines(20);
    const changed = (lines[7] as string).replace(/:443[^ ]* HTTP/, `:443/x${secret} HTTP`);
    const all = [...lines.slice(0, 7), changed, ...lines.slice(8)];
    const { documents, body, ids } = run(all);

    expect(body.count).toBe(20);
    expect(documents.join('\n')).not.toContain(/[=:/]([^=:/@]{6,}?)(?:@|$)/.exec(secret)?.[1] ?? secret);
    expect(documents.filter((document) => document.includes('[REDACTED:'))).toHaveLength(1);
    const masked = run(all.map((line) => SETTINGS.redactor.text(line))).ids;
    expect(ids).toEqual(masked);
  });

  test('lose what a field rule names', () => {
    const redactor = compileRedaction({ ...DEFAULT_REDACTION, fields: ['source.ip', 'url.query'] });
    const { documents } = run(albLines(5), { redactor });

    expect(documents.every((document) => document.includes('"ip":"[REDACTED:field]"'))).toBe(true);
    expect(documents.join()).not.toContain('"query":"page');
  });

  test('that an exclusion names are counted and gone', () => {
    const lines = albLines(200);
    const health = lines.filter((line) => line.includes('/healthz ') || line.includes('/healthz?')).length;
    const exclusions = [{ name: 'health-checks', when: [{ field: 'url.path', equals: '/healthz' }] }];
    const { body, transform } = run(lines, { exclusions });

    expect(health).toBeGreaterThan(3);
    expect(transform.counts.excluded).toEqual({ 'health-checks': health });
    expect(body.count).toBe(200 - health);
  });

  test('take what is known of an address and a user agent, from bytes as from text', () => {
    const enrichment = {
      source: (address: string) => (address.startsWith('203.') ? `,"geo":{"country_iso_code":"ZZ","city_name":"Zürich"}` : ''),
      userAgent: (agent: string) => `,"name":"${agent.slice(0, 3)}"`,
    };
    const lines = albLines(30);
    const fast = run(lines, { enrichment }).objects;

    expect(fast).toEqual(run(lines, { enrichment, redactor: AS_TEXT }).objects);
    expect(fast[0]).toMatchObject({ source: { geo: { city_name: 'Zürich' } }, user_agent: { name: expect.any(String) as string } });
  });

  test('are put into groups of metrics, the same from bytes as from text', () => {
    const lines = albLines(500);
    const groupsOf = (redactor: FileSettings['redactor']) => {
      const groups = new MetricGroups(TEXT_PORTS.readLatin1);
      const { body } = run(lines, { groups, redactor });
      for (let i = 0; i < body.count; i++) groups.add(body.originOf(i).group, body.originOf(i).durationNs);
      return groups.groups.map(({ durations, ...group }) => ({ ...group, count: durations.count, p99: durations.percentile(0.99) }));
    };
    const fast = groupsOf(SETTINGS.redactor);

    expect(fast).toEqual(groupsOf(AS_TEXT));
    expect(fast.reduce((sum, { requests }) => sum + requests, 0)).toBe(500);
    expect(new Set(fast.map(({ statusClass }) => statusClass))).toEqual(new Set(['2xx', '3xx', '4xx', '5xx']));
  });

  test.each<[FileFormat, string, object]>([
    [
      'alb-connection',
      '2026-11-21T08:23:24.456468Z 203.0.113.1 36280 443 TLSv1.2 ECDHE-RSA-AES128-GCM-SHA256 4.036 "CN=example.com,O=endEntity" NotBefore=2026-09-21T22:43:21Z;NotAfter=2027-06-17T22:43:21Z FEF257372D5C14D4 Failed:ClientCertUntrusted TID_3180a7',
      {
        source: { ip: '203.0.113.1', port: 36280 },
        event: { outcome: 'failure', duration: 4_036_000_000 },
        alb: {
          listener_port: 443,
          client_cert_subject: 'CN=example.com,O=endEntity',
          client_cert_not_after: '2027-06-17T22:43:21Z',
          tls_verify_status: 'Failed:ClientCertUntrusted',
          conn_trace_id: 'TID_3180a7',
        },
      },
    ],
    [
      'alb-connection',
      '2026-11-21T08:23:24.456468Z 203.0.113.1 36280 443 - - - "-" - - - TID_3180a7',
      { alb: { listener_port: 443, conn_trace_id: 'TID_3180a7' } },
    ],
    [
      'alb-health-check',
      'HTTP 2026-11-21T08:23:24.456468Z 0.004 10.0.1.7:8080 shop-web FAIL 503 "Target.ResponseCodeMismatch"',
      {
        event: { outcome: 'failure', duration: 4_000_000 },
        http: { response: { status_code: 503 } },
        alb: {
          type: 'http',
          target_ip: '10.0.1.7',
          target_port: 8080,
          target_group: 'shop-web',
          health_check_status: 'FAIL',
          reason_code: 'Target.ResponseCodeMismatch',
        },
      },
    ],
    [
      'nlb',
      'tls 2.0 2026-11-21T02:59:40 net/my-nlb/c6e77e28c25b2234 g3d4b5e8bb8464cd 203.0.113.9:51341 10.0.0.1:443 5 2 98 246 - arn:aws:acm:us-east-1:111122223333:certificate/2a10 - ECDHE-RSA-AES128-SHA tlsv12 - my-nlb.elb.us-east-1.amazonaws.com h2 h2 "h2","http/1.1" 2026-11-21T02:59:30',
      {
        '@timestamp': '2026-11-21T02:59:40Z',
        event: { duration: 5_000_000 },
        source: { ip: '203.0.113.9', port: 51341 },
        nlb: {
          name: 'net/my-nlb/c6e77e28c25b2234',
          target_ip: '10.0.0.1',
          sent_bytes: 246,
          tls_protocol: 'tlsv12',
          alpn_client_preferences: ['h2', 'http/1.1'],
          tls_connection_creation_time: '2026-11-21T02:59:30Z',
        },
      },
    ],
    [
      'waf',
      '{"timestamp":1795249404456,"formatVersion":1,"webaclId":"arn:aws:wafv2:us-east-1:111122223333:regional/webacl/shop/1","terminatingRuleId":"AWS-Common","terminatingRuleType":"MANAGED_RULE_GROUP","action":"BLOCK","httpSourceName":"ALB","httpRequest":{"clientIp":"203.0.113.7","country":"ZZ","headers":[{"name":"Host","value":"shop.example.com"},{"name":"User-Agent","value":"curl/8"}],"uri":"/a","args":"b=c","httpVersion":"HTTP/1.1","httpMethod":"GET","requestId":"1-2"},"labels":[{"name":"x:y"}]}',
      {
        '@timestamp': '2026-11-21T08:23:24.456Z',
        message: 'BLOCK GET shop.example.com/a',
        source: { ip: '203.0.113.7' },
        url: { domain: 'shop.example.com', path: '/a', query: 'b=c' },
        user_agent: { original: 'curl/8' },
        waf: { action: 'BLOCK', web_acl: 'shop', country: 'ZZ', labels: ['x:y'] },
        json: { formatVersion: 1 },
      },
    ],
  ])('of %s are read: %s', (format, text, expected) => {
    const { objects, transform } = run([text, 'odd one'], { format });

    expect(objects[0]).toMatchObject({ ...expected, parse: { format } });
    expect(objects[1]?.parse.error).toBe(`not ${format}`);
    expect(transform.counts).toMatchObject({ lines: 2, failed: 1 });
  });

  test("of CloudFront are read by the file's own header", () => {
    const { objects, transform } = run(
      [
        '#Version: 1.0',
        '#Fields: date time c-ip cs-method cs(Host) cs-uri-stem sc-status cs(User-Agent) cs-uri-query x-edge-result-type x-edge-request-id x-host-header cs-protocol time-taken cs-protocol-version c-port x-new-field',
        '2026-11-21\t08:23:24\t203.0.113.7\tGET\td1.cloudfront.net\t/a.png\t404\tMozilla/5.0%20(X11)\t-\tError\tabc==\twww.example.com\thttps\t0.012\tHTTP/2.0\t4711\tnew',
      ],
      { format: 'cloudfront' },
    );

    expect(transform.counts).toMatchObject({ lines: 1, failed: 0 });
    expect(objects).toHaveLength(1);
    expect(objects[0]).toMatchObject({
      '@timestamp': '2026-11-21T08:23:24Z',
      event: { duration: 12_000_000 },
      source: { ip: '203.0.113.7', port: 4711 },
      http: { request: { method: 'GET' }, version: '2.0', response: { status_code: 404, status_class: '4xx' } },
      url: { scheme: 'https', domain: 'www.example.com', path: '/a.png' },
      user_agent: { original: 'Mozilla/5.0 (X11)' },
      cloudfront: { result_type: 'Error', request_id: 'abc==', distribution_host: 'd1.cloudfront.net', time_taken: 0.012 },
      kv: { 'x-new-field': 'new' },
    });
  });
});
