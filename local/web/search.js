import { api, byId, el, number, replace, svg } from './dom.js';
import { eventRow, leaves } from './rows.js';

/** Searches that show what can be asked; a click runs one. */
const EXAMPLES = [
  [
    'Who patched pods',
    'eks-audit',
    'verb:patch AND objectRef.resource:pods AND stage:ResponseComplete AND NOT _exists_:objectRef.subresource',
  ],
  ['Denied requests', 'eks-audit', 'responseStatus.code:403'],
  ['Secrets read', 'eks-audit', 'objectRef.resource:secrets AND verb:(get OR list)'],
  ['Nodes NotReady', 'eks-controller-manager', 'message:"Recording status change"'],
  ['Unschedulable pods', 'eks-scheduler', 'message:"Unable to schedule pod"'],
  ['Sign-ins denied', 'eks-authenticator', 'authenticator.outcome:denied'],
  ['etcd out of space', '', '"mvcc: database space exceeded"'],
  ['Errors of applications', '', 'log.level:(error OR fatal) AND _exists_:kubernetes.pod_name'],
  ['Could not be parsed', '', '_exists_:parse.error'],
];
const DEFAULT_COLUMNS = {
  'eks-audit': ['user.username', 'verb', 'objectRef.resource', 'objectRef.namespace', 'objectRef.name', 'responseStatus.code'],
  'eks-authenticator': ['authenticator.outcome', 'authenticator.arn', 'authenticator.username', 'message'],
};
const LEVELS = ['fatal', 'error', 'warning', 'notice', 'info', 'debug', 'trace'];
const MAX_FIELD_VALUES = 5;

let shown = { events: [] };
let columns = ['message'];
let openField = '';

/** Starts the search view once there is an engine; returns what refreshes it. */
export async function startSearch() {
  replace(
    byId('examples'),
    EXAMPLES.map(([title, family, query]) => el('button', { type: 'button', title: query, onclick: () => ask({ family, query }) }, title)),
  );
  byId('search-form').addEventListener('submit', (event) => {
    event.preventDefault();
    run();
  });
  byId('family').addEventListener('change', () => {
    chooseColumns();
    run();
  });
  byId('time-field').addEventListener('change', run);
  await loadFamilies();
  const saved = new URLSearchParams(location.hash.split('?')[1] ?? '');
  byId('query').value = saved.get('q') ?? '';
  if (saved.has('family')) byId('family').value = saved.get('family');
  chooseColumns();
  await run();
  return {
    refresh: async () => {
      await loadFamilies();
      await run();
    },
  };
}

async function loadFamilies() {
  const select = byId('family');
  const chosen = select.value;
  const families = await api('/api/indices').catch(() => []);
  const total = families.reduce((sum, { documents }) => sum + documents, 0);
  replace(
    select,
    el('option', { value: '' }, `all indices (${number(total)})`),
    families.map(({ family, documents }) => el('option', { value: family }, `${family} (${number(documents)})`)),
  );
  if (families.some(({ family }) => family === chosen)) select.value = chosen;
}

function ask({ family, query, from, to }) {
  if (family !== undefined) {
    const option = [...byId('family').options].find(({ value }) => value === family || (family !== '' && value.startsWith(`${family}-`)));
    byId('family').value = option?.value ?? '';
    chooseColumns();
  }
  if (query !== undefined) byId('query').value = query;
  if (from !== undefined) byId('from').value = from;
  if (to !== undefined) byId('to').value = to;
  run();
}

function chooseColumns() {
  const family = byId('family').value;
  const known = Object.entries(DEFAULT_COLUMNS).find(([name]) => family.startsWith(name));
  columns = known ? [...known[1]] : ['log.level', 'message'];
}

async function run() {
  const family = byId('family').value;
  const query = byId('query').value;
  const problem = byId('search-problem');
  const range = { from: isoOf(byId('from').value), to: isoOf(byId('to').value) };
  try {
    shown = await api('/api/search', { index: family ? `${family}-*` : '*-2*', query, timeField: byId('time-field').value, ...range });
    problem.hidden = true;
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    return;
  }
  history.replaceState(null, '', `#search?${new URLSearchParams({ ...(family && { family }), ...(query && { q: query }) })}`);
  byId('total').textContent = `${number(shown.total)} events`;
  byId('interval').textContent = shown.interval ? `one bar: ${shown.interval}   ·   ${shown.tookMs} ms` : '';
  drawLevels();
  drawHistogram();
  drawFields();
  drawRows();
}

function isoOf(text) {
  const value = text.trim();
  if (value === '') return undefined;
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`;
}

function drawLevels() {
  const known = shown.levels
    .filter(({ level }) => LEVELS.includes(level))
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  replace(
    byId('levels'),
    known.map(({ level, count }) =>
      el(
        'button',
        { type: 'button', class: `pill level-${level}`, onclick: () => addTerm('log.level', level) },
        `${level} ${number(count)}`,
      ),
    ),
  );
}

function drawHistogram() {
  const bars = shown.histogram;
  const highest = Math.max(1, ...bars.map(({ count }) => count));
  const step = bars.length > 1 ? bars[1].atMs - bars[0].atMs : 1000;
  const width = 1000 / Math.max(1, bars.length);
  const rects = bars.map(({ atMs, count }, at) => {
    const height = count === 0 ? 0 : Math.max(2, (count / highest) * 84);
    const zoom = () => ask({ from: new Date(atMs).toISOString().slice(0, 19), to: new Date(atMs + step).toISOString().slice(0, 19) });
    return svg(
      'g',
      { onclick: zoom },
      svg('rect', { class: 'hit', x: at * width, y: 0, width, height: 90 }),
      svg('rect', { class: 'count', x: at * width + width * 0.08, y: 90 - height, width: width * 0.84, height, rx: 1 }),
      svg('title', {}, `${new Date(atMs).toISOString()}: ${number(count)} events`),
    );
  });
  const ends = bars.length > 0 ? [bars[0].atMs, bars[bars.length >> 1].atMs, bars[bars.length - 1].atMs + step] : [];
  replace(
    byId('histogram'),
    svg('svg', { viewBox: '0 0 1000 90', preserveAspectRatio: 'none' }, ...rects),
    el('div', { class: 'axis mono' }, ...ends.map((ms) => el('span', {}, new Date(ms).toISOString().slice(0, 19).replace('T', ' ')))),
  );
}

function drawFields() {
  const fields = new Map();
  for (const { source } of shown.events) {
    for (const [path, value] of leaves(source)) {
      const values = fields.get(path) ?? new Map();
      fields.set(path, values);
      const text = String(value).slice(0, 120);
      values.set(text, (values.get(text) ?? 0) + 1);
    }
  }
  const sorted = [...fields].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, 300);
  replace(
    byId('fields'),
    sorted.map(([path, values]) => {
      const isColumn = columns.includes(path);
      const head = el(
        'div',
        { class: 'field' },
        el(
          'button',
          {
            type: 'button',
            class: 'name mono',
            onclick: () => {
              openField = openField === path ? '' : path;
              drawFields();
            },
          },
          path,
        ),
        el(
          'button',
          {
            type: 'button',
            class: 'quiet',
            title: isColumn ? 'take the column away' : 'show as a column',
            onclick: () => toggleColumn(path),
          },
          isColumn ? '−' : '+',
        ),
      );
      if (openField !== path) return head;
      const top = [...values].sort((a, b) => b[1] - a[1]).slice(0, MAX_FIELD_VALUES);
      return el(
        'div',
        { class: 'open' },
        head,
        top.map(([text, count]) =>
          el(
            'button',
            { type: 'button', class: 'value', title: `search ${path}: ${text}`, onclick: () => addTerm(path, text) },
            el('span', { class: 'mono clip' }, text || '(empty)'),
            el('span', { class: 'muted' }, number(count)),
          ),
        ),
      );
    }),
  );
}

function toggleColumn(path) {
  columns = columns.includes(path) ? columns.filter((column) => column !== path) : [...columns, path];
  drawFields();
  drawRows();
}

function addTerm(field, text) {
  const quoted = `"${text.replace(/(["\\])/g, '\\$1')}"`;
  const term = `${field.replace(/([\s:/()])/g, '\\$1')}:${quoted}`;
  const query = byId('query').value.trim();
  ask({ query: query ? `${query} AND ${term}` : term });
}

function drawRows() {
  const empty = byId('empty');
  empty.hidden = shown.events.length > 0;
  empty.textContent = 'No event matches. Words are combined by AND; a field is written field:value, a phrase in "quotes".';
  replace(
    byId('head'),
    shown.events.length > 0 &&
      el(
        'tr',
        {},
        el('th', {}, 'time (UTC)'),
        ...columns.map((column) =>
          el(
            'th',
            { class: 'mono' },
            column,
            el('button', { type: 'button', class: 'quiet', title: 'take the column away', onclick: () => toggleColumn(column) }, '×'),
          ),
        ),
        columns.includes('message') ? undefined : el('th', {}, ''),
      ),
  );
  replace(
    byId('rows'),
    shown.events.map((event) => eventRow(event, columns, addTerm, byId('time-field').value)),
  );
}
