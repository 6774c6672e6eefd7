// The folder answers "may I do this here?": imports go one way (docs/decisions/0001-layout.md).
const ENTRY = '^lambdas/[^/]+\\.ts$';
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
module.exports = {
  forbidden: [
    forbid(
      'core-imports-only-core',
      'core is pure: no AWS, no clock, no environment',
      { path: '^lambdas/core/' },
      { pathNot: '^lambdas/core/' },
    ),
    forbid(
      'events-know-core-and-zlib',
      'envelopes in, plain records out; buffer tells what is UTF-8',
      { path: '^lambdas/events/' },
      { pathNot: '^lambdas/(core|events)/|^(node:)?(zlib|buffer)$|node_modules/@types/' },
    ),
    forbid(
      'clients-below-entries',
      'a client knows neither envelopes nor functions',
      { path: '^lambdas/clients/' },
      { path: `^(lib|bin|cli|local|lambdas/events)/|${ENTRY}` },
    ),
    forbid('entries-do-not-call-entries', 'a function is called by its event', { path: ENTRY }, { path: ENTRY }),
    forbid(
      'no-cdk-in-a-lambda',
      'CDK in a bundle is 60 MB',
      { path: '^lambdas/' },
      { path: '^(lib|bin|cli|local)/|node_modules/(aws-cdk-lib|constructs)/' },
    ),
    forbid(
      'lib-knows-only-core',
      'lib names a function by path, never by import',
      { path: '^lib/' },
      { path: '^(bin|cli|local|lambdas)/', pathNot: '^lambdas/core/' },
    ),
    forbid(
      'collector-is-pure',
      'texts from the config: types of lib/config, names of log groups, and core; no CDK, no files',
      { path: '^collector/', pathNot: '^collector/volumes/program/' },
      { pathNot: '^(collector|lambdas/core)/|^lib/config/(log-groups|load|resolve|schema[a-z-]*)\\.ts$' },
    ),
    forbid(
      'collector-takes-types-of-the-config',
      'loading is for those who call it',
      { path: '^collector/' },
      { path: '^lib/config/(load|resolve|schema[a-z-]*)\\.ts$', dependencyTypesNot: ['type-only'] },
    ),
    forbid('constructs-below-stacks', 'stacks compose constructs', { path: '^lib/constructs/' }, { path: '^lib/stacks/' }),
    forbid(
      'config-below-constructs',
      'the config knows nothing of CDK',
      { path: '^lib/config/' },
      { path: '^lib/(stacks|constructs)/|node_modules/(aws-cdk-lib|constructs)/' },
    ),
    forbid(
      'no-cdk-in-the-bench',
      'it measures the bundles, and loading CDK takes a second',
      { path: '^bench/' },
      { path: '^lib/stacks/|node_modules/(aws-cdk-lib|constructs)/', reachable: true },
    ),
    forbid('no-test-code-in-product', 'tests import the product', { pathNot: '^test/' }, { path: '^test/' }),
    forbid('no-cycles', 'a cycle has no first file to read', {}, { circular: true }),
  ],
  options: { doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' } },
};
