import fc from 'fast-check';
import {
  type FoundLogGroup,
  type LogGroupStep,
  logGroupSteps,
  type WantedLogGroup,
} from '../../../../lambdas/core/control-plane/log-group-steps.ts';

/** What a group is after a step, as the API says. */
function apply(group: FoundLogGroup | undefined, step: LogGroupStep): FoundLogGroup {
  const now = group ?? { deletionProtection: false, tags: {} };
  switch (step.step) {
    case 'create':
      return now;
    case 'retention':
      return { ...now, retentionDays: step.days };
    case 'associateKey':
      return { ...now, kmsKeyArn: step.keyArn };
    case 'disassociateKey': {
      const { kmsKeyArn: _key, ...rest } = now;
      return rest;
    }
    case 'deletionProtection':
      return { ...now, deletionProtection: step.enabled };
    case 'tag':
      return { ...now, tags: { ...now.tags, ...step.tags } };
    case 'untag':
      return { ...now, tags: Object.fromEntries(Object.entries(now.tags).filter(([key]) => !step.keys.includes(key))) };
  }
}

const tags = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { noNullPrototype: true });
const key = fc.constantFrom('key-1', 'key-2', undefined);
const wanted: fc.Arbitrary<WantedLogGroup> = fc
  .record({ retentionDays: fc.constantFrom(7, 30), deletionProtection: fc.boolean(), tags, key })
  .map(({ key: kmsKeyArn, ...rest }) => ({ name: 'g', ...rest, ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }) }));
const found: fc.Arbitrary<FoundLogGroup | undefined> = fc.option(
  fc
    .record({ days: fc.constantFrom(7, 90, undefined), deletionProtection: fc.boolean(), tags, key })
    .map(({ days, key: kmsKeyArn, ...rest }) => ({
      ...rest,
      ...(days === undefined ? {} : { retentionDays: days }),
      ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
    })),
  { nil: undefined },
);

test('the steps lead from any state to the wanted one, and from there nowhere', () => {
  fc.assert(
    fc.property(found, wanted, tags, (before, goal, earlierTags) => {
      const steps = logGroupSteps(before, goal, earlierTags);
      let group = before;
      for (const step of steps) group = apply(group, step);

      expect(group).toMatchObject({ retentionDays: goal.retentionDays, deletionProtection: goal.deletionProtection, tags: goal.tags });
      expect(group?.kmsKeyArn).toBe(goal.kmsKeyArn);
      expect(logGroupSteps(group, goal, earlierTags)).toEqual([]);
    }),
  );
});

test('makes a group first and encrypts it after its retention is set', () => {
  const steps = logGroupSteps(undefined, { name: 'g', retentionDays: 7, kmsKeyArn: 'k', deletionProtection: true, tags: { a: '1' } });

  expect(steps.map(({ step }) => step)).toEqual(['create', 'retention', 'associateKey', 'deletionProtection', 'tag']);
});
