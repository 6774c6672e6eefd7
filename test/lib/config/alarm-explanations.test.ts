import { compileExplanations } from '../../../lambdas/core/alerts/explanation.ts';
import { compileQuery } from '../../../lambdas/core/insights/run.ts';
import { planScope } from '../../../lib/alarms/plan.ts';
import { alarmExplanations } from '../../../lib/config/alarm-explanations.ts';
import { loadConfigText } from '../../../lib/config/load.ts';

function explainWith(alarms: string) {
  const text = `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources:
  - { name: control, cluster: prod, kind: controlPlane, route: none }
  - { name: app, cluster: prod, kind: application, route: none }
  - { name: performance, cluster: prod, kind: performance, route: none }
search: { mode: none }
alarms: { enabled: true, ${alarms} }
`;
  const loaded = loadConfigText(text, 'test.yaml', { provesRegexes: false });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ what }) => what).join('\n'));
  const { alarms: planned } = planScope(loaded.config, loaded.config.clusters[0]);
  const explain = compileExplanations(alarmExplanations(loaded.config, 'prod', planned));
  return (name: string) => {
    const { definition } = planned.find(({ id }) => id === name) ?? {};
    return explain({ alertname: definition?.name ?? '', cluster: 'prod', query: definition?.tags?.['query'] ?? '' });
  };
}

test('an alarm on a pattern shows the lines that it counted, and its button asks its saved query', () => {
  const found = explainWith('')('etcd-space');

  expect(found).toMatchObject({
    showsLines: true,
    lines: { logGroups: ['/aws/eks/prod/cluster'], query: expect.stringContaining('@message like "mvcc: database space exceeded"') },
    logGroups: ['/aws/eks/prod/cluster'],
    query: expect.stringContaining('bin('),
  });
  expect(() => compileQuery(found?.lines?.query ?? '', { nowMs: 0 })).not.toThrow();
});

test('of a share of lines those are shown that count, of a namespace its own', () => {
  const explain = explainWith('change: { application-errors: { namespaces: { legacy: { threshold: 60 } } } }');

  expect(explain('application-errors:legacy')?.lines?.query).toContain(
    '((log like "ERROR" or log like "FATAL" or log like "level=error") and',
  );
  expect(explain('application-errors:legacy')?.lines?.query).toContain('kubernetes.namespace_name = "legacy"');
  expect(explain('application-errors')?.lines?.query).toContain('kubernetes.namespace_name != "legacy"');
});

test('where the events are too long to be read, the answer of the saved query is shown, and so it is for an alarm on a query', () => {
  const explain = explainWith('');

  for (const name of ['access-denied', 'webhook-failures'])
    expect([name, explain(name)]).toEqual([
      name,
      expect.objectContaining({ showsLines: true, logGroups: ['/aws/eks/prod/cluster'], query: expect.any(String) }),
    ]);
  expect(explain('access-denied')).not.toHaveProperty('lines');
});

test('an alarm on a metric shows no lines, and none shows any where the config says so', () => {
  expect(explainWith('')('node-cpu')).not.toHaveProperty('showsLines');
  expect(explainWith('showLines: false')('etcd-space')).not.toHaveProperty('showsLines');
});
