import { readFileSync } from 'node:fs';
import { matchesPattern } from '../../../local/events/pattern.ts';
import { resources, synthText } from '../../support/synth.ts';

const CONFIG = `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources: [{ name: app, cluster: prod, kind: application, route: none }]
search: { mode: none }
slack:
  enabled: true
  operatorEmail: platform@example.com
  receivers: [{ name: platform, webhook: "arn:aws:ssm:us-east-1:111122223333:parameter/slack-webhook" }]
  events: { eks: true, health: true, spotInterruptions: true, guardDuty: true, codePipeline: true }
  approvals: { tell: true }
`;

let rules: Map<string, unknown>;
beforeAll(() => {
  const found = resources(synthText(CONFIG).template('-alerts'), 'AWS::Events::Rule').filter(
    ([, { Properties }]) => Properties.EventPattern,
  );
  rules = new Map(found.map(([, { Properties }]) => [Properties.Description as string, Properties.EventPattern as unknown]));
});

const sample = (name: string): { detail: { [field: string]: unknown } } =>
  JSON.parse(readFileSync(`samples/notifications/${name}.json`, 'utf8'));
const caughtBy = (event: object): string[] => [...rules].filter(([, pattern]) => matchesPattern(pattern, event)).map(([text]) => text);

test.each([
  ['eks-addon-degraded', /Add-ons of EKS/],
  ['health-issue', /AWS Health/],
  ['spot-interruption', /Spot instances/],
  ['guardduty', /Findings of GuardDuty/],
  ['codepipeline-failed', /Pipelines and builds/],
  ['codebuild-failed', /Pipelines and builds/],
  ['codepipeline-approval-waiting', /wait for an approval/],
  ['codepipeline-approved', /wait for an approval/],
])('%s is caught by one rule', (name, expected) => {
  expect(caughtBy(sample(name))).toEqual([expect.stringMatching(expected)]);
});

test.each<[string, string, object]>([
  ['a finding of low severity', 'guardduty', { severity: 2 }],
  ['a pipeline that only started', 'codepipeline-failed', { state: 'STARTED' }],
  ['a build that goes on', 'codebuild-failed', { 'build-status': 'IN_PROGRESS' }],
  ['an action that builds', 'codepipeline-approval-waiting', { type: { category: 'Build' } }],
  ['health of another service', 'health-issue', { service: 'WORKSPACES' }],
])('%s is not', (_name, name, detail) => {
  const event = sample(name);

  expect(caughtBy({ ...event, detail: { ...event.detail, ...detail } })).toEqual([]);
});
