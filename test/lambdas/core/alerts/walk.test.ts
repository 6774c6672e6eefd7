import fc from 'fast-check';
import { groupOf, nameOf, ReferenceModel, type Step, WALK } from './reference-model.ts';
import { alertOf, MINUTE, NOW, Rig, SECOND } from './support.ts';

const alert = fc.integer({ min: 0, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40 * MINUTE }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40 * SECOND }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('fire' as const), alert, ageMs: fc.integer({ min: 0, max: 60 * SECOND }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resolve' as const), alert, ageMs: fc.constant(0) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('silence' as const), alert, forMs: fc.integer({ min: MINUTE, max: 120 * MINUTE }) }),
  },
);
const ROUTE = {
  receiver: 'platform',
  groupBy: ['team'],
  groupWaitMs: WALK.waitMs,
  groupIntervalMs: WALK.intervalMs,
  repeatIntervalMs: WALK.repeatMs,
};

/** The engine on the same walk. A report's order is its own: here every report is later than the one before. */
async function walk(steps: readonly Step[], sendResolved: boolean): Promise<Rig> {
  const rig = new Rig(ROUTE, { sendResolved });
  let order = 0;
  for (const one of steps) {
    if (one.do === 'wait') await rig.runUntil(rig.nowMs + one.ms);
    else if (one.do === 'silence') {
      const matchers = [{ label: 'alertname', op: '=', value: nameOf(one.alert) } as const];
      const times = { startsAt: rig.nowMs, endsAt: rig.nowMs + one.forMs, updatedAt: rig.nowMs };
      rig.store.allSilences.push({ id: `${order++}`, matchers, author: '', comment: '', ...times });
    } else {
      const ends = one.do === 'resolve' ? { endsAt: rig.nowMs } : {};
      const times = { startsAt: rig.nowMs - one.ageMs, updatedAt: NOW - 1e9 + order++ };
      await rig.take(alertOf(nameOf(one.alert), { ...times, ...ends, labels: { team: groupOf(one.alert) } }));
    }
  }
  await rig.runUntil(rig.nowMs + 200 * MINUTE);
  return rig;
}

test.each([true, false])('a random walk tells the same as a simple model of Alertmanager (sendResolved %s)', async (sendResolved) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const model = new ReferenceModel(sendResolved);
      for (const one of steps) model.take(one);
      model.take({ do: 'wait', ms: 200 * MINUTE });

      const rig = await walk(steps, sendResolved);

      const names = (list: readonly { readonly title: string }[]): string =>
        list
          .map(({ title }) => title)
          .sort()
          .join(',');
      const log = rig.sent.map(
        ({ firing, groupLabels, nowMs, resolved }) =>
          `${nowMs - NOW} ${groupLabels['team']} firing [${names(firing)}] resolved [${names(resolved)}]`,
      );
      // Groups that are due at one moment have no order.
      expect(log.sort()).toEqual(model.log.sort());
    }),
    { numRuns: 150 },
  );
});

test('with a Slack that fails half of the time everything that fires in the end is told in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.infiniteStream(fc.boolean()), async (steps, outcomes) => {
      const rig = new Rig(ROUTE);
      const accept = rig.answer;
      rig.answer = (notice) => (outcomes.next().value === true ? accept(notice) : { ok: false, reason: 'HTTP 500', isPermanent: false });
      const firing = new Set<number>();
      let order = 0;
      for (const one of steps) {
        if (one.do === 'wait') await rig.runUntil(rig.nowMs + one.ms);
        if (one.do !== 'fire' && one.do !== 'resolve') continue;
        if (one.do === 'fire') firing.add(one.alert);
        else firing.delete(one.alert);
        const ends = one.do === 'resolve' ? { endsAt: rig.nowMs } : {};
        await rig.take(
          alertOf(nameOf(one.alert), { startsAt: rig.nowMs, updatedAt: NOW + order++, ...ends, labels: { team: groupOf(one.alert) } }),
        );
      }
      rig.answer = accept;
      await rig.runUntil(rig.nowMs + 120 * MINUTE);

      for (const team of ['one', 'two']) {
        const last = rig.sent.filter(({ groupLabels }) => groupLabels['team'] === team).at(-1);
        const expected = [...firing].filter((one) => groupOf(one) === team).map(nameOf);
        expect((last?.firing ?? []).map(({ title }) => title).sort()).toEqual(expected.sort());
      }
    }),
    { numRuns: 60 },
  );
});
