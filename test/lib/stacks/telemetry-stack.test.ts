import { CfnWaitConditionHandle } from 'aws-cdk-lib';
import { loadConfig } from '../../../lib/config/load.ts';
import { MAX_RESOURCES, TelemetryStack } from '../../../lib/stacks/telemetry-stack.ts';
import { makeApp } from '../../support/synth.ts';

function stackOf(count: number): TelemetryStack {
  const loaded = loadConfig('config/minimal.yaml');
  if (!loaded.ok) throw new Error('config/minimal.yaml is broken');
  const kind = { nameParts: ['test'], description: 'A test.', holdsData: false };
  const stack = new TelemetryStack(makeApp(), { config: loaded.config, projectRoot: '.' }, kind);
  for (let index = 0; index < count; index++) new CfnWaitConditionHandle(stack, `Handle${index}`);
  return stack;
}

test('takes 450 resources', () => {
  expect(stackOf(MAX_RESOURCES).node.validate()).toEqual([]);
});

test('refuses one more, before CloudFormation refuses the template', () => {
  expect(stackOf(MAX_RESOURCES + 1).node.validate()).toEqual([
    expect.stringMatching(
      /^stack eks-telemetry-test has 451 resources, limit: 450 \(CloudFormation refuses 500\)\. .*subscription: account/,
    ),
  ]);
});
