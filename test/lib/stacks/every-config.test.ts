import { Stack } from 'aws-cdk-lib';
import { ownLogGroups } from '../../../lib/config/own-log-groups.ts';
import { summarize } from '../../../lib/config/summary.ts';
import { environmentBytes, MAX_ENVIRONMENT_BYTES } from '../../../lib/constructs/function-environment.ts';
import { MAX_RESOURCES } from '../../../lib/stacks/telemetry-stack.ts';
import { nagFindings } from '../../support/nag.ts';
import { resources, type SynthesizedApp, synthFile } from '../../support/synth.ts';

const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90];

describe.each(['config/minimal.yaml', 'config/local.yaml', 'config/example.yaml'])('%s', (file) => {
  let synthesized: SynthesizedApp;
  beforeAll(() => {
    synthesized = synthFile(file);
  });
  const each = (type: string) => [...synthesized.templates.values()].flatMap((template) => resources(template, type));

  test('passes the AwsSolutions rules, every accepted finding explained', () => {
    expect(nagFindings(synthesized.app)).toEqual([]);
  });

  test("gives every function, CDK's own included, a named log group with retention", () => {
    for (const template of synthesized.templates.values()) {
      const groups = new Map(resources(template, 'AWS::Logs::LogGroup'));
      for (const [id, { Properties }] of resources(template, 'AWS::Lambda::Function')) {
        const group = groups.get(Properties.LoggingConfig?.LogGroup?.Ref);
        expect([id, group?.Properties.LogGroupName]).toEqual([id, expect.stringMatching(/^\/aws\/lambda\//)]);
        expect(RETENTIONS).toContain(group?.Properties.RetentionInDays);
      }
    }
  });

  test('makes the log groups that the config expects, so that check and the account-level subscription know them all', () => {
    const made = each('AWS::Logs::LogGroup').map(([, { Properties }]) => Properties.LogGroupName);
    expect(made.sort()).toEqual(ownLogGroups(synthesized.config));
  });

  test('makes the stacks that check names', () => {
    expect([...synthesized.templates.keys()].sort()).toEqual([...summarize(synthesized.config, 0).stacks].sort());
  });

  test('encrypts every log group of its own', () => {
    for (const [id, { Properties }] of each('AWS::Logs::LogGroup')) expect([id, Properties.KmsKeyId]).toEqual([id, expect.anything()]);
  });

  test('runs its own functions on Node 24, arm64, traced, from one file', () => {
    // CDK's kubectl handler is Python, and its entry has the same name.
    const own = each('AWS::Lambda::Function').filter(
      ([, { Properties }]) => String(Properties.Handler).startsWith('index.') && Properties.Runtime !== 'python3.13',
    );
    expect(own.length).toBeGreaterThanOrEqual(5);
    for (const [, { Properties }] of own) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], TracingConfig: { Mode: 'Active' } });
    }
  });

  test('keeps environments far below the 4 KB of Lambda', () => {
    for (const [, { Properties }] of each('AWS::Lambda::Function')) {
      const variables = Object.entries(Properties.Environment?.Variables ?? {}).map(([name, value]) => [name, JSON.stringify(value)]);
      expect(environmentBytes(Object.fromEntries(variables))).toBeLessThan(MAX_ENVIRONMENT_BYTES / 2);
    }
  });

  test('gives CloudWatch Logs at most one permission per function', () => {
    const functions = each('AWS::Lambda::Permission')
      .filter(([, { Properties }]) => Properties.Principal === 'logs.amazonaws.com')
      .map(([, { Properties }]) => JSON.stringify(Properties.FunctionName));
    expect(new Set(functions).size).toBe(functions.length);
  });

  test('puts no secret into a template', () => {
    for (const template of synthesized.templates.values()) {
      const text = JSON.stringify(template.toJSON());
      expect(text).not.toMatch(/AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY|MasterUserPassword|hooks\.slack\.com/);
      expect(text).not.toMatch(/"[A-Z_]*(?:PASSWORD|SECRET|TOKEN)[A-Z_]*":/);
    }
  });

  test('sets account, Region, description and tags on every stack, and protects those that hold data', () => {
    const { config, stacks } = synthesized;
    for (const stack of stacks) {
      expect([stack.account, stack.region]).toEqual([config.account, config.region]);
      expect(stack.templateOptions.description).toMatch(/^eks-telemetry: .+\.$/);
      expect(stack.tags.tagValues()).toEqual(config.tags);
      const holdsResults = stack.stackName.endsWith('-athena') && config.athena.results.mode === 'bucket';
      expect(stack.terminationProtection).toBe(holdsResults || /-(storage|search|access-logs|archive)$/.test(stack.stackName));
    }
  });

  test('needs nothing from an account at synth', () => {
    for (const stack of synthesized.stacks) expect(Stack.of(stack).node.tryGetContext('aws:cdk:missing')).toBeUndefined();
    expect(synthesized.app.synth().manifest.missing).toBeUndefined();
  });

  test('stays below the limit of resources', () => {
    for (const template of synthesized.templates.values()) {
      expect(Object.keys((template.toJSON() as { Resources: object }).Resources).length).toBeLessThan(MAX_RESOURCES / 3);
    }
  });

  test('grants no action with a wildcard, and no action on everything but those that know no resource', () => {
    const open = each('AWS::IAM::Policy').flatMap(([, { Properties }]) =>
      Properties.PolicyDocument.Statement.filter(({ Resource }: { Resource: unknown }) => Resource === '*').flatMap(
        ({ Action }: { Action: string }) => Action,
      ),
    );
    // Queries and metrics are no resources (Logs Insights, GetMetricWidgetImage, GetMetricData).
    for (const action of open)
      expect(action).toMatch(/^(xray:|ec2:|logs:(GetQueryResults|StopQuery|DescribeLogGroups)$|cloudwatch:GetMetric(WidgetImage|Data)$)/);
    for (const [, { Properties }] of each('AWS::IAM::Policy')) {
      for (const { Action } of Properties.PolicyDocument.Statement) expect([Action].flat().join()).not.toContain('*');
    }
  });

  test('deploys in order: storage, then search and logging, then delivery', () => {
    const names = (part: RegExp) => synthesized.stacks.filter(({ stackName }) => part.test(stackName));
    for (const delivery of names(/-delivery$/)) {
      const before = delivery.dependencies.map(({ stackName }) => stackName);
      expect(before).toContain(delivery.stackName.replace(/-delivery$/, '-logging'));
      expect(before).toContain(`${synthesized.config.prefix}-search`);
    }
    for (const logging of names(/-logging$/)) {
      expect(logging.dependencies.map(({ stackName }) => stackName)).toContain(`${synthesized.config.prefix}-storage`);
    }
  });
});
