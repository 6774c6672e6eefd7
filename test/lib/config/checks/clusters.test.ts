import { problemsWith, warningsWith } from '../texts.ts';

const cluster = (name: string, more: object = {}) => ({
  name,
  kubernetesVersion: '1.33',
  logGroups: { deletionProtection: true },
  ...more,
});

test('two clusters of one name are refused at the second', () => {
  expect(problemsWith({ clusters: [cluster('prod'), cluster('prod')] })).toEqual([
    'clusters[1].name: two clusters have this name (the first is number 1)',
  ]);
});

test('two clusters whose names differ in case only would share every index', () => {
  expect(problemsWith({ clusters: [cluster('prod'), cluster('Prod')] })).toEqual([
    expect.stringContaining('clusters[1].indexName: clusters prod and Prod would share every index'),
  ]);
  expect(problemsWith({ clusters: [cluster('prod'), cluster('Prod', { indexName: 'prod-big' })] })).toEqual([]);
});

describe('a telemetry rule and the custom resource are two owners of one setting', () => {
  const by = (enablement: string) => ({ controlPlane: { enablement } });

  test.each<[string, string, number]>([
    ['telemetryRule', 'customResource', 1],
    ['telemetryRule', 'telemetryRule', 0],
    ['telemetryRule', 'none', 0],
    ['customResource', 'none', 0],
  ])('%s beside %s', (first, second, count) => {
    const problems = problemsWith({ clusters: [cluster('prod', by(first)), cluster('stage', by(second))] });

    expect(problems).toHaveLength(count);
  });

  test('and so are both for one cluster', () => {
    const problems = problemsWith({ clusters: [cluster('prod', by('telemetryRule')), cluster('prod', by('customResource'))] });

    expect(problems).toEqual([expect.stringContaining('clusters[1].name'), expect.stringContaining('clusters[1].controlPlane.enablement')]);
  });
});

test('a type that stands twice is refused', () => {
  expect(problemsWith({ clusters: [cluster('prod', { controlPlane: { logTypes: ['audit', 'audit'] } })] })).toEqual([
    expect.stringContaining('names a type twice'),
  ]);
});

describe('warnings', () => {
  test('a group that forgets before its index', () => {
    expect(warningsWith({ clusters: [cluster('prod', { retentionDays: { application: 14 } })] })).toEqual([
      expect.stringContaining('clusters[0].retentionDays.application: the log group forgets'),
    ]);
    expect(warningsWith({ clusters: [cluster('prod', { retentionDays: { application: 30 } })] })).toEqual([]);
  });

  test('a group that nothing is indexed from may forget when it likes', () => {
    expect(warningsWith({ clusters: [cluster('prod', { retentionDays: { host: 1 } })] })).toEqual([]);
  });

  test.each<[string, object, number]>([
    ['that are kept for weeks need no protection against deletion', { retentionDays: { controlPlane: 90 } }, 0],
    ['with an audit log of a year do', { retentionDays: { controlPlane: 365 } }, 1],
    ['unless it is protected', { retentionDays: { controlPlane: 365 }, logGroups: { deletionProtection: true } }, 0],
    ['or there is no audit log', { retentionDays: { controlPlane: 365 }, controlPlane: { logTypes: ['api'] } }, 0],
  ])('groups %s', (_name, more, count) => {
    const warnings = warningsWith({ clusters: [{ name: 'prod', kubernetesVersion: '1.33', ...more }] });

    expect(warnings).toEqual(
      Array(count).fill(expect.stringMatching(/^clusters\[0\]\.logGroups\.deletionProtection: the audit log is kept for 365 days/)),
    );
  });
});
