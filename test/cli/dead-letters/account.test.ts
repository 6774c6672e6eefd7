import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { run } from '../../../cli/dead-letters.ts';
import { formatDeadLetters } from '../../../lambdas/core/delivery/dead-letter.ts';
import { BucketStore } from '../../../local/s3/bucket-store.ts';
import { serveBuckets } from '../../../local/s3/server.ts';
import { asyncRecord, Fixture, KLOG, LETTERS_KEY, letter } from './fixture.ts';

const BUCKET = 'eks-telemetry-dead-letters-111122223333-us-east-1';

/** The SDK against a server that speaks S3's protocol: what the account's bucket would be asked. */
describe('the bucket of an account', () => {
  let fixture: Fixture;
  let root: string;
  let store: BucketStore;
  let server: Awaited<ReturnType<typeof serveBuckets>>;
  const environment = process.env;

  beforeEach(async () => {
    fixture = new Fixture();
    root = mkdtempSync(join(tmpdir(), 'eks-telemetry-s3-'));
    store = new BucketStore(root);
    store.create(BUCKET);
    server = await serveBuckets(store);
    process.env = {
      ...environment,
      AWS_ENDPOINT_URL_S3: server.url,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    store.put(BUCKET, LETTERS_KEY, gzipSync(formatDeadLetters([letter()])));
    store.put(BUCKET, 'aws/lambda/async/f/2026/11/21/2026-11-21T08.59.30-0a', Buffer.from(asyncRecord([KLOG])));
  });
  afterEach(async () => {
    process.env = environment;
    await server.close();
    rmSync(root, { recursive: true });
    rmSync(fixture.folder, { recursive: true });
  });

  async function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const code = await run(args, {
      stdin: new PassThrough(),
      stdout,
      stderr,
      env: process.env,
      isTty: false,
      cwd: fixture.folder,
      now: () => letter().deadLetteredAt + 3_600_000,
    });
    return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
  }

  test('is found by the config, or named with its Region', async () => {
    const byConfig = await call('list', '--json', '--config', 'config/local.yaml');
    const byName = await call('list', '--json', '--bucket', BUCKET, '--region', 'us-east-1');

    expect(byConfig.out.trimEnd().split('\n')).toHaveLength(2);
    // Without a config the source of Lambda's own record is not known; its function is.
    expect(byName.out.replaceAll('"source":"log-indexer"', '"source":"prod-control-plane"')).toBe(byConfig.out);
  });

  test('is not asked without a Region', async () => {
    delete process.env['AWS_REGION'];
    delete process.env['AWS_DEFAULT_REGION'];

    expect(await call('list', '--bucket', BUCKET)).toMatchObject({ code: 2, err: expect.stringContaining('name the Region') });
  });

  test('a replay needs the config, because that says how events are read', async () => {
    expect(await call('replay', '--bucket', BUCKET, '--region', 'us-east-1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--config'),
    });
  });

  test('an object that is done moves inside the bucket', async () => {
    const { createServer } = await import('node:http');
    const engine = createServer((request, response) => {
      let lines = 0;
      request.on('data', (chunk) => {
        lines += String(chunk).split('\n').length - 1;
      });
      request.on('end', () =>
        response.end(JSON.stringify({ errors: false, items: Array.from({ length: lines / 2 }, () => ({ create: { status: 201 } })) })),
      );
    });
    await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
    const { port } = engine.address() as { port: number };

    const { code, out } = await call('replay', '--config', 'config/local.yaml', '--endpoint', `http://127.0.0.1:${port}`);
    engine.closeAllConnections();
    engine.close();

    expect(out).toContain('indexed 2');
    expect(code).toBe(0);
    expect(store.list(BUCKET).map(({ key }) => key)).toEqual([
      'replayed/aws/lambda/async/f/2026/11/21/2026-11-21T08.59.30-0a',
      `replayed/${LETTERS_KEY}`,
    ]);
  });
});
