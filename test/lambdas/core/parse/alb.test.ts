import fc from 'fast-check';
import { parseAlb } from '../../../../lambdas/core/parse/alb.ts';
import { readAlbRecord } from '../../../../lambdas/core/parse/alb-record.ts';
import { ARN, HEAD, NOW, SHAPES } from './alb-lines.ts';
import { objectOf } from './support.ts';

const FULL = `${HEAD} ${NOW.replace('"10.0.0.1:80" "200" "-" "-" TID_12 "-" "-" "-"', '"10.0.0.1:80 10.0.0.2:80" "200 -" "Ambiguous" "SpaceInUri,BadVersion" TID_12 "h" "/u" "TransformSuccess" 7 "x"')}`;

const DOCUMENT = {
  '@timestamp': '2026-11-21T08:23:24.456468Z',
  event: { duration: 171_000_000 },
  message: 'GET https://www.example.com:443/a?b=c HTTP/2.0',
  source: { ip: '203.0.113.7', port: 2817 },
  http: { request: { method: 'GET', bytes: 34 }, version: '2.0', response: { status_code: 200, status_class: '2xx', bytes: 366 } },
  url: {
    original: 'https://www.example.com:443/a?b=c',
    scheme: 'https',
    domain: 'www.example.com',
    port: 443,
    path: '/a',
    query: 'b=c',
  },
  user_agent: { original: 'curl/7' },
  alb: {
    type: 'https',
    name: 'app/my-lb/50dc',
    target_ip: '10.0.0.1',
    target_port: 80,
    request_processing_time: 0.086,
    target_processing_time: 0.048,
    response_processing_time: 0.037,
    target_status_code: 200,
    ssl_cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
    ssl_protocol: 'TLSv1.2',
    target_group_arn: ARN,
    target_group: 'a',
    trace_id: 'Root=1-5833',
    domain_name: 'www.example.com',
    chosen_cert_arn: 'arn:x',
    matched_rule_priority: 1,
    request_creation_time: '2026-11-21T08:23:24.364000Z',
    actions_executed: ['waf', 'forward'],
    target_list: ['10.0.0.1:80', '10.0.0.2:80'],
    target_status_code_list: ['200', '-'],
    classification: 'Ambiguous',
    classification_reason: ['SpaceInUri', 'BadVersion'],
    conn_trace_id: 'TID_12',
    transformed_host: 'h',
    transformed_uri: '/u',
    request_transform_status: 'TransformSuccess',
    rest: '7 "x"',
  },
};

describe('an ALB access log line', () => {
  test('becomes a document with every field of it', () => {
    expect(objectOf(parseAlb(FULL))).toEqual(DOCUMENT);
  });

  test('becomes the same document where CloudWatch delivers it as JSON under other names', () => {
    const vended = {
      type: 'https',
      time: '2026-11-21T08:23:24.456468Z',
      elb: 'app/my-lb/50dc',
      client_port: '203.0.113.7:2817',
      target_port: '10.0.0.1:80',
      request_processing_time: '0.086',
      target_processing_time: 0.048,
      response_processing_time: '0.037',
      elb_status_code: 200,
      target_status_code: '200',
      received_bytes: 34,
      sent_bytes: '366',
      request_line: 'GET https://www.example.com:443/a?b=c HTTP/2.0',
      user_agent: 'curl/7',
      ssl_cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
      ssl_protocol: 'TLSv1.2',
      target_group_arn: ARN,
      trace_id: 'Root=1-5833',
      domain_name: 'www.example.com',
      chosen_cert_arn: 'arn:x',
      matched_rule_priority: 1,
      request_creation_time: '2026-11-21T08:23:24.364000Z',
      actions_executed: 'waf,forward',
      redirect_url: '-',
      error_reason: null,
      target_port_list: '10.0.0.1:80 10.0.0.2:80',
      target_status_code_list: ['200', '-'],
      classification: 'Ambiguous',
      classification_reason: 'SpaceInUri,BadVersion',
      conn_trace_id: 'TID_12',
      ip_address: '192.0.2.10',
      transformed_host: 'h',
      transformed_uri: '/u',
      request_transform_status: 'TransformSuccess',
      rest: '7 "x"',
    };

    expect(objectOf(parseAlb(JSON.stringify(vended)))).toEqual(DOCUMENT);
    const { client_port: _, target_port: __, request_line: ___, ...others } = vended;
    expect(
      objectOf(
        parseAlb(
          JSON.stringify({
            ...others,
            client_ip: '203.0.113.7',
            client_port: 2817,
            target_ip: '10.0.0.1',
            target_port: '80',
            request_verb: 'GET',
            request_url: 'https://www.example.com:443/a?b=c',
            request_proto: 'HTTP/2.0',
            new_field: { a: 1 },
          }),
        ),
      ),
    ).toEqual({ ...DOCUMENT, alb: { ...DOCUMENT.alb, rest: '7 "x" new_field={"a":1}' } });
  });

  test.each(Object.entries(SHAPES))('is read %s', (_name, line) => {
    const object = objectOf(parseAlb(line));

    expect(object['@timestamp']).toBe('2026-11-21T08:23:24.456468Z');
    expect(object['alb']).toMatchObject({ name: expect.stringMatching(/^app\//) as string });
    if (!line.includes('2016') && !line.endsWith('- -'))
      expect(object['alb']).toMatchObject({ trace_id: 'Root=1-5833', target_group: 'a' });
    expect(readAlbRecord(line)).toMatchObject({ time: '2026-11-21T08:23:24.456468Z' });
  });

  test.each<[string, object]>([
    [
      'with a blank in the URL',
      { url: { original: 'https://h:443/a b/c?d=e f', path: '/a b/c', query: 'd=e f' }, user_agent: { original: 'curl/7' } },
    ],
    ['with bare quotes in the user agent', { user_agent: { original: 'a "b" c' } }],
    ['with an escaped quote in the user agent', { user_agent: { original: 'a \\"b\\" c' } }],
    ['with a user agent that ends in a backslash', { user_agent: { original: 'a\\' } }],
    ['with a user agent beyond ASCII', { url: { path: '/ä' }, user_agent: { original: 'Möz 😀' } }],
    ['with a quote, a blank and a quote in the URL', { url: { path: '/a" "b' }, user_agent: { original: 'curl/7' } }],
    ['with bare quotes in the URL', { url: { original: 'https://h:443/a b?x="y"', query: 'x="y"' } }],
    [
      'of a malformed request',
      { url: { original: 'http://h.example.com:80-', domain: 'h.example.com', port: 80 }, http: { response: { status_class: '4xx' } } },
    ],
    ['of a malformed request with a blank at its end', { url: { original: 'http://h.example.com:80-', domain: 'h.example.com' } }],
    ['with two targets', { alb: { target_list: ['10.0.0.1:80', '10.0.0.2:80'], target_status_code_list: ['502', '200'] } }],
    ['of IPv6 in brackets', { source: { ip: '2001:db8::7', port: 2817 }, alb: { target_ip: '2001:db8::8', target_port: 80 } }],
    ['of IPv6 without brackets', { source: { ip: '2001:db8::7', port: 2817 }, alb: { target_ip: '2001:db8::8', target_port: 80 } }],
    ['with an IPv6 host', { url: { domain: '2001:db8::7', port: 443, path: '/a' } }],
    ['with unknown fields behind the connection id', { alb: { conn_trace_id: 'TID_12', rest: '7 "x"' } }],
    ['with transforms but without a connection id', { alb: { transformed_host: 'h', request_transform_status: 'TransformSuccess' } }],
    ['of a redirect', { alb: { redirect_url: 'https://h:443/a?b=c', actions_executed: 'redirect' } }],
  ])('keeps what is special %s', (name, expected) => {
    expect(objectOf(parseAlb(SHAPES[name] as string))).toMatchObject(expected);
  });

  test('has no duration where the request was never sent or answered', () => {
    expect(objectOf(parseAlb(SHAPES['of a time-out'] as string))['event']).toBeUndefined();
    expect(objectOf(parseAlb(SHAPES['of a time-out'] as string))['alb']).not.toHaveProperty('target_processing_time');
  });

  test('leaves out numbers that JSON or the mapping would refuse', () => {
    const object = objectOf(parseAlb(SHAPES['with numbers that JSON has not'] as string));

    expect(object['source']).toEqual({ ip: '203.0.113.7' });
    expect(object['http']).toMatchObject({ request: { method: 'GET' } });
    expect(object['http']).not.toHaveProperty('response');
  });

  test.each([
    '',
    'http',
    '{}',
    '{"time":1}',
    '[]',
    'null',
    'http 2026-11-21T08:23:24.456468Z app/x/1',
    HEAD,
    `${HEAD} `,
    `${HEAD} "GET x`,
    `${HEAD.replace('2026', 'XXXX')} ${NOW}`,
    `A/b ${HEAD.slice(6)} ${NOW}`,
  ])('is none: %j', (text) => {
    expect(parseAlb(text)).toBeUndefined();
  });

  test('gives the record the same values as the document, whatever is in the free fields', () => {
    const free = fc.string({
      unit: fc.constantFrom('a', 'B', '/', '?', '=', '%', ' ', '\\', '"', "'", 'ä', '😀', '-', ':', '\t'),
      maxLength: 30,
    });
    fc.assert(
      fc.property(free, free, (path, agent) => {
        const line = `${HEAD} "GET https://h:443/${path} HTTP/1.1" "${agent}" - - ${ARN} "Root=1" "-" "-" 1 2026-11-21T08:23:24.364000Z "forward" "-" "-" "-" "-" "-" "-" TID_1`;
        const record = readAlbRecord(line);
        const object = objectOf(parseAlb(line)) as { url: { original: string }; alb: { [name: string]: unknown } };

        expect(object.url.original).toBe(record?.request_url);
        expect(object.alb['trace_id']).toBe(record?.trace_id ?? undefined);
        expect(record).toMatchObject({ elb_status_code: 200, received_bytes: 34, request_verb: 'GET', client_ip: '203.0.113.7' });
      }),
    );
  });

  test('never makes the parser throw, and always gives JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(SHAPES['of today']?.length ?? 0), (noise, at) => {
        const line = SHAPES['of today'] as string;
        const text = line.slice(0, at) + noise + line.slice(at);
        const parsed = parseAlb(text);
        readAlbRecord(text);
        if (parsed !== undefined) objectOf(parsed);
      }),
    );
  });
});
