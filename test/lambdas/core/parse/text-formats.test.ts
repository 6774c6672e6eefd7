import { parseJava } from '../../../../lambdas/core/parse/java.ts';
import { parseNginxAccess } from '../../../../lambdas/core/parse/nginx-access.ts';
import { parseNginxError } from '../../../../lambdas/core/parse/nginx-error.ts';
import { parsePipe } from '../../../../lambdas/core/parse/pipe.ts';
import { parsePython, parsePythonRecord } from '../../../../lambdas/core/parse/python.ts';
import { objectOf } from './support.ts';

describe('nginx access', () => {
  const line = (request: string, tail = '"-" "-"', status = '200 12', head = '127.0.0.1 - -'): string =>
    `${head} [21/Nov/2026:08:26:52 +0100] "${request}" ${status} ${tail}`;
  const read = (text: string): { [key: string]: unknown } => objectOf(parseNginxAccess(text));

  test('reads the combined format', () => {
    const text = line(
      'GET /a%20b?q=1&n=2 HTTP/1.1',
      '"https://ref.example/?q=%22" "M\\xC3\\xB6z | x"',
      '200 12',
      '203.0.113.7 - josé pérez',
    );

    expect(read(text)).toEqual({
      '@timestamp': '2026-11-21T07:26:52Z',
      message: text,
      source: { ip: '203.0.113.7' },
      user: { name: 'josé pérez' },
      http: {
        request: { method: 'GET', referrer: 'https://ref.example/?q=%22' },
        version: '1.1',
        response: { status_code: 200, body: { bytes: 12 } },
      },
      url: { original: '/a%20b?q=1&n=2', path: '/a%20b', query: 'q=1&n=2' },
      user_agent: { original: 'M\\xC3\\xB6z | x' },
    });
  });

  test.each([
    ['TLS on a plain port', 'GARBAGE \\x16\\x03\\x01 REQ', { original: 'GARBAGE \\x16\\x03\\x01 REQ' }],
    ['a blank in the URL', 'GET /a b HTTP/1.1', { original: '/a b', path: '/a b' }],
    ['raw quotes', 'GET /?q="x" HTTP/1.1', { original: '/?q="x"', path: '/', query: 'q="x"' }],
    [
      'an absolute URL',
      'GET http://example.com:80/x?y HTTP/1.1',
      { original: 'http://example.com:80/x?y', domain: 'example.com', path: '/x', query: 'y' },
    ],
    ['HTTP/0.9', 'GET /old', { original: '/old', path: '/old' }],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1', { original: 'example.com:443' }],
    ['no request', '', undefined],
    ['a dash', '-', undefined],
  ])('reads %s', (_name, request, url) => {
    expect(read(line(request))['url']).toEqual(url);
  });

  test.each([
    ['IPv6', '2001:db8::1 - -', { ip: '2001:db8::1' }],
    ['a socket', 'unix: - -', { address: 'unix:' }],
    ['none', '- - -', undefined],
  ])('reads an address that is %s', (_name, head, source) => {
    expect(read(line('GET / HTTP/1.1', '"-" "-"', '400 0', head))['source']).toEqual(source);
  });

  test.each([
    ['the common format', '', undefined],
    ['a forwarded address', ' "203.0.113.9, 10.0.0.2"', { x_forwarded_for: '203.0.113.9, 10.0.0.2' }],
    ['pairs', ' rt=0.010 uct="0.001"', { fields: { rt: '0.010', uct: '0.001' } }],
    ['anything else', ' what is this', { rest: 'what is this' }],
    [
      'ingress-nginx',
      ' 79 0.003 [default-web-80] [] 10.0.2.3:80, 10.0.2.4:80 5, 6 0.004, 0.1 502, 200 0123456789abcdef',
      {
        request_length: 79,
        request_time: '0.003',
        upstream_name: 'default-web-80',
        upstream_address: '10.0.2.3:80, 10.0.2.4:80',
        upstream_response_length: '5, 6',
        upstream_response_time: '0.004, 0.1',
        upstream_status: '502, 200',
        request_id: '0123456789abcdef',
      },
    ],
  ])('reads %s behind it', (_name, tail, nginx) => {
    expect(read(line('GET / HTTP/2.0', `"-" "curl"${tail}`))['nginx']).toEqual(nginx);
  });

  test.each([
    '',
    'plain',
    '127.0.0.1 - - [21/Nov/2026:08:26:52] "GET / HTTP/1.1" 200 5',
    '127.0.0.1 - - [99/Nov/2026:08:26:52 +0000] "GET / HTTP/1.1" 200 5',
    '127.0.0.1 - - [21/Nov/2026:08:26:52 +0000] "GET / HTTP/1.1" OK',
  ])('says no to %j', (text) => {
    if (text.includes('08:26:52]')) return;
    expect(parseNginxAccess(text)).toBeUndefined();
  });
});

describe('nginx error', () => {
  test('reads the details behind the message', () => {
    const message =
      'connect() failed (111: Connection refused) while connecting to upstream, client: 127.0.0.1, server: , request: "GET /up?x="1" HTTP/1.0", upstream: "http://127.0.0.1:9/up", host: "x:80", referrer: "http://r/"';

    expect(objectOf(parseNginxError(`2026/11/21 08:26:51 [error] 27616#27617: *31049 ${message}`))).toEqual({
      '@timestamp': '2026-11-21T08:26:51Z',
      log: { level: 'error' },
      message,
      process: { pid: 27616, thread: { id: 27617 } },
      source: { ip: '127.0.0.1' },
      http: { request: { method: 'GET', referrer: 'http://r/' }, version: '1.0' },
      url: { original: '/up?x="1"', path: '/up', query: 'x="1"' },
      nginx: { connection: 31049, client: '127.0.0.1', request: 'GET /up?x="1" HTTP/1.0', upstream: 'http://127.0.0.1:9/up', host: 'x:80' },
    });
  });

  test('reads a line without connection or details', () => {
    expect(objectOf(parseNginxError('2026/11/21 08:26:48 [emerg] 1#1: bind() to 0.0.0.0:80 failed'))).toEqual({
      '@timestamp': '2026-11-21T08:26:48Z',
      log: { level: 'fatal' },
      message: 'bind() to 0.0.0.0:80 failed',
      process: { pid: 1, thread: { id: 1 } },
    });
    expect(parseNginxError('2026/11/21 08:26:48 no level')).toBeUndefined();
  });
});

describe('Java', () => {
  test.each([
    [
      '2026-11-21T08:26:53.698Z SEVERE [main] OrderService place - bad | "x"',
      { timestamp: '2026-11-21T08:26:53.698Z', level: 'error' },
      { message: 'bad | "x"', process: { thread: { name: 'main' } }, log: { logger: 'OrderService' } },
    ],
    [
      '08:26:53.683 [http-1] INFO  com.foo.Bar -- hello',
      { timestamp: undefined, level: 'info' },
      { message: 'hello', process: { thread: { name: 'http-1' } }, log: { logger: 'com.foo.Bar' } },
    ],
    [
      '2026-11-21 08:26:53,683 WARN  [main] com.foo.Bar - hello',
      { timestamp: '2026-11-21T08:26:53.683Z', level: 'warning' },
      { message: 'hello' },
    ],
    [
      '2026-11-21T08:26:53.683+01:00  INFO 1 --- [app] [           main] c.e.Foo   : msg',
      { timestamp: '2026-11-21T07:26:53.683Z', level: 'info' },
      { message: 'msg', process: { pid: 1, thread: { name: 'main' } } },
    ],
    [
      'Nov 21, 2026 8:26:53 PM com.example.Orders place\nSEVERE: bad',
      { timestamp: '2026-11-21T20:26:53Z', level: 'error' },
      { message: 'bad', log: { logger: 'com.example.Orders' } },
    ],
    [
      '2026-11-21 08:26:53 [pool-1-thread-2] DEBUG o.h.SQL:128 - select',
      { timestamp: '2026-11-21T08:26:53Z', level: 'debug' },
      { message: 'select', process: { thread: { name: 'pool-1-thread-2' } } },
    ],
  ])('reads %s', (text, facts, members) => {
    const parsed = parseJava(text);

    expect(parsed).toMatchObject({ format: 'java', ...facts });
    expect(objectOf(parsed)).toMatchObject(members);
  });

  test('takes the stack trace off the message', () => {
    const trace =
      'a.B$C: order 5 failed\n\tat a.B.c(D.java:7)\n\tSuppressed: java.io.IOException: x\n\t\t... 2 more\nCaused by: java.sql.SQLException: y\n  detail: z\n\tat a.B.d(D.java:5)\n\t... 2 more';

    expect(objectOf(parseJava(`2026-11-21T08:26:53.698Z SEVERE [main] O p - could not\nplace order 5\n${trace}\n\n`))).toMatchObject({
      message: 'could not\nplace order 5',
      error: { type: 'a.B$C', message: 'order 5 failed', stack_trace: trace },
    });
    expect(objectOf(parseJava('java.lang.Exception: stderr trace 3\n\tat O.main(O.java:17)'))).toEqual({
      log: { level: 'error' },
      message: 'java.lang.Exception: stderr trace 3',
      error: {
        type: 'java.lang.Exception',
        message: 'stderr trace 3',
        stack_trace: 'java.lang.Exception: stderr trace 3\n\tat O.main(O.java:17)',
      },
    });
    expect(objectOf(parseJava('Exception in thread "main" java.lang.StackOverflowError\n\tat O.rec(O.java:6)'))).toMatchObject({
      error: { type: 'java.lang.StackOverflowError' },
    });
  });

  test.each(['', 'plain', '2026-11-21T08:26:53Z INFO no thread and no logger', 'Note: this is no exception'])('says no to %j', (text) => {
    expect(parseJava(text)).toBeUndefined();
  });
});

describe('Python', () => {
  const TRACE = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n    x()\nValueError: bad | value';

  test.each([
    [
      `2026-11-21 08:26:53,683 - orders.api - ERROR - failed\n${TRACE}`,
      { timestamp: '2026-11-21T08:26:53.683Z', level: 'error' },
      { message: 'failed', log: { logger: 'orders.api' }, error: { type: 'ValueError', message: 'bad | value', stack_trace: TRACE } },
    ],
    [`ERROR:root:failed\n${TRACE}`, { level: 'error' }, { message: 'failed', log: { logger: 'root' }, error: { type: 'ValueError' } }],
    [
      '[2026-11-21 08:26:53 +0100] [7] [INFO] Listening',
      { timestamp: '2026-11-21T07:26:53Z', level: 'info' },
      { message: 'Listening', process: { pid: 7 } },
    ],
    [
      TRACE,
      { level: 'error' },
      { message: 'ValueError: bad | value', error: { type: 'ValueError', message: 'bad | value', stack_trace: TRACE } },
    ],
    [
      `${TRACE}\n\nDuring handling of the above exception, another exception occurred:\n\n${TRACE.replace('ValueError: bad | value', 'requests.exceptions.HTTPError: 503')}`,
      { level: 'error' },
      { error: { type: 'requests.exceptions.HTTPError', message: '503' } },
    ],
  ])('reads %j', (text, facts, members) => {
    const parsed = parsePython(text);

    expect(parsed).toMatchObject({ format: 'python', ...facts });
    expect(objectOf(parsed)).toMatchObject(members);
  });

  test('takes any stamped line where the program is known to be Python', () => {
    expect(parsePython('2026-11-21 08:26:53 INFO started')).toBeUndefined();
    expect(parsePythonRecord('2026-11-21 08:26:53 INFO started')).toMatchObject({
      format: 'python',
      level: 'info',
      members: '"message":"started"',
    });
    expect(parsePythonRecord('print')).toBeUndefined();
  });
});

describe('the pipe format', () => {
  test('leaves bars, XML and blank lines in the message', () => {
    const message = 'Request: user "admin" | body:\r\n<?xml version="1.0"?>\n\n<a><![CDATA[a | b | c]]></a>';

    expect(objectOf(parsePipe(`2022-02-09T06:34:29.139 | DEBUG | qtp-1 | 100269 | 3bd0 | evalDsl | Op | ${message}\n`))).toEqual({
      '@timestamp': '2022-02-09T06:34:29.139Z',
      log: { level: 'debug' },
      message,
      pipe: { thread: 'qtp-1', id: '100269', session: '3bd0', operation: 'evalDsl', class: 'Op' },
    });
    expect(objectOf(parsePipe('2022-02-09T06:34:29.139 | INFO |  |  |  |  |  | '))).toEqual({
      '@timestamp': '2022-02-09T06:34:29.139Z',
      log: { level: 'info' },
      message: '',
    });
    expect(
      objectOf(
        parsePipe(
          '2022-02-09T06:34:29.139 | ERROR | a | 1 | s | o | c | failed\njava.net.SocketException: Connection reset\n\tat a.B.c(D.java:1)',
        ),
      ),
    ).toMatchObject({
      error: { type: 'java.net.SocketException', message: 'Connection reset' },
    });
  });

  test.each([
    '',
    '2022-02-09T06:34:29.139 | INFO | too | few',
    '2022-02-09T06:34:29 | INFO | a | b | c | d | e | f',
    '2022-13-09T06:34:29.139 | INFO | a | b | c | d | e | f',
  ])('says no to %j', (text) => {
    expect(parsePipe(text)).toBeUndefined();
  });
});
