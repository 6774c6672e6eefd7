import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bundle, bundleFunction, FUNCTIONS, indexerEnvironment } from '../../bench/bundles.ts';

/** What a cold start pays for, by counts instead of times: they are the same on a busy machine. `npm run bench -- --only init` measures the time. */
describe('bundles of the functions', () => {
  let folder: string;
  const bundles = new Map<string, Bundle>();
  const bundleOf = (name: string): Bundle => bundles.get(name) as Bundle;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-bundle-test-'));
    for (const name of FUNCTIONS) bundles.set(name, bundleFunction(name, folder));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Loads a bundle in a fresh process and says which modules of Node came with it, and what it left running. */
  function load(name: string): { readonly modules: readonly string[]; readonly handles: readonly string[] } {
    const { root } = bundleOf(name);
    const script = `
      const before = new Set(process.moduleLoadList);
      const { handler } = require(${JSON.stringify(join(root, 'index.js'))});
      const modules = process.moduleLoadList.filter((module) => !before.has(module));
      const handles = process.getActiveResourcesInfo();
      if (typeof handler !== 'function') throw new Error('no handler');
      require('node:fs').writeSync(1, JSON.stringify({ modules, handles }));`;
    const env = { PATH: process.env['PATH'], ...indexerEnvironment({ root, endpoint: 'https://search.example.com', route: 'direct' }) };
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as ReturnType<typeof load>;
  }

  test('log-indexer has nothing of a package in it: no SDK, no client', () => {
    expect(bundleOf('log-indexer').inputs.filter((input) => input.includes('node_modules'))).toEqual([]);
  });

  test('log-indexer needs these modules of Node, and no other', () => {
    expect(bundleOf('log-indexer').builtins).toEqual([
      'node:crypto',
      'node:fs',
      'node:http',
      'node:https',
      'node:path',
      'node:timers/promises',
      'node:util',
      'node:zlib',
    ]);
  });

  test("loading log-indexer evaluates no more of Node than that, and opens nothing: the first event's work is not begun", () => {
    const { modules, handles } = load('log-indexer');

    expect(
      modules.filter((module) => /undici|webcrypto|worker|inspector|cluster|child_process|dns\/promises|readline|sqlite/.test(module)),
    ).toEqual([]);
    // TLS is loaded with the first request.
    expect(modules.filter((module) => /NativeModule (?:https?|tls|net)$/.test(module))).toEqual([]);
    // 41 with Node 24.21; a client of any kind brings dozens.
    expect(modules.length).toBeLessThan(60);
    expect(handles.filter((handle) => /Socket|Server|Timeout|FSReq/.test(handle))).toEqual([]);
  });

  test.each([
    // A kilobyte costs some 0.03 ms to compile: the limit is 6 ms. Grows with parsers; whoever adds one sees what it costs.
    ['log-indexer', 172_000],
    ['search-setup', 760_000],
    ['control-plane-logging', 680_000],
    ['log-group-setup', 570_000],
  ])('%s stays under %d bytes', (name, limit) => {
    expect(bundleOf(name).bytes).toBeLessThan(limit);
  });
});
