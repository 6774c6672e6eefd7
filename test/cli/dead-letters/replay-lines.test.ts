import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { albLines } from '../../../bench/alb-lines.ts';
import { Fixture, LETTERS_KEY, letter } from './fixture.ts';

const BUCKET = 'eks-telemetry-access-logs-111122223333-us-east-1';
const KEY =
  'shop/AWSLogs/111122223333/elasticloadbalancing/us-east-1/2026/11/21/111122223333_elasticloadbalancing_us-east-1_app.shop.50dc_20261121T0830Z_192.0.2.10_5x8k.log.gz';
const CONFIG = `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources: [{ name: prod-application, cluster: prod, kind: application, route: direct }]
loadBalancers:
  logs:
    - { name: shop, cluster: prod, kind: alb }
search:
  access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } }
`;
/** As the second of two equal lines of its file had it. */
const ID = 'f0123456789abcdef-0123456789abcdef-1';

let fixture: Fixture;
let server: Server;
let endpoint: string;
let bodies: string[];

beforeEach(async () => {
  fixture = new Fixture();
  writeFileSync(join(fixture.folder, 'config/local.yaml'), CONFIG);
  bodies = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      bodies.push(body);
      response.end(
        JSON.stringify({ errors: false, items: Array.from({ length: body.split('\n').length >> 1 }, () => ({ create: { status: 201 } })) }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  rmSync(fixture.folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const lineLetter = (message: string) =>
  letter({
    ...{ source: 'shop', function: 'eks-telemetry-alb-indexer', logGroup: `s3://${BUCKET}`, logStream: KEY, id: ID, documentId: ID },
    ...{ timestamp: Date.UTC(2026, 10, 21, 8, 30), message, index: 'eks-alb-prod-2026.11.21' },
  });

test('a line of an access log file is indexed under the index and _id that it had, redacted, whether its parser understands it or not', async () => {
  const [line = ''] = albLines(1);
  const secret = line.replace(/https:\/\/[^ ]+/, 'https://shop.example.com:443/a?password=hunter2');
  fixture.putLetters(LETTERS_KEY, [lineLetter(line), lineLetter(secret), lineLetter('no line of an ALB "ü')]);

  const { code, out } = await fixture.call('replay', '--endpoint', endpoint);

  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('indexed 3') as string });
  const rows = bodies
    .join('')
    .trimEnd()
    .split('\n')
    .map((row) => JSON.parse(row) as Record<string, unknown>);
  expect(rows.filter((_, at) => at % 2 === 0)).toEqual(
    Array.from({ length: 3 }, () => ({ create: { _index: 'eks-alb-prod-2026.11.21', _id: ID } })),
  );
  expect(rows.filter((_, at) => at % 2 === 1)).toMatchObject([
    { event: { id: ID, dataset: 'aws.alb' }, aws: { s3: { bucket: BUCKET, key: KEY } }, parse: { format: 'alb' } },
    { event: { id: ID }, url: { path: '/a' } },
    { event: { id: ID }, message: 'no line of an ALB "ü', parse: { error: 'not alb' } },
  ]);
  expect(bodies.join('')).not.toContain('hunter2');
});

test('a letter of a whole file stays, and says how the file is read again; one of a source that is gone stays too', async () => {
  const { index: _index, documentId: _documentId, ...file } = lineLetter('');
  fixture.putLetters(LETTERS_KEY, [{ ...file, reason: 'file-truncated' }]);
  fixture.putLetters(LETTERS_KEY.replace('-ab.', '-cd.'), [{ ...lineLetter('x'), logGroup: 's3://other' }]);

  const { code, out } = await fixture.call('replay', '--endpoint', endpoint);

  expect(code).toBe(1);
  expect(out).toContain('2 failed again (1 file-truncated, 1 unknown-log-group)');
  expect(out).toContain('eks-telemetry backfill');
  expect(bodies).toEqual([]);
});
