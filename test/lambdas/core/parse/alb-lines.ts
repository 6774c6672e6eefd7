/** Pieces of access log lines as an ALB wrote them over the years, and every shape that a line may have. Addresses and ids are made up. */
export const HEAD = 'https 2026-11-21T08:23:24.456468Z app/my-lb/50dc 203.0.113.7:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 34 366';
export const REQUEST = '"GET https://www.example.com:443/a?b=c HTTP/2.0" "curl/7"';
const TLS = 'ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2';
export const ARN = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/a/7';
const UNTIL_2018 = `${REQUEST} ${TLS} ${ARN} "Root=1-5833"`;
const UNTIL_2019 = `${UNTIL_2018} "www.example.com" "arn:x" 1 2026-11-21T08:23:24.364000Z "waf,forward" "-" "-"`;
const UNTIL_2020 = `${UNTIL_2019} "10.0.0.1:80" "200"`;
const UNTIL_2023 = `${UNTIL_2020} "-" "-"`;
const UNTIL_2025 = `${UNTIL_2023} TID_12`;
export const NOW = `${UNTIL_2025} "-" "-" "-"`;
const AFTER_AGENT = `${TLS} ${ARN} "Root=1-5833" "www.example.com" "arn:x" 1 2026-11-21T08:23:24.364000Z "waf,forward" "-" "-" "10.0.0.1:80" "200" "-" "-" TID_12`;

const request = (text: string): string => `${HEAD} ${text} ${AFTER_AGENT}`;
const head = (text: string): string => `${text} ${NOW}`;

/** A line of each shape by what is special about it. */
export const SHAPES: { readonly [name: string]: string } = {
  'of today': `${HEAD} ${NOW}`,
  'without transforms': `${HEAD} ${UNTIL_2025}`,
  'with transforms but without a connection id': `${HEAD} ${UNTIL_2023} "h" "/u" "TransformSuccess"`,
  'until 2023': `${HEAD} ${UNTIL_2023}`,
  'until 2020': `${HEAD} ${UNTIL_2020}`,
  'of 2019': `${HEAD} ${UNTIL_2019}`,
  'of 2018': `${HEAD} ${UNTIL_2018}`,
  'of 2016, without anything behind the protocol': `${HEAD} ${REQUEST} - -`,
  'with unknown trailing fields': `${HEAD} ${NOW} future "field x" 7`,
  'with unknown fields behind the connection id': `${HEAD} ${UNTIL_2025} 7 "x"`,
  'with a trailing blank': `${HEAD} ${NOW} `,
  'with a carriage return': `${HEAD} ${NOW}\r`,
  'with a cipher of TLS 1.3': `${HEAD} ${NOW.replace(TLS, 'TLS_AES_128_GCM_SHA256 TLSv1.3')}`,
  'with a blank in the URL': request('"GET https://h:443/a b/c?d=e f HTTP/1.1" "curl/7"'),
  'with an escaped quote in the user agent': request('"GET https://h:443/ HTTP/1.1" "a \\"b\\" c"'),
  'with bare quotes in the user agent': request('"GET https://h:443/ HTTP/1.1" "a "b" c"'),
  'with a user agent that ends in a backslash': request('"GET https://h:443/ HTTP/1.1" "a\\"'),
  'with two backslashes before the quote': request('"GET https://h:443/ HTTP/1.1" "a\\\\"'),
  'with a percent-encoded quote in the user agent': request('"GET https://h:443/ HTTP/1.1" "a %22b%22 \\x22c\\x22"'),
  'with an empty user agent': request('"GET https://h:443/ HTTP/1.1" ""'),
  'with a user agent beyond ASCII': request('"GET https://h:443/ä HTTP/1.1" "Möz 😀"'),
  'with a control character': request('"GET https://h:443/\u0001\u001f HTTP/1.1" "a\tb"'),
  'with an escaped quote in the URL': request('"GET https://h:443/a?x=\\"y\\" HTTP/1.1" "curl/7"'),
  'with bare quotes in the URL': request('"GET https://h:443/a b?x="y" HTTP/1.1" "curl/7"'),
  'with a quote, a blank and a quote in the URL': request('"GET https://h:443/a" "b HTTP/1.1" "curl/7"'),
  'with two targets': `${HEAD} ${NOW.replace('"10.0.0.1:80" "200"', '"10.0.0.1:80 10.0.0.2:80" "502 200"')}`,
  'of a malformed request': request('"- http://h.example.com:80- -" "-"').replace(' 200 200 ', ' 400 - '),
  'of a malformed request with a blank at its end': request('"- http://h.example.com:80- - " "-"').replace(' 200 200 ', ' 400 - '),
  'of HTTP/2': head(HEAD.replace('https', 'h2')),
  'of gRPC': head(HEAD.replace('https', 'grpcs')),
  'of WebSockets': head(HEAD.replace('https', 'ws')),
  'of secure WebSockets': head(HEAD.replace('https', 'wss')),
  'of a type that is still to come': head(HEAD.replace('https', 'h3')),
  'to a Lambda function': head('http 2026-11-21T08:23:24.456468Z app/x/1 203.0.113.7:1 - 0.001 0.100 0.000 200 200 34 366'),
  'that WAF blocked': head('http 2026-11-21T08:23:24.456468Z app/x/1 203.0.113.7:1 - -1 -1 -1 403 - 34 366'),
  'of a redirect': `${head('http 2026-11-21T08:23:24.456468Z app/x/1 203.0.113.7:1 - -1 -1 -1 301 - 34 366').replace('"waf,forward" "-"', '"redirect" "https://h:443/a?b=c"')}`,
  'of a client that went away': head('http 2026-11-21T08:23:24.456468Z app/x/1 203.0.113.7:1 10.0.0.1:80 0.001 -1 -1 460 - 34 0'),
  'without a target that is healthy': head('http 2026-11-21T08:23:24.456468Z app/x/1 203.0.113.7:1 - -1 -1 -1 503 - 34 366'),
  'of a time-out': head('http 2026-11-21T08:23:24.456468Z app/x/1 203.0.113.7:1 10.0.0.1:80 0.001 -1 -1 504 - 34 366'),
  'without a status': head('http 2026-11-21T08:23:24.456468Z app/x/1 203.0.113.7:1 10.0.0.1:80 0.001 -1 -1  - 34 366'),
  'of an authentication': `${HEAD} ${NOW.replace('waf,forward', 'authenticate,forward').replace('"-" "-"', '"-" "AuthInvalidCookie"')}`,
  'of an ambiguous request': `${HEAD} ${NOW.replace('"200" "-" "-"', '"200" "Ambiguous" "SpaceInUri,BadVersion"')}`,
  'of a severe request': `${HEAD} ${NOW.replace('"200" "-" "-"', '"200" "Severe" "BadContentLength"')}`,
  'of IPv6 in brackets': head('h2 2026-11-21T08:23:24.456468Z app/x/1 [2001:db8::7]:2817 [2001:db8::8]:80 0.0 0.1 0.0 200 200 34 366'),
  'of IPv6 without brackets': head('h2 2026-11-21T08:23:24.456468Z app/x/1 2001:db8::7:2817 2001:db8::8:80 0.0 0.1 0.0 200 200 34 366'),
  'with numbers that JSON has not': head(
    'http 2026-11-21T08:23:24.456468Z app/x/1 203.0.113.7:007 10.0.0.1:80 00.1 .5 1. 0200 2e2 007 99999999999999999999',
  ),
  'without a path in the URL': request('"GET https://h:443 HTTP/1.1" "x"'),
  'with a query and no path': request('"GET https://h:443?a=b HTTP/1.1" "x"'),
  'with an empty query': request('"GET https://h:443/? HTTP/1.1" "x"'),
  'with an IPv6 host': request('"GET https://[2001:db8::7]:443/a HTTP/1.1" "x"'),
  'of a CONNECT': request('"CONNECT h:443 HTTP/1.1" "x"'),
  'of an odd request': request('"NOTHING" "x"'),
  'without a request': request('"-" "-"'),
};
