import { Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { selectionCriteria } from '../../../lib/config/account-policy.ts';
import { AccountSubscription, GroupSubscription } from '../../../lib/constructs/subscription.ts';
import { makeApp } from '../../support/synth.ts';

const target = { destinationArn: 'arn:aws:lambda:us-east-1:111122223333:function:f', waitFor: [] };
const group = { logGroupName: '/example/app', filterName: 'f', filterPattern: '', target, foreignFilters: 0 };
const account = { policyName: 'p', filterPattern: '', target, excludedLogGroups: [], foreignPolicies: 0 };

function stack(): Stack {
  return new Stack(makeApp(), 'Test', { env: { account: '111122223333', region: 'us-east-1' } });
}
const problemsOf = (scope: Stack): string[] => scope.node.findAll().flatMap((node) => node.node.validate());

test('a log group takes two filters', () => {
  const scope = stack();
  new GroupSubscription(scope, 'A', group);
  new GroupSubscription(scope, 'B', group);

  expect(problemsOf(scope)).toEqual([]);
});

test('a third filter on a log group is refused, whoever has the others', () => {
  const scope = stack();
  new GroupSubscription(scope, 'A', group);
  new GroupSubscription(scope, 'B', { ...group, foreignFilters: 1 });
  new GroupSubscription(scope, 'C', { ...group, logGroupName: '/example/other' });

  expect(problemsOf(scope)).toEqual([
    expect.stringMatching(
      /^log group \/example\/app would have 3 subscription filters \(2 of this app, 1 of others\), CloudWatch Logs allows 2: /,
    ),
  ]);
});

test('counts filters over all stacks of the app', () => {
  const scope = stack();
  const other = new Stack(scope.node.root as Stack, 'Other', { env: { account: '111122223333', region: 'us-east-1' } });
  new GroupSubscription(scope, 'A', group);
  new GroupSubscription(scope, 'B', group);
  new GroupSubscription(other, 'C', group);

  expect(problemsOf(other)[0]).toContain('would have 3 subscription filters');
});

test('refuses a pattern that CloudWatch would refuse', () => {
  expect(() => new GroupSubscription(stack(), 'A', { ...group, filterPattern: 'x'.repeat(1025) })).toThrow(
    'Test/A: a filter pattern has at most 1024 characters, got 1025',
  );
});

test('there is one account policy, and none beside that of others', () => {
  const scope = stack();
  new AccountSubscription(scope, 'A', account);
  new AccountSubscription(scope, 'B', account);

  expect(problemsOf(scope)[0]).toContain('2 account-level subscription policies, CloudWatch Logs allows 1');
  expect(() => new AccountSubscription(stack(), 'A', { ...account, foreignPolicies: 1 })).toThrow(
    /has 1 account-level subscription policy already.*perGroup/,
  );
});

test('refuses a group of this app without a fixed name, because the account policy could not leave it out', () => {
  const scope = stack();
  new LogGroup(scope, 'Nameless');
  new AccountSubscription(scope, 'A', account);

  expect(problemsOf(scope)).toEqual([expect.stringMatching(/^Test\/Nameless\/Resource has no fixed name/)]);
});

test('refuses more names than the criteria hold', () => {
  const scope = stack();
  const names = Array.from({ length: 100 }, (_, index) => `/example/${'x'.repeat(300)}-${index}`);
  new AccountSubscription(scope, 'A', { ...account, excludedLogGroups: names });

  expect(problemsOf(scope)).toEqual([expect.stringMatching(/leaves out too many log groups: \d+ bytes of names, limit: 25000/)]);
});

test('writes names as JSON', () => {
  expect(selectionCriteria(['/a', '/b"c'])).toBe('LogGroupName NOT IN ["/a","/b\\"c"]');
});
