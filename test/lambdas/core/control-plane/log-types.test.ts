import { enabledTypes, typesFromTag, typesWithin, typesWithout, unknownTypes } from '../../../../lambdas/core/control-plane/log-types.ts';

test('reads which types are on, the later part counting', () => {
  const setups = [{ types: ['api', 'audit'], enabled: true }, { types: ['api'], enabled: false }, { enabled: true }, {}];

  expect(enabledTypes(setups)).toEqual(['audit']);
});

test('drops words of the note that are no types', () => {
  expect(typesFromTag('scheduler, etcd  audit')).toEqual(['audit', 'scheduler']);
  expect(typesFromTag(undefined)).toEqual([]);
});

test('splits types by whether they are wanted elsewhere', () => {
  expect(typesWithout(['scheduler', 'audit'], ['audit'])).toEqual(['scheduler']);
  expect(typesWithin(['scheduler', 'audit'], ['audit'])).toEqual(['audit']);
});

test('names what EKS does not know', () => {
  expect(unknownTypes(['audit', 'etcd', 'Audit'])).toEqual(['etcd', 'Audit']);
});
