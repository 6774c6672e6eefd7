import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, freePort, waitFor } from '../../bench/fluent-bit/agent.ts';
import { AwsRecorder } from '../../bench/fluent-bit/aws-recorder.ts';
import { Kubernetes } from '../../bench/fluent-bit/kubernetes.ts';
import { addonFluentBitValues, renderFluentBit } from '../../collector/fluent-bit.ts';
import type { RenderedFile } from '../../collector/types.ts';
import type { Config } from '../../lib/config/load.ts';
import { APPLICATIONS, clusterOf, FULL, KAFKA_APPLICATION, KUBELET, PLAIN } from '../collector/configs.ts';
import { configWith } from '../lib/config/texts.ts';
import { describeWithFluentBit } from './describe.ts';

/** Seconds of a start in which a wrong value shows itself: plugins connect and flush once. */
const START_MS = 3500;

/** The files as the chart of the add-on puts them together: the service, then an include for each extra file, by name. */
function addonFiles(config: Config): RenderedFile[] {
  const { service, customParsers, extraFiles } = addonFluentBitValues(config, clusterOf(config));
  const paths = Object.keys(extraFiles).sort();
  return [
    { path: 'fluent-bit.conf', text: `${service}\n${paths.map((path) => `@INCLUDE ${path}\n`).join('')}` },
    { path: 'parsers.conf', text: customParsers },
    ...paths.map((path) => ({ path, text: (extraFiles[path] ?? '').replaceAll('{{ "{{" }}', '{{') })),
  ];
}

const KAFKA = configWith({ applications: [...APPLICATIONS, KAFKA_APPLICATION] });

describeWithFluentBit('a real Fluent Bit takes the rendered configuration', () => {
  let agent: Agent;
  let aws: AwsRecorder;
  let kubernetes: Kubernetes;
  let ports: { aws: number; certificate: string; http: number; kubernetes: number };

  beforeEach(async () => {
    agent = new Agent();
    aws = new AwsRecorder(agent.folder);
    kubernetes = new Kubernetes(aws.certificate, aws.key, [], []);
    ports = { aws: await aws.start(), certificate: aws.certificate, http: await freePort(), kubernetes: await kubernetes.start() };
    for (const path of ['var/log/example', 'opt/batch']) mkdirSync(join(agent.folder, path), { recursive: true });
  });

  afterEach(async () => {
    await agent.stop();
    await aws.stop();
    await kubernetes.stop();
    agent.remove();
  });

  const files = (config: Config, target: 'daemonset' | 'events') => renderFluentBit(config, clusterOf(config), target);
  const CASES: readonly (readonly [string, () => readonly RenderedFile[]])[] = [
    ['nothing said', () => files(PLAIN, 'daemonset')],
    ['every option of applications and files', () => files(FULL, 'daemonset')],
    ['metadata of the kubelet and a label', () => files(KUBELET, 'daemonset')],
    ['events of the cluster', () => files(PLAIN, 'events')],
    ['the values of the add-on', () => addonFiles(FULL)],
  ];

  test.each([...CASES, ['records to Kafka', () => files(KAFKA, 'daemonset')] as const])('--dry-run: %s', (_name, render) => {
    agent.install(render(), ports);

    const { status, output } = agent.dryRun();

    expect(output).toContain('configuration test is successful');
    expect(status).toBe(0);
  });

  test.each(CASES)('starts, runs and stops without a warning: %s', async (_name, render) => {
    agent.install(render(), ports);

    await agent.start();
    await waitFor(() => false, START_MS);
    const code = await agent.stop();

    expect(agent.complaints()).toEqual([]);
    expect(code).toBe(0);
  });

  test('a value that it does not like is seen by this test', async () => {
    agent.install(
      files(PLAIN, 'daemonset').map(({ path, text }) => ({ path, text: text.replace(/Retry_Limit +no_limits/g, 'Retry_Limit never') })),
      ports,
    );

    await agent.start();
    await waitFor(() => agent.complaints().length > 0, START_MS);

    expect(agent.complaints()).not.toEqual([]);
  });
});
