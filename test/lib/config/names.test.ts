import fc from 'fast-check';
import { joinName, logIndexerName, MAX_FUNCTION_NAME, roleName, stackName } from '../../../lib/config/names.ts';

const clusterName = fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/);

test('keeps a name that fits', () => {
  expect(logIndexerName('eks-telemetry', 'prod', 'direct')).toBe('eks-telemetry-prod-log-indexer-direct');
});

test('names of functions, roles and stacks are valid for every cluster that EKS allows', () => {
  fc.assert(
    fc.property(clusterName, (cluster) => {
      const name = logIndexerName('eks-telemetry', cluster, 'stream');
      expect(name).toMatch(/^[A-Za-z0-9-_]{1,64}$/);
      expect(roleName('ap-northeast-2', name)).toMatch(/^[\w+=,.@-]{1,64}$/);
      expect(stackName(['eks-telemetry', cluster, 'logging'])).toMatch(/^[A-Za-z][-A-Za-z0-9]{0,127}$/);
    }),
  );
});

test('two names stay two names', () => {
  fc.assert(
    fc.property(clusterName, clusterName, (a, b) => {
      fc.pre(a !== b);
      expect(logIndexerName('eks-telemetry', a, 'direct')).not.toBe(logIndexerName('eks-telemetry', b, 'direct'));
      expect(stackName(['p', a])).not.toBe(stackName(['p', b]));
    }),
  );
});

test('a cut name is as long as it may be and ends in a hash of the whole', () => {
  const a = joinName(['x'.repeat(100), 'a']);
  const b = joinName(['x'.repeat(100), 'b']);

  expect(a).toHaveLength(MAX_FUNCTION_NAME);
  expect(a).not.toBe(b);
});

test('a stack name tells _ from -', () => {
  expect(stackName(['p', 'a-b'])).toBe('p-a-b');
  expect(stackName(['p', 'a_b'])).toMatch(/^p-a-b-[0-9a-f]{6}$/);
});
