import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { MetricAlarm } from '../../../lambdas/core/alarms/definition.ts';
import { AlarmRun } from '../../../local/alarms/alarm-run.ts';
import { alarmHistories } from '../../../local/alarms/history.ts';
import { RunClock } from '../../../local/clock/run-clock.ts';
import type { LocalRun } from '../../../local/run/run.ts';
import { statePaths } from '../../../local/run/state.ts';
import { emptyStatus } from '../../../local/run/status.ts';
import { serveWeb } from '../../../local/web/server.ts';
import { describeInBrowser } from '../../support/browser.ts';

const START = Date.parse('2026-11-21T08:00:00Z');
const MINUTE = 60_000;
const GROUP = '/aws/eks/local/cluster';

const lines = (name: string, title: string, more: Partial<MetricAlarm> = {}): MetricAlarm => ({
  kind: 'metric',
  name: `eks-telemetry/local/${name}`,
  tags: { title, severity: 'critical' },
  queries: [
    { id: 'm1', metric: { namespace: 'EksTelemetry/Patterns', metricName: name, dimensions: {} }, statistic: 'Sum', returnData: true },
  ],
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  comparison: 'GreaterThanThreshold',
  threshold: 0,
  treatMissingData: 'notBreaching',
  alarmActions: ['arn:aws:sns:us-east-1:111122223333:topic'],
  ...more,
});

/** An hour with a quiet alarm, one that fired and is over, and one that fires. */
async function makeRun() {
  const clock = new RunClock(START, { elapsedMs: () => 0, sleep: () => Promise.resolve() });
  const filter = (name: string, filterPattern: string) => ({
    logGroup: GROUP,
    filterPattern,
    metricNamespace: 'EksTelemetry/Patterns',
    metricName: name,
    metricValue: '1',
    defaultValue: 0,
  });
  const alarms = new AlarmRun(
    {
      definitions: [
        lines('over', 'It is <b>over</b>'),
        lines('quiet', 'Never heard of'),
        lines('fires', 'It fires', { treatMissingData: 'ignore' }),
      ],
      filters: [filter('over', 'first'), filter('quiet', 'nothing'), filter('fires', 'second')],
      mutes: [],
    },
    { clock, account: '111122223333', region: 'us-east-1', startMs: START, publish: () => undefined },
  );
  for (let minute = 0; minute < 40; minute++) {
    const message = minute === 10 || minute === 11 ? 'first' : minute > 30 ? 'second' : 'fine';
    clock.at(START + minute * MINUTE + 1000, () => alarms.take(GROUP, 's', [{ id: String(minute), timestamp: clock.now(), message }]));
  }
  await clock.drain();
  return { alarms, clock };
}

test('those that fire come first, then those that did, each with its states from the begin of the run', async () => {
  const { alarms, clock } = await makeRun();
  const { alarms: shown, nowMs } = alarmHistories(alarms, START, clock.now());
  const stretches = shown.map(({ name, states }) => [
    name.split('/')[2],
    ...states.map(({ fromMs, isTold, state }) => `${Math.floor((fromMs - START) / MINUTE)} ${state}${isTold ? ' told' : ''}`),
  ]);

  expect(nowMs).toBeGreaterThan(START + 40 * MINUTE);
  expect(stretches).toEqual([
    ['fires', '0 INSUFFICIENT_DATA', '1 OK', '32 ALARM told'],
    ['over', '0 INSUFFICIENT_DATA', '0 OK', '11 ALARM told', '13 OK'],
    ['quiet', '0 INSUFFICIENT_DATA', '0 OK'],
  ]);
});

describeInBrowser('the page of alarms', (open) => {
  let directory: string;
  let browser: Browser;
  let page: Page;
  let close: () => Promise<void>;
  const problems: string[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-page-'));
    const { alarms, clock } = await makeRun();
    const run = {
      status: { ...emptyStatus(), phase: 'reporting' },
      wired: { alarms, clock, startMs: START },
      search: undefined,
    } as unknown as LocalRun;
    const server = await serveWeb(run, statePaths(directory, directory), 0);
    close = () => server.close();
    browser = await open();
    page = await browser.newPage({ viewport: { width: 1300, height: 700 } });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${server.url}/#alarms`);
    await page.waitForSelector('#alarm-rows tr');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('shows what fired, as text whatever its title holds, with a timeline and the way to Slack', async () => {
    const rows = (await page.locator('#alarm-rows tr td:nth-child(-n+4)').allTextContents()).join(' ');
    const bars = await page.$$eval('#alarm-rows tr:nth-child(2) rect', (all) =>
      all.map((bar) => [bar.getAttribute('class'), Math.round(Number(bar.getAttribute('x')))]),
    );

    expect(rows).toMatch(/^in alarm 08:32:00 It fireseks-telemetry\/local\/fires/);
    expect(rows).toContain('ok 08:13:00 It is <b>over</b>');
    expect(bars.map(([name]) => name)).toEqual(['state-INSUFFICIENT_DATA', 'state-OK', 'state-ALARM', 'state-OK']);
    expect(Number(bars[2]?.[1])).toBeGreaterThan(30);
    expect(await page.getAttribute('#alarm-head a', 'href')).toBe('/slack');
    expect(await page.textContent('#alarm-count')).toBe('1');
    expect(await page.locator('#alarm-rows circle.told').count()).toBe(2);
  });

  test('shows all of them when asked to', async () => {
    await page.click('#alarm-head input');

    expect(await page.textContent('#alarm-head')).toContain('2 of 3 alarms fired');
    expect(await page.locator('#alarm-rows tr').count()).toBe(3);
    const { SCREENSHOTS } = process.env;
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: join(SCREENSHOTS, 'alarms.png') });
    expect(problems).toEqual([]);
  });
});
