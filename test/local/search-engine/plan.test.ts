import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Java } from '../../../local/search-engine/java.ts';
import { RUNNERS, resolveClasspath } from '../../../local/search-engine/runner.ts';
import { planSearchEngine, startSearchEngine } from '../../../local/search-engine/search-engine.ts';

test('OPENSEARCH_URL is taken as it is, without Java', async () => {
  expect(await planSearchEngine({ OPENSEARCH_URL: 'http://127.0.0.1:9200/', PATH: '' })).toEqual({
    kind: 'url',
    url: 'http://127.0.0.1:9200',
  });
});

test('without Maven the plan says what to install', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'eks-telemetry-cache-'));
  const java: Java = { program: '/nowhere/bin/java', home: '/nowhere', major: 21 };
  const [runner] = RUNNERS;
  if (!runner) throw new Error('there are runners');
  const path = process.env['PATH'];
  process.env['PATH'] = cache;
  try {
    await expect(resolveClasspath(runner, java, { PATH: cache, XDG_CACHE_HOME: cache })).rejects.toThrow('install it');
  } finally {
    process.env['PATH'] = path;
    rmSync(cache, { recursive: true });
  }
});

test('an engine that is given is used, never stopped', async () => {
  const server = createServer((_request, response) => response.end(JSON.stringify({ version: { number: '2.19.0' } })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const engine = await startSearchEngine({ env: { OPENSEARCH_URL: url } });
  await engine.stop();
  const refused = await engine.halt('kill').catch((error: Error) => error.message);
  const still = await fetch(url);
  server.closeAllConnections();
  server.close();

  expect(engine).toMatchObject({ url, version: '2.19.0', owned: false });
  expect(refused).toContain('not ours to stop');
  expect(still.ok).toBe(true);
});

test('an OPENSEARCH_URL that does not answer is named', async () => {
  await expect(startSearchEngine({ env: { OPENSEARCH_URL: 'http://127.0.0.1:9' } })).rejects.toThrow(
    'OPENSEARCH_URL http://127.0.0.1:9 does not answer',
  );
});
