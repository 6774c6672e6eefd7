import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assembly } from '../../../local/template/assembly.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { Resolver } from '../../../local/template/resolver.ts';
import { type Template, writeAssembly } from '../scenario.ts';

function assembly(stacks: { readonly [name: string]: object }): Assembly {
  const entries = Object.entries(stacks);
  return {
    stacks: entries.map(([name, template]) => ({ name, account: '111122223333', region: 'us-east-1', template: template as JsonObject })),
    assets: new Map(),
  };
}

/** Works out one value in a stack of its own, beside whatever else the template holds. */
function value(expression: unknown, rest: object = {}): unknown {
  const template = {
    ...rest,
    Resources: { Probe: { Type: 'Test::Probe', Properties: { value: expression } }, ...(rest as Template).Resources },
  };
  return new Resolver(assembly({ Main: template })).resource('Main', 'Probe').properties['value'];
}

const GROUP = { Resources: { Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/app' } } } };

test.each<[string, unknown, unknown]>([
  ['Ref of a log group is its name', { Ref: 'Group' }, '/app'],
  ['GetAtt as a list', { 'Fn::GetAtt': ['Group', 'Arn'] }, 'arn:aws:logs:us-east-1:111122223333:log-group:/app:*'],
  ['GetAtt as text', { 'Fn::GetAtt': 'Group.Arn' }, 'arn:aws:logs:us-east-1:111122223333:log-group:/app:*'],
  ['Join over calls', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-us-east-1'],
  [
    'Sub with names, attributes, own variables and literals',
    { 'Fn::Sub': ['${AWS::AccountId} ${Group} ${Group.Arn} ${x} ${!y}', { x: 7 }] },
    '111122223333 /app arn:aws:logs:us-east-1:111122223333:log-group:/app:* 7 ${y}',
  ],
  ['Select of a Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  ['If whose condition holds', { 'Fn::If': ['Yes', 'then', 'else'] }, 'then'],
  ['If whose condition does not', { 'Fn::If': ['No', 'then', 'else'] }, 'else'],
  ['a condition by And, Or, Not', { 'Fn::If': ['Both', 1, 2] }, 1],
  ['FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'size'] }, 'small'],
  ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
  ['ToJsonString works its content out first', { 'Fn::ToJsonString': { group: { Ref: 'Group' } } }, '{"group":"/app"}'],
  ['a parameter by its default', { Ref: 'Size' }, 3],
  [
    'NoValue leaves members and items out',
    { a: { Ref: 'AWS::NoValue' }, b: [1, { 'Fn::If': ['No', 2, { Ref: 'AWS::NoValue' }] }] },
    { b: [1] },
  ],
  ["a policy's Condition object is no function", { Condition: { StringEquals: { a: 'b' } } }, { Condition: { StringEquals: { a: 'b' } } }],
])('%s', (_title, expression, expected) => {
  const rest = {
    ...GROUP,
    Parameters: { Size: { Type: 'Number', Default: 3 } },
    Mappings: { Map: { 'us-east-1': { size: 'small' } } },
    Conditions: {
      Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
      No: { 'Fn::Not': [{ Condition: 'Yes' }] },
      Both: { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Not': [{ Condition: 'No' }] }] }] },
    },
  };

  expect(value(expression, rest)).toEqual(expected);
});

test('a value crosses stacks by export and by output', () => {
  const producer = { ...GROUP, Outputs: { Out: { Value: { Ref: 'Group' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Out' } } } } };
  const consumer = {
    Resources: {
      A: { Type: 'Test::Probe', Properties: { value: { 'Fn::ImportValue': 'Producer:Out' } } },
      B: { Type: 'Test::Probe', Properties: { value: { 'Fn::GetStackOutput': { StackName: 'Producer', OutputName: 'Out' } } } },
    },
  };
  const resolver = new Resolver(assembly({ Producer: producer, Consumer: consumer }));

  expect(resolver.resource('Consumer', 'A').properties['value']).toBe('/app');
  expect(resolver.resource('Consumer', 'B').properties['value']).toBe('/app');
});

test('a strong reference through a parameter of Systems Manager is followed', () => {
  const rest = {
    Parameters: { Name: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/shared/arn' } },
    Resources: { Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/shared/arn', Value: 'the-arn' } } },
  };

  expect(value({ Ref: 'Name' }, rest)).toBe('the-arn');
  expect(value('{{resolve:ssm:/shared/arn}}', rest)).toBe('the-arn');
});

test('a resource whose condition does not hold is not there', () => {
  const template = { Conditions: { No: { 'Fn::Equals': [1, 2] } }, Resources: { A: { Type: 'T', Condition: 'No' }, B: { Type: 'T' } } };

  expect(new Resolver(assembly({ Main: template })).resources().map(({ logicalId }) => logicalId)).toEqual(['B']);
});

test('names that CloudFormation would make up are the same in every run, and fit their service', () => {
  const names = [1, 2].map(() => value({ Ref: 'Bucket' }, { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } }));

  expect(names[0]).toBe(names[1]);
  expect(names[0]).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
});

test('what this machine cannot know stands there by name and is told', () => {
  const resolver = new Resolver(
    assembly({
      Main: {
        Resources: { Odd: { Type: 'AWS::Odd::Thing' }, Probe: { Type: 'T', Properties: { value: { 'Fn::GetAtt': ['Odd', 'Serial'] } } } },
      },
    }),
  );

  expect(resolver.resource('Main', 'Probe').properties['value']).toBe('local:Main/Odd.Serial');
  expect(resolver.placeholders).toEqual(['local:Main/Odd.Serial']);
});

test.each<[string, unknown, string]>([
  ['an unknown function', { 'Fn::Transform': {} }, 'does not know the intrinsic function Fn::Transform'],
  ['an unknown resource', { Ref: 'Nowhere' }, 'no such resource'],
  ['an unknown export', { 'Fn::ImportValue': 'x' }, 'no stack exports "x"'],
  ['a parameter without a default', { Ref: 'Needed' }, 'has no default'],
  ['a circle', { Ref: 'Probe2' }, 'circular reference'],
])('%s is an error, not a guess', (_title, expression, message) => {
  const rest = {
    Parameters: { Needed: { Type: 'String' } },
    Resources: { Probe2: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: { Ref: 'Probe' } } } },
  };

  expect(() => value(expression, rest)).toThrow(message);
});

test("custom resources' attributes come from what their functions returned", () => {
  const template = {
    Resources: {
      Setup: { Type: 'Custom::Setup', Properties: {} },
      Probe: { Type: 'T', Properties: { value: [{ 'Fn::GetAtt': ['Setup', 'Version'] }, { Ref: 'Setup' }] } },
    },
  };
  const resolver = new Resolver(
    assembly({ Main: template }),
    new Map([['Main/Setup', { physicalId: 'setup-1', data: { Version: '3.5' } }]]),
  );

  expect(resolver.resource('Main', 'Probe').properties['value']).toEqual(['3.5', 'setup-1']);
});

describe('assemblies on disk', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test('stacks and assets are found', () => {
    writeAssembly(directory, { Main: GROUP });

    const found = readAssembly(directory);

    expect(found.stacks).toMatchObject([{ name: 'Main', account: '111122223333', region: 'us-east-1' }]);
    expect(found.assets.get('code.zip')).toBe(join(directory, 'asset.code'));
  });

  test('a stack of an unknown account is refused', () => {
    writeFileSync(
      join(directory, 'manifest.json'),
      JSON.stringify({ artifacts: { Main: { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region' } } }),
    );

    expect(() => readAssembly(directory)).toThrow('account and region must be known');
  });
});
