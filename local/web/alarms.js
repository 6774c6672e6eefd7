import { api, byId, el, number, replace, svg } from './dom.js';

const STATES = { ALARM: 'in alarm', OK: 'ok', INSUFFICIENT_DATA: 'no data' };
const WIDTH = 300;
const HEIGHT = 16;
let showsAll = false;
let shown;

/** Asks for the alarms of the run and draws them; nothing where the templates have none. */
export async function showAlarms() {
  shown = await api('/api/alarms').catch(() => undefined);
  draw();
}

function draw() {
  const { alarms = [], nowMs, startMs } = shown ?? {};
  const firing = alarms.filter(({ state }) => state === 'ALARM').length;
  const badge = byId('alarm-count');
  badge.hidden = firing === 0;
  badge.textContent = number(firing);
  const fired = alarms.filter(hasFired);
  const rows = showsAll ? alarms : fired;
  const all = el('input', { type: 'checkbox', onchange: toggle });
  all.checked = showsAll;
  replace(
    byId('alarm-head'),
    el('span', {}, alarms.length === 0 ? 'The config has no alarms' : `${number(fired.length)} of ${number(alarms.length)} alarms fired`),
    el('label', { class: 'muted' }, all, ' all of them'),
    el('a', { class: 'right', href: '/slack', target: '_blank', rel: 'noopener' }, 'What Slack was told'),
  );
  replace(
    byId('alarm-columns'),
    el(
      'tr',
      {},
      ...['state', 'since', 'alarm', 'severity'].map((name) => el('th', {}, name)),
      el('th', {}, shown ? axis(startMs, nowMs) : ''),
    ),
  );
  replace(
    byId('alarm-rows'),
    rows.map((alarm) => row(alarm, startMs, nowMs)),
  );
}

function toggle(event) {
  showsAll = event.target.checked;
  draw();
}

const hasFired = ({ states }) => states.some(({ state }) => state === 'ALARM');
const time = (ms) => new Date(ms).toISOString().slice(11, 19);

function row({ contributors, kind, name, reason, severity, sinceMs, state, states, suppressedBy, title }, startMs, nowMs) {
  const who = contributors.slice(0, 3).map((labels) => Object.values(labels).join(' '));
  const held = suppressedBy === undefined ? [] : [`actions held by ${suppressedBy}`];
  return el(
    'tr',
    { title: reason },
    el('td', {}, el('span', { class: `pill alarm-${state}` }, STATES[state])),
    el('td', { class: 'mono nowrap' }, time(sinceMs)),
    el('td', {}, el('b', {}, title), el('div', { class: 'muted mono' }, [`${name} (${kind})`, ...who, ...held].join(' · '))),
    el('td', {}, severity),
    el('td', { class: 'timeline' }, timeline(states, startMs, nowMs, title)),
  );
}

/** A bar for each state, as wide as it lasted; a mark where somebody was told. */
function timeline(states, startMs, nowMs, title) {
  const x = (ms) => ((ms - startMs) / Math.max(1, nowMs - startMs)) * WIDTH;
  const bars = states.map(({ fromMs, state }, at) => {
    const untilMs = states[at + 1]?.fromMs ?? nowMs;
    const text = `${STATES[state]} ${time(fromMs)} to ${time(untilMs)}`;
    const width = Math.max(untilMs > fromMs ? 1.5 : 0, x(untilMs) - x(fromMs));
    return svg('rect', { x: x(fromMs), y: 4, width, height: HEIGHT - 8, class: `state-${state}` }, svg('title', {}, text));
  });
  const told = states.filter(({ isTold, state }) => isTold && state === 'ALARM');
  const marks = told.map(({ fromMs }) =>
    svg('circle', { cx: Math.max(3, x(fromMs)), cy: HEIGHT / 2, r: 3, class: 'told' }, svg('title', {}, `told at ${time(fromMs)}`)),
  );
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `history of ${title}` }, ...bars, ...marks);
}

function axis(startMs, nowMs) {
  return el(
    'span',
    { class: 'axis' },
    el('span', {}, time(startMs)),
    el('span', {}, 'history · a mark: told'),
    el('span', {}, time(nowMs)),
  );
}
