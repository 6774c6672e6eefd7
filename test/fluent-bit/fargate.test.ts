import type { RenderedFile } from '../../collector/types.ts';
import { configWith } from '../lib/config/texts.ts';
import { describeWithFluentBit } from './describe.ts';
import { cri, fileName, messages, runWith, type World } from './world.ts';

/** Around our filters and outputs, the input of the log router of EKS on Fargate as its documentation describes it: files of containers, framing kept. */
function inRouter(files: readonly RenderedFile[], folder: string): RenderedFile[] {
  const tag = `kube.${folder.slice(1).replaceAll('/', '.')}.var.log.containers.`;
  return [
    ...files.map(({ path, text }) => ({
      path,
      text: text.replace(/( +)(Merge_Log)/, `$1Kube_URL https://kubernetes.default.svc:443\n$1Kube_Tag_Prefix ${tag}\n$1$2`),
    })),
    {
      path: 'fluent-bit.conf',
      text: '[SERVICE]\n    Flush 1\n    Log_Level error\n[INPUT]\n    Name tail\n    Tag kube.*\n    Path /var/log/containers/*.log\n    Read_from_Head On\n@INCLUDE filters.conf\n@INCLUDE output.conf\n',
    },
  ];
}

describeWithFluentBit('lines of pods on Fargate', () => {
  let world: World;

  beforeAll(async () => {
    world = await runWith(
      configWith({ collection: { fargate: true, excludeNamespaces: ['team-b'] } }),
      {
        [fileName('web', 'team-a', 'main', '1')]: cri(['kept', '{"level":"info"}']),
        [fileName('web', 'team-b', 'main', '2')]: cri(['left out']),
        [fileName('web', 'team-bc', 'main', '3')]: cri(['kept as well']),
      },
      { target: 'fargate', change: inRouter },
      ({ aws }) => aws.events.length >= 3,
    );
  }, 60_000);

  test('go to the application group with the runtime’s framing, pod and container', () => {
    expect(new Set(world.aws.events.map(({ group }) => group))).toEqual(new Set(['/aws/containerinsights/prod/application']));
    expect(messages(world, 'team-a')[0]).toMatchObject({
      log: expect.stringMatching(/^2026-11-21T08:30:00\.000000000Z stdout F kept$/),
      kubernetes: { namespace_name: 'team-a', pod_name: 'web', container_name: 'main', docker_id: '1'.repeat(64) },
    });
  });

  test('namespaces that are left out do not leave the pod', () => {
    const logs = messages(world, '').map(({ log }) => log?.split(' F ')[1]);

    expect(logs.sort()).toEqual(['kept', 'kept as well', '{"level":"info"}']);
  });
});
