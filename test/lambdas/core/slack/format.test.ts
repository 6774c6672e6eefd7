import { basisText } from '../../../../lambdas/core/slack/format.ts';
import { TEXTS } from '../../../../lambdas/core/slack/texts.ts';

test.each([
  [60, 'cpu, Average, 1 × 1m'],
  [604_800, 'cpu, Average, 1 × 7d'],
  [1e308, 'cpu, Average'],
])('a period of %d s is shown where CloudWatch has it', (periodSeconds, expected) => {
  expect(basisText({ metric: 'cpu', statistic: 'Average', periodSeconds, evaluationPeriods: 1 }, TEXTS.en)).toBe(expected);
});
