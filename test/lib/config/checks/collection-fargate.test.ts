import { formatProblem, loadConfigText } from '../../../../lib/config/load.ts';
import { problemsWith, warningsWith, yamlWith } from '../texts.ts';

const namespaces = (count: number) => Array.from({ length: count }, (_, index) => `${String(index).padStart(3, '0')}-${'x'.repeat(56)}`);

test('namespaces that make the ConfigMap too long are refused, with the place, the limit and the size', () => {
  const text = yamlWith({ collection: { fargate: true, excludeNamespaces: namespaces(90) } });

  const loaded = loadConfigText(text, 'prod.yaml', { provesRegexes: false });

  const line = text.split('\n').findIndex((each) => each.includes('excludeNamespaces')) + 1;
  expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([
    expect.stringMatching(
      new RegExp(
        `^prod\\.yaml:${line}:\\d+: collection\\.excludeNamespaces: the ConfigMap .* of prod would be too long.*5300 characters.*6\\d{3}`,
      ),
    ),
  ]);
});

test('what fits, and a cluster without pods on Fargate, need no word', () => {
  expect(problemsWith({ collection: { fargate: true, excludeNamespaces: namespaces(5) } })).toEqual([]);
  expect(problemsWith({ collection: { excludeNamespaces: namespaces(90) } })).toEqual([]);
});

test.each([
  [60, 0],
  [76, 1],
])('%i names of 60 characters give %i problems: besides them there are some 900 characters', (count, problems) => {
  expect(problemsWith({ collection: { fargate: true, excludeNamespaces: namespaces(count) } })).toHaveLength(problems);
});

test('what an application says of its lines does not hold there, which is said', () => {
  const applications = [
    { name: 'orders', match: { namespace: 'shop' }, collect: { multiline: 'java' } },
    { name: 'plain', match: { namespace: 'plain' } },
  ];

  expect(warningsWith({ applications, collection: { fargate: true } })).toContainEqual(
    expect.stringMatching(/^collection\.fargate: collect of orders holds on nodes only/),
  );
  expect(warningsWith({ applications }).join()).not.toContain('Fargate');
});
