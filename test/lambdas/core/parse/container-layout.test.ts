import { openContainerRecord } from '../../../../lambdas/core/parse/container-record.ts';

const of = (container: string, log: string): string =>
  `{"log":${JSON.stringify(log)},"stream":"stdout","time":"2026-11-21T08:27:07.171527756Z","kubernetes":{"container_name":"${container}","docker_id":"id-${container}"}}`;
const kubernetesFirst = (container: string): string =>
  `{"kubernetes":{"container_name":"${container}"},"log":"x","stream":"stdout","time":"2026-11-21T08:27:07.171527756Z"}`;

test('containers that take turns keep their own metadata', () => {
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 100; i++)
      expect(openContainerRecord(of(`c${i}`, `line ${round}`))).toMatchObject({ container: `c${i}`, log: `line ${round}` });
  }
});

test('a record that is written differently does not lend its metadata to the next one', () => {
  expect(openContainerRecord(of('a', '1'))?.container).toBe('a');
  expect(openContainerRecord(kubernetesFirst('b'))?.container).toBe('b');
  expect(openContainerRecord(of('a', '2'))?.container).toBe('a');
  expect(openContainerRecord(kubernetesFirst('b'))?.container).toBe('b');
});

test('a record that only ends like another one is not taken for one', () => {
  openContainerRecord(of('a', '1'));
  const inner = of('a', '2');

  expect(openContainerRecord(`{"x":${inner}}`)).toBeUndefined();
  expect(openContainerRecord(inner.replace('"log":"2"', '"log":"2'))).toBeUndefined();
  expect(openContainerRecord(inner.replace('"log":"2"', '"log":"a","log":"b"'))?.log).not.toContain('"');
});
