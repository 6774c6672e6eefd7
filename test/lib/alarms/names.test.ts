import { readFileSync } from 'node:fs';
import { planAlarms } from '../../../lib/alarms/plan.ts';
import { resources, type SynthesizedApp, synthText } from '../../support/synth.ts';

/** Dimensions whose values are names of what other stacks make, and the resource with its property. */
const MADE_BY: { readonly [dimension: string]: readonly [type: string, property: string] } = {
  FunctionName: ['AWS::Lambda::Function', 'FunctionName'],
  Function: ['AWS::Lambda::Function', 'FunctionName'],
  DeliveryStreamName: ['AWS::KinesisFirehose::DeliveryStream', 'DeliveryStreamName'],
  DeliveryStream: ['AWS::KinesisFirehose::DeliveryStream', 'DeliveryStreamName'],
  StreamName: ['AWS::Kinesis::Stream', 'Name'],
  FilterName: ['AWS::Logs::SubscriptionFilter', 'FilterName'],
  DomainName: ['AWS::OpenSearchService::Domain', 'DomainName'],
};

let app: SynthesizedApp;
beforeAll(() => {
  app = synthText(readFileSync('alarms/scenario-config.yaml', 'utf8'));
}, 60_000);

function namesOf([type, property]: readonly [string, string]): string[] {
  return [...app.templates.values()].flatMap((template) =>
    resources(template, type).map(([, { Properties }]) => Properties[property] as string),
  );
}

test('functions, streams, filters and domains that alarms watch are made by the other stacks, under these very names', () => {
  const watched = planAlarms(app.config).flatMap(({ alarms }) =>
    alarms.flatMap(({ id, definition }) => {
      if (definition.kind !== 'metric') return [];
      return definition.queries.flatMap((query) =>
        'metric' in query
          ? Object.entries(query.metric.dimensions).map(([name, value]) => [id, name, value] as const)
          : [...query.expression.matchAll(/(\w+) = '([^']*)'/g)].map((match) => [id, match[1] ?? '', match[2] ?? ''] as const),
      );
    }),
  );
  const checked = watched.filter(([, dimension]) => MADE_BY[dimension] !== undefined);
  const missing = checked.filter(([, dimension, value]) => !namesOf(MADE_BY[dimension] as readonly [string, string]).includes(value));

  expect(missing).toEqual([]);
  expect(new Set(checked.map(([, dimension]) => dimension))).toEqual(new Set(Object.keys(MADE_BY)));
});

test('alarms deploy behind the groups that their metric filters count in', () => {
  const stack = app.stacks.find(({ stackName }) => stackName === 'eks-telemetry-prod-alarms');

  expect(stack?.dependencies.map(({ stackName }) => stackName)).toContain('eks-telemetry-prod-logging');
});
