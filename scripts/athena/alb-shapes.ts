/** A line of each shape that ALB logs were seen to have, or that a client can make them have. */
const HEAD = 'https 2026-11-21T08:31:00.000000Z app/shapes/0123456789abcdef';
const TIMES = '0.001 0.002 0.003';
const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/shapes/0123456789abcdef';
const UNTIL_2018 = `${GROUP} "Root=1-65537b2a-0123456789abcdef01234567"`;
const UNTIL_2019 = `${UNTIL_2018} "shapes.example.com" "arn:aws:acm:us-east-1:111122223333:certificate/1" 1 2026-11-21T08:30:59.990000Z "waf,forward" "-" "-"`;
const UNTIL_2020 = `${UNTIL_2019} "10.0.0.9:8080" "200"`;
const UNTIL_2023 = `${UNTIL_2020} "-" "-"`;
const UNTIL_2025 = `${UNTIL_2023} TID_0123456789abcdef0123456789abcdef`;
const TODAY = `${UNTIL_2025} "-" "-" "-"`;

interface Parts {
  readonly type?: string;
  readonly client?: string;
  readonly target?: string;
  readonly times?: string;
  readonly codes?: string;
  readonly request?: string;
  readonly agent?: string;
  readonly tls?: string;
  readonly tail?: string;
}

function line(parts: Parts): string {
  const {
    type,
    client = '203.0.113.9:4711',
    target = '10.0.0.9:8080',
    times = TIMES,
    codes = '200 200',
    request = 'GET https://shapes.example.com:443/a?b=c HTTP/2.0',
    agent = 'curl/8.14.1',
    tls = 'ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2',
    tail = TODAY,
  } = parts;
  const head = type === undefined ? HEAD : HEAD.replace(/^https/, type);
  return `${head} ${client} ${target} ${times} ${codes} 34 366 "${request}" "${agent}" ${tls}${tail === '' ? '' : ` ${tail}`}`;
}

/** What a test expects of a shape beside that it is parsed. */
export interface Shape {
  readonly what: string;
  readonly line: string;
  readonly columns?: { readonly [name: string]: string | number | null };
}

/** All of them; the first word of `what` is no key. */
export const SHAPES: readonly Shape[] = [
  {
    what: "today's line",
    line: line({}),
    columns: { conn_trace_id: 'TID_0123456789abcdef0123456789abcdef', transformed_host: '-', rest: null },
  },
  { what: 'without transforms', line: line({ tail: UNTIL_2025 }), columns: { transformed_host: null, classification: '-' } },
  { what: 'until 2023, without TID', line: line({ tail: UNTIL_2023 }), columns: { conn_trace_id: null, classification_reason: '-' } },
  {
    what: 'until 2020, without classification',
    line: line({ tail: UNTIL_2020 }),
    columns: { classification: null, target_status_code_list: '200' },
  },
  { what: 'until 2019, without lists', line: line({ tail: UNTIL_2019 }), columns: { target_port_list: null, error_reason: '-' } },
  { what: 'until 2018, without names', line: line({ tail: UNTIL_2018 }), columns: { domain_name: null, target_group_arn: GROUP } },
  { what: 'the first lines of all', line: line({ tail: '' }), columns: { trace_id: null, ssl_protocol: 'TLSv1.2' } },
  {
    what: 'fields that are not known yet',
    line: line({ tail: `${TODAY} "new" 17 -` }),
    columns: { rest: ' "new" 17 -', request_transform_status: '-' },
  },
  { what: 'a trailing blank', line: `${line({})} `, columns: { request_transform_status: '-' } },
  { what: 'a trailing carriage return', line: `${line({})}\r`, columns: { request_transform_status: '-' } },
  { what: 'TLS 1.3', line: line({ tls: 'TLS_AES_128_GCM_SHA256 TLSv1.3' }), columns: { ssl_cipher: 'TLS_AES_128_GCM_SHA256' } },
  {
    what: 'a blank in the URL',
    line: line({ request: 'GET https://h:443/a b/c?d=e f HTTP/1.1' }),
    columns: { request_url: 'https://h:443/a b/c?d=e f', request_proto: 'HTTP/1.1' },
  },
  {
    what: 'an escaped quote in the URL',
    line: line({ request: 'GET https://h:443/a\\"b HTTP/1.1' }),
    columns: { request_url: 'https://h:443/a\\"b' },
  },
  {
    what: 'a quote of the URL as \\x22',
    line: line({ request: 'GET https://h:443/a\\x22b HTTP/1.1' }),
    columns: { request_url: 'https://h:443/a\\x22b' },
  },
  {
    what: 'escaped quotes in the user agent',
    line: line({ agent: 'a \\"b\\" c' }),
    columns: { user_agent: 'a \\"b\\" c', conn_trace_id: 'TID_0123456789abcdef0123456789abcdef' },
  },
  { what: 'quotes in the user agent as %22', line: line({ agent: 'a %22b%22 c' }), columns: { user_agent: 'a %22b%22 c' } },
  { what: 'bare quotes in the user agent', line: line({ agent: 'a "b" c' }), columns: { user_agent: 'a "b" c' } },
  { what: 'a backslash at the end of the user agent', line: line({ agent: 'a\\' }), columns: { user_agent: 'a\\' } },
  { what: 'a user agent that is not ASCII', line: line({ agent: 'Zoë 日本 🚀' }), columns: { user_agent: 'Zoë 日本 🚀' } },
  { what: 'no user agent', line: line({ agent: '' }), columns: { user_agent: '' } },
  { what: 'a user agent of 8 KB', line: line({ agent: 'x\\"'.repeat(2700) }), columns: { ssl_protocol: 'TLSv1.2' } },
  {
    what: 'a URL of 16 KB',
    line: line({ request: `GET https://h:443/${'a b'.repeat(5400)} HTTP/1.1` }),
    columns: { request_proto: 'HTTP/1.1' },
  },
  {
    what: 'two targets',
    line: line({ tail: TODAY.replace('"10.0.0.9:8080" "200"', '"10.0.0.9:8080 10.0.0.10:8080" "502 200"') }),
    columns: { target_port_list: '10.0.0.9:8080 10.0.0.10:8080' },
  },
  {
    what: 'a request that is none',
    line: line({ codes: '400 -', target: '-', times: '-1 -1 -1', request: '- http://shapes.example.com:80- -' }),
    columns: { request_verb: '-', target_ip: '', target_port: null, target_processing_time: -1, target_status_code: '-' },
  },
  { what: 'a request of one word', line: line({ codes: '400 -', request: '-' }), columns: { request_verb: '-', request_url: null } },
  {
    what: 'IPv6 in brackets',
    line: line({ client: '[2001:db8::1]:4711', target: '[2001:db8::2]:8080' }),
    columns: { client_ip: '[2001:db8::1]', client_port: 4711, target_ip: '[2001:db8::2]' },
  },
  { what: 'IPv6 without brackets', line: line({ client: '2001:db8::1:4711' }), columns: { client_ip: '2001:db8::1', client_port: 4711 } },
  { what: 'HTTP/2', line: line({ type: 'h2' }) },
  { what: 'gRPC', line: line({ type: 'grpcs', request: 'POST https://h:443/shop.Cart/Get HTTP/2.0' }) },
  {
    what: 'WebSocket',
    line: line({ type: 'ws', codes: '101 101', request: 'GET ws://h:80/live HTTP/1.1', tls: '- -' }),
    columns: { ssl_cipher: '-' },
  },
  { what: 'WebSocket with TLS', line: line({ type: 'wss', codes: '101 101', request: 'GET wss://h:443/live HTTP/1.1' }) },
  {
    what: 'a Lambda target',
    line: line({ target: '-', times: '0.000 0.120 0.000', codes: '200 200' }),
    columns: { target_processing_time: 0.12 },
  },
  {
    what: 'blocked by WAF',
    line: line({ target: '-', times: '-1 -1 -1', codes: '403 -', tail: TODAY.replace('"waf,forward"', '"waf"') }),
    columns: { actions_executed: 'waf' },
  },
  {
    what: 'a redirect',
    line: line({
      type: 'http',
      target: '-',
      times: '-1 -1 -1',
      codes: '301 -',
      tls: '- -',
      tail: TODAY.replace('"waf,forward" "-"', '"redirect" "https://shapes.example.com:443/a?b=c"'),
    }),
    columns: { redirect_url: 'https://shapes.example.com:443/a?b=c' },
  },
  { what: 'a client that went away', line: line({ codes: '460 -', times: '0.001 -1 -1' }), columns: { elb_status_code: 460 } },
  { what: 'no healthy target', line: line({ target: '-', times: '-1 -1 -1', codes: '503 -' }), columns: { elb_status_code: 503 } },
  { what: 'a target that took too long', line: line({ codes: '504 -', times: '0.001 -1 -1' }), columns: { target_ip: '10.0.0.9' } },
  {
    what: 'sign-in',
    line: line({ codes: '302 -', tail: TODAY.replace('"waf,forward" "-" "-"', '"authenticate" "https://idp.example.com/" "-"') }),
  },
  {
    what: 'sign-in that failed',
    line: line({ codes: '561 -', tail: TODAY.replace('"waf,forward" "-" "-"', '"authenticate" "-" "AuthInvalidGrantError"') }),
    columns: { error_reason: 'AuthInvalidGrantError' },
  },
  {
    what: 'ambiguous',
    line: line({ tail: TODAY.replace('"200" "-" "-"', '"200" "Ambiguous" "UndefinedContentLengthSemantics"') }),
    columns: { classification: 'Ambiguous' },
  },
  {
    what: 'severe',
    line: line({ codes: '400 -', target: '-', tail: TODAY.replace('"200" "-" "-"', '"-" "Severe" "BothTEClPresent"') }),
    columns: { classification_reason: 'BothTEClPresent' },
  },
  { what: 'no status', line: line({ codes: '- -', times: '-1 -1 -1' }), columns: { elb_status_code: null } },
];

/** Lines that are no request: they must be kept whole in `unparsed`. */
export const OTHER_LINES: readonly string[] = [
  '',
  'Enable AccessLog for ELB: app/shapes/0123456789abcdef at 2026-11-21T08:00:00Z',
  'https 2026-11-21T08:31:00.000000Z app/shapes/0123456789abcdef 203.0.113.9:4711 10.0.',
  // Every quote could be the end of the URL or of the user agent: an expression that tries them all would take minutes.
  `https 2026-11-21T08:31:00.000000Z app/shapes/1 203.0.113.9:1 10.0.0.9:1 0 0 0 200 200 1 1 "GET ${'" "'.repeat(2000)}`,
];
