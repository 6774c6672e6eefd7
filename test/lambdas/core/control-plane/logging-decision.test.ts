import fc from 'fast-check';
import { decideLogging, type LoggingSituation, type LoggingUpdate } from '../../../../lambdas/core/control-plane/logging-decision.ts';
import { CONTROL_PLANE_KINDS } from '../../../../lambdas/core/rules/rules.ts';

const base: LoggingSituation = {
  clusterName: 'prod',
  cluster: { status: 'ACTIVE', enabled: [] },
  open: ['audit'],
  enable: true,
  updates: [],
};

function update(status: string, types: string[] = ['audit'], enabled = true): LoggingUpdate {
  return { id: 'u1', status, createdAtMs: 1, clusterLogging: JSON.stringify({ clusterLogging: [{ types, enabled }] }), errors: [] };
}

test.each<[string, Partial<LoggingSituation>, string]>([
  ['starts when types are missing and nothing runs', {}, 'start'],
  ['is done when nothing is missing', { open: [] }, 'done'],
  ['waits for a running update even when all types show as on', { open: [], updates: [update('InProgress')] }, 'wait'],
  ['waits while something else keeps the cluster busy', { cluster: { status: 'UPDATING', enabled: [] } }, 'wait'],
  ['does not wait for something else when nothing is missing', { open: [], cluster: { status: 'UPDATING', enabled: [] } }, 'done'],
  ['fails when its update failed', { updates: [update('Failed')] }, 'fail'],
  ['fails when its update was cancelled', { updates: [update('Cancelled')] }, 'fail'],
  ['starts when an update of other types failed', { updates: [update('Failed', ['api'])] }, 'start'],
  ['starts when somebody turned the types off since', { updates: [update('Successful', ['audit'], false)] }, 'start'],
  ['waits when its update is done but the cluster does not show it yet', { updates: [update('Successful')] }, 'wait'],
  ['takes an update with unreadable parameters for its own', { updates: [{ ...update('Failed'), clusterLogging: '{' }] }, 'fail'],
  ['gives up on a cluster that is being deleted', { cluster: { status: 'DELETING', enabled: [] } }, 'fail'],
  ['has nothing to turn off on a cluster that is being deleted', { enable: false, cluster: { status: 'DELETING', enabled: [] } }, 'done'],
  ['fails when turning off failed', { enable: false, updates: [update('Failed', ['audit'], false)] }, 'fail'],
])('%s', (_name, changes, step) => {
  expect(decideLogging({ ...base, ...changes }).step).toBe(step);
});

test('gives the reason of EKS', () => {
  const failed = { ...update('Failed'), errors: [{ code: 'AccessDenied', message: 'no' }, { message: 'really' }] };

  expect(decideLogging({ ...base, updates: [failed] }).reason).toBe(
    'update u1 of the logging of prod ended as Failed: AccessDenied: no; really',
  );
});

const situations = fc.record({
  clusterName: fc.constant('prod'),
  cluster: fc.record({
    status: fc.constantFrom('CREATING', 'ACTIVE', 'DELETING', 'FAILED', 'UPDATING', 'PENDING'),
    enabled: fc.subarray([...CONTROL_PLANE_KINDS]),
  }),
  open: fc.subarray([...CONTROL_PLANE_KINDS]),
  enable: fc.boolean(),
  updates: fc.array(
    fc
      .tuple(fc.constantFrom('InProgress', 'Failed', 'Cancelled', 'Successful'), fc.subarray([...CONTROL_PLANE_KINDS]), fc.boolean())
      .map(([status, types, enabled]) => update(status, types, enabled)),
    { maxLength: 4 },
  ),
});

test('never asks for an update while one runs, without need, or on a cluster that cannot take it', () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { step, reason } = decideLogging(situation);
      const isFree = situation.cluster.status === 'ACTIVE' && !situation.updates.some(({ status }) => status === 'InProgress');
      expect(reason).not.toBe('');
      if (step === 'start') expect(isFree && situation.open.length > 0).toBe(true);
      if (step === 'done' && situation.enable) expect(situation.open).toEqual([]);
    }),
  );
});
