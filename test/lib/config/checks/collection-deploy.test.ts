import { problemsWith, warningsWith } from '../texts.ts';

const VPC = { vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
const cluster = (members: object) => ({ clusters: [{ name: 'prod', logGroups: { deletionProtection: true }, ...members }] });
const aboutInstall = (texts: string[]) => texts.filter((text) => /install|kubectl|EKS takes/.test(text));

test('a cluster that the deploy can reach needs no word', () => {
  const config = cluster({ kubernetesVersion: '1.33' });
  expect(aboutInstall([...problemsWith(config), ...warningsWith(config)])).toEqual([]);
});

test('a private endpoint without a network is refused, and the other way named', () => {
  const [problem, ...more] = problemsWith(cluster({ kubernetesVersion: '1.33', install: { endpoint: 'private' } }));
  expect(problem).toMatch(/^clusters\[0\]\.install\.endpoint: .*install\.vpc.*eks-telemetry render manifests/);
  expect(more).toEqual([]);
  expect(problemsWith(cluster({ kubernetesVersion: '1.33', install: { endpoint: 'private', vpc: VPC } }))).toEqual([]);
  expect(problemsWith({ ...cluster({ install: { endpoint: 'private' } }), collection: { install: 'render' } })).toEqual([]);
});

test('without a version nothing is installed: a warning by default, a problem where it was asked for', () => {
  expect(aboutInstall(warningsWith(cluster({})))).toEqual([expect.stringContaining('kubernetesVersion is missing')]);
  expect(problemsWith({ ...cluster({}), collection: { install: 'deploy' } })).toEqual([
    expect.stringContaining('kubernetesVersion is missing'),
  ]);
  expect(aboutInstall(warningsWith({ ...cluster({}), collection: { install: 'render' } }))).toEqual([]);
});

test('a version that kubectl here does not fit is named', () => {
  expect(aboutInstall(warningsWith(cluster({ kubernetesVersion: '1.29' })))).toEqual([
    expect.stringContaining('no kubectl here for Kubernetes 1.29'),
  ]);
});

test('a network that nothing uses gets a word', () => {
  const config = { ...cluster({ kubernetesVersion: '1.33', install: { vpc: VPC } }), collection: { install: 'render' } };
  expect(warningsWith(config)).toEqual([expect.stringContaining('nothing of the deploy goes there')]);
});
