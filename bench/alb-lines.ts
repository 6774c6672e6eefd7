/** A random number generator of 32 bits (mulberry32): the same seed gives the same lines on every machine. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (compatible; ExampleBot/2.1; +https://bot.example.com/about)',
  'okhttp/4.12.0',
  'curl/8.14.1',
  'python-requests/2.32.4',
  'shop-app/7.3.1 (Android 15; Pixel 8)',
];
const PATHS = [
  '/',
  '/cart',
  '/api/v2/orders',
  '/api/v2/orders/48213/items',
  '/static/js/app.3f2c9d1b.js',
  '/search',
  '/login',
  '/healthz',
  '/img/products/881/large.webp',
];
const QUERIES = [
  '',
  '',
  '?page=2&sort=price',
  '?q=red+shoes&utm_source=newsletter&utm_campaign=spring',
  '?id=99213&variant=blue',
  '?v=20261121',
];
const HOSTS = ['shop.example.com', 'api.example.com', 'www.example.com'];
const GROUPS = ['shop-web/0a1b2c3d4e5f6071', 'shop-api/73e2d6bc24d8a067', 'search/1f2e3d4c5b6a7988'];
const STATUSES = [200, 200, 200, 200, 200, 200, 200, 204, 301, 304, 404, 403, 500, 502, 503, 504];
const ELB = 'app/shop-public/50dc6c495c0c9188';
const ARN = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/';
const CERT = 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';

/** Lines of an ALB as it writes them at the end of 2026: one in twenty with the three fields of a rewritten URL in use, some without a target. */
export function albLines(count: number, seed = 42, startMs = Date.UTC(2026, 10, 21, 8, 25)): string[] {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const hex = (digits: number): string => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  const seconds = (scale: number): string => (random() ** 4 * scale).toFixed(3);
  const stepMs = 300_000 / count;
  return Array.from({ length: count }, (_, line) => {
    const time =
      new Date(startMs + Math.floor(line * stepMs)).toISOString().slice(0, -1) + String(Math.floor(random() * 1000)).padStart(3, '0');
    const status = pick(STATUSES);
    const hasTarget = status !== 503 && status !== 301;
    const type = random() < 0.6 ? 'h2' : 'https';
    const host = pick(HOSTS);
    const url = `https://${host}:443${pick(PATHS)}${pick(QUERIES)}`;
    const port = 1024 + Math.floor(random() * 60_000);
    const client = random() < 0.1 ? `2001:db8:${hex(4)}:${hex(4)}::${hex(3)}` : `203.0.113.${Math.floor(random() * 256)}`;
    const target = hasTarget ? `10.0.${Math.floor(random() * 4)}.${Math.floor(random() * 256)}:8080` : '-';
    const times = hasTarget ? `0.001 ${status === 504 ? '-1' : seconds(3)} 0.000` : '-1 -1 -1';
    const isRewritten = random() < 0.055;
    return (
      `${type} ${time}Z ${ELB} ${client}:${port} ${target} ${times} ${status} ${hasTarget && status !== 504 ? status : '-'} ` +
      `${200 + Math.floor(random() * 900)} ${Math.floor(random() ** 3 * 90_000)} "${pick(['GET', 'GET', 'GET', 'POST', 'PUT'])} ${url} ${type === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1'}" ` +
      `"${pick(AGENTS)}" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 ${ARN}${pick(GROUPS)} "Root=1-${hex(8)}-${hex(24)}" "${host}" "${CERT}" ` +
      `${Math.floor(random() * 20)} ${time.slice(0, -3)}000Z "${status === 301 ? 'redirect' : 'waf,forward'}" "${status === 301 ? 'https://www.example.com:443/' : '-'}" "-" ` +
      `"${target}" "${hasTarget && status !== 504 ? status : '-'}" "-" "-" TID_${hex(32)} ${isRewritten ? `"${host}" "/v2${pick(PATHS)}" "TransformSuccess"` : '"-" "-" "-"'}`
    );
  });
}
