import { showAlarms } from './alarms.js';
import { api, byId, el, number, replace } from './dom.js';
import { showPipeline } from './pipeline.js';
import { startQueries } from './queries.js';
import { showReport } from './report.js';
import { startSearch } from './search.js';

const VIEWS = ['search', 'queries', 'pipeline', 'alarms', 'letters', 'report'];
const POLL_MS = 700;
let search;
let hasQueries = false;
let lastPhase = '';

function showView(name) {
  for (const view of VIEWS) {
    byId(`view-${view}`).hidden = view !== name;
    const button = document.querySelector(`nav [data-view="${view}"]`);
    if (view === name) button.setAttribute('aria-current', 'page');
    else button.removeAttribute('aria-current');
  }
  if (location.hash.slice(1).split('?')[0] !== name) history.replaceState(null, '', `#${name}`);
  if (name === 'letters') showLetters();
  if (name === 'alarms') showAlarms();
}

for (const button of document.querySelectorAll('nav [data-view]')) button.addEventListener('click', () => showView(button.dataset.view));

function theme(dark) {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
const stored = localStorage.getItem('theme');
theme(stored ? stored === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
byId('theme').addEventListener('click', () => {
  const dark = document.documentElement.dataset.theme !== 'dark';
  localStorage.setItem('theme', dark ? 'dark' : 'light');
  theme(dark);
});

async function showLetters() {
  const letters = await api('/api/dead-letters').catch(() => []);
  const badge = byId('letter-count');
  badge.textContent = number(letters.length);
  badge.hidden = letters.length === 0;
  byId('letters-title').textContent = letters.length === 1 ? '1 dead letter' : `${number(letters.length)} dead letters`;
  replace(
    byId('letter-head'),
    letters.length > 0 && el('tr', {}, ...['time', 'source', 'reason', 'stream', 'index', 'bytes'].map((title) => el('th', {}, title))),
  );
  replace(
    byId('letter-rows'),
    letters.map((letter) =>
      el(
        'tr',
        { title: `event ${letter.id}\n${letter.key}` },
        el('td', { class: 'mono nowrap' }, new Date(letter.timestamp).toISOString()),
        el('td', {}, letter.source),
        el('td', {}, el('span', { class: 'pill bad' }, letter.reason)),
        el('td', { class: 'mono clip' }, letter.logStream),
        el('td', { class: 'mono clip' }, letter.index ?? ''),
        el('td', { class: 'num' }, number(letter.bytes)),
      ),
    ),
  );
  const empty = byId('letter-empty');
  empty.hidden = letters.length > 0;
  empty.textContent = 'None: every event could be indexed, was excluded by a rule, or was joined to another one.';
}

async function poll() {
  try {
    const status = await api('/api/status');
    const working = !['done', 'watching', 'failed'].includes(status.phase);
    replace(
      byId('phase'),
      el('span', { class: `dot ${status.phase === 'failed' ? 'bad' : working ? 'busy' : 'good'}` }),
      el('span', {}, status.step || { done: 'all delivered', watching: 'watching the input files' }[status.phase] || status.phase),
    );
    showPipeline(status);
    if (!search && status.phase !== 'starting') search = await startSearch();
    if (status.phase !== lastPhase && !working) {
      await search?.refresh();
      if (!hasQueries) await startQueries();
      hasQueries = true;
      showReport(await api('/api/report'));
      await showLetters();
      await showAlarms();
    }
    lastPhase = status.phase;
  } catch {
    replace(byId('phase'), el('span', { class: 'dot bad' }), el('span', {}, 'the run has ended'));
  }
  setTimeout(poll, POLL_MS);
}

showView(VIEWS.includes(location.hash.slice(1).split('?')[0]) ? location.hash.slice(1).split('?')[0] : 'search');
poll();
