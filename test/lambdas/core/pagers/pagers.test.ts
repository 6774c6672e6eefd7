import fc from 'fast-check';
import { countPoints } from '../../../../lambdas/core/alerts/text.ts';
import type { OpsgenieRequest } from '../../../../lambdas/core/pagers/opsgenie.ts';
import type { PagerDutyEvent } from '../../../../lambdas/core/pagers/pagerduty.ts';
import { PAGER_SITES, PAGERS, pagerAddress, renderPager } from '../../../../lambdas/core/pagers/render.ts';
import { alertOf, MINUTE, NOW } from '../alerts/support.ts';
import { noticeOf, SETTINGS } from '../slack/support.ts';

const oom = alertOf('pods-oom', {
  severity: 'critical',
  title: 'Containers are killed for memory',
  labels: { cluster: 'prod', namespace: 'shop', workload: 'checkout', region: 'us-east-1' },
  measurement: { metric: 'pod_container_status_terminated_reason_oom_killed', value: 3, threshold: 0, comparison: 'GreaterThanThreshold' },
  window: { fromMs: NOW - 5 * MINUTE, toMs: NOW },
});

const events = (...notice: Parameters<typeof noticeOf>): PagerDutyEvent[] =>
  renderPager('pagerduty', noticeOf(...notice), SETTINGS).map(({ body }) => body as PagerDutyEvent);
const requests = (...notice: Parameters<typeof noticeOf>) =>
  renderPager('opsgenie', noticeOf(...notice), SETTINGS) as { readonly path: string; readonly body: OpsgenieRequest['body'] }[];

test('an alert becomes an incident that a person understands without opening anything', () => {
  const [event] = events([oom]);

  expect(event).toMatchObject({
    event_action: 'trigger',
    dedup_key: 'group',
    client: 'eks-telemetry',
    payload: {
      summary: '🔴 Firing: Containers are killed for memory · prod / shop / checkout',
      source: 'prod',
      group: 'shop',
      component: 'checkout',
      severity: 'critical',
      timestamp: '2026-11-21T08:25:00.000Z',
      class: 'metric-alarm',
    },
  });
  expect(event?.payload?.custom_details).toMatchObject({ Value: '3', 'Alarm if': '> 0', namespace: 'shop' });
  expect(event?.links?.map(({ text }) => text)).toEqual(['Logs of that time', 'Dashboard']);
});

test('an incident keeps its key from the first message over repeats and changes to its end', () => {
  const over = { ...oom, endsAt: NOW + MINUTE };
  const told = [
    events([oom]),
    events([oom], { reason: 'repeat', fresh: [] }),
    events([oom, { ...over, key: 'other' }], { reason: 'new-resolved' }),
    events([over]),
  ].flat();

  expect(told.map(({ dedup_key, event_action }) => `${event_action} ${dedup_key}`)).toEqual([
    'trigger group',
    'trigger group',
    'trigger group',
    'resolve group',
  ]);
});

test('events are an incident of their own, which the end of alerts does not close', () => {
  const finding = alertOf('finding', { lifecycle: 'once', startsAt: NOW - MINUTE });

  expect(events([oom, finding]).map(({ dedup_key }) => dedup_key)).toEqual(['group', `group-${NOW - MINUTE}`]);
  expect(events([{ ...oom, endsAt: NOW }, finding], { reason: 'all-resolved' }).map(({ event_action }) => event_action)).toEqual([
    'resolve',
    'trigger',
  ]);
});

test('Opsgenie is told the same by its own words', () => {
  expect(requests([oom])).toEqual([
    {
      path: '/v2/alerts',
      body: expect.objectContaining({
        alias: 'group',
        priority: 'P1',
        entity: 'shop/checkout',
        source: 'prod',
        tags: ['critical', 'metric-alarm'],
      }),
    },
  ]);
  expect(requests([{ ...oom, endsAt: NOW + MINUTE }])).toEqual([
    { path: '/v2/alerts/group/close?identifierType=alias', body: expect.objectContaining({ source: 'eks-telemetry' }) },
  ]);
});

test('many alerts are a list, and what is left is a number', () => {
  const [event] = events(
    Array.from({ length: 25 }, (_, index) => ({ ...oom, key: `a${index}`, labels: { ...oom.labels, workload: `w${index}` } })),
  );
  const details = event?.payload?.custom_details ?? {};

  expect(details['1']).toBe('Containers are killed for memory · prod/shop/w0 · 3');
  expect(details['…']).toBe('and 5 more');
});

test('every pager answers in the United States and in Europe, Jira Service Management only for Opsgenie', () => {
  const known = PAGERS.flatMap((pager) =>
    PAGER_SITES.filter((site) => pagerAddress(pager, site) !== undefined).map((site) => `${pager} ${site}`),
  );

  expect(known).toEqual(['pagerduty us', 'pagerduty eu', 'opsgenie us', 'opsgenie eu', 'opsgenie jsm']);
});

test('whatever an alert holds: within the limits of both, without secrets, without what cannot be seen', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.constantFrom('password=hunter2hunter2', '\u202Ereversed', '<!channel>', ''),
  );
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          title: text,
          description: text,
          reason: text,
          name: text,
          value: text,
          endsAt: fc.option(fc.constant(NOW), { nil: undefined }),
        }),
        { minLength: 1, maxLength: 30 },
      ),
      (hostile) => {
        const alerts = hostile.map(({ endsAt, name, value, ...texts }, index) =>
          alertOf(`a${index}`, {
            ...texts,
            labels: { [name]: value, cluster: value },
            details: [{ name, value }],
            ...(endsAt === undefined ? {} : { endsAt }),
          }),
        );
        for (const { dedup_key, payload } of events(alerts)) {
          expect(dedup_key.length).toBeLessThanOrEqual(255);
          expect(countPoints(payload?.summary ?? 'x')).toBeLessThanOrEqual(1024);
          expect(payload?.summary).not.toBe('');
          expect(JSON.stringify(payload ?? {}).length).toBeLessThan(512_000);
          expect(JSON.stringify(payload ?? {})).not.toMatch(/hunter2hunter2|\u202E/);
        }
        for (const { body } of requests(alerts)) {
          expect(countPoints(String(body['message'] ?? ''))).toBeLessThanOrEqual(130);
          expect(JSON.stringify(body['details'] ?? {}).length).toBeLessThan(60_000);
          expect(JSON.stringify(body)).not.toContain('hunter2hunter2');
        }
      },
    ),
    { numRuns: 150 },
  );
});
