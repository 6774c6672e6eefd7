import { api, byId, el, number, replace } from './dom.js';

const SHOWN_ROWS = 500;
let definitions = [];

/** Offers the saved queries of the templates, and runs one on the log groups of the run. */
export async function startQueries() {
  definitions = await api('/api/queries');
  byId('query-count').textContent = number(definitions.length);
  byId('query-count').hidden = definitions.length === 0;
  const groups = new Map();
  for (const definition of definitions) {
    const parts = definition.name.split('/');
    const folder = parts.slice(0, -1).join('/');
    groups.set(folder, [...(groups.get(folder) ?? []), el('option', { value: definition.name }, parts.at(-1))]);
  }
  replace(
    byId('saved-query'),
    [...groups].map(([folder, options]) => el('optgroup', { label: folder }, ...options)),
  );
  byId('saved-query').addEventListener('change', choose);
  byId('queries-form').addEventListener('submit', (event) => {
    event.preventDefault();
    run();
  });
  choose();
}

function chosen() {
  return definitions.find(({ name }) => name === byId('saved-query').value);
}

function choose() {
  const definition = chosen();
  replace(
    byId('saved-parameters'),
    (definition?.parameters ?? []).map(({ name, defaultValue, description }) =>
      el(
        'label',
        { class: 'time', title: description },
        `${name} `,
        el('input', { type: 'text', name, value: defaultValue ?? '', placeholder: description, spellcheck: 'false' }),
      ),
    ),
  );
  byId('saved-text').textContent = definition?.query ?? 'The templates hold no saved query.';
  byId('saved-groups').textContent = (definition?.logGroups ?? []).join(', ');
  show({ columns: [], rows: [] }, '');
}

async function run() {
  const values = Object.fromEntries([...byId('saved-parameters').querySelectorAll('input')].map((input) => [input.name, input.value]));
  byId('saved-problem').hidden = true;
  byId('saved-total').textContent = 'running …';
  try {
    const answer = await api('/api/query', { name: chosen()?.name, values });
    const cut = answer.rows.length > SHOWN_ROWS ? `, the first ${SHOWN_ROWS} shown` : '';
    show(answer, `${number(answer.rows.length)} rows${cut} · ${number(answer.scanned)} events, ${number(answer.matched)} matched`);
  } catch (error) {
    show({ columns: [], rows: [] }, '');
    byId('saved-problem').hidden = false;
    byId('saved-problem').textContent = error.message;
  }
}

function show({ columns, rows }, total) {
  byId('saved-total').textContent = total;
  const series = seriesColumn(columns, rows);
  const largest = series < 0 ? 0 : Math.max(...rows.map((row) => row[series] ?? 0));
  replace(
    byId('saved-head'),
    columns.length > 0 && el('tr', {}, ...columns.map(({ name }) => el('th', {}, name)), series >= 0 && el('th', {})),
  );
  replace(
    byId('saved-rows'),
    rows
      .slice(0, SHOWN_ROWS)
      .map((row) =>
        el(
          'tr',
          {},
          ...columns.map((_, at) => el('td', { class: typeof row[at] === 'number' ? 'num' : 'mono' }, String(row[at] ?? ''))),
          series >= 0 && el('td', {}, el('meter', { min: 0, max: largest || 1, value: row[series] ?? 0 })),
        ),
      ),
  );
}

/** The first column of numbers behind a first column of times; -1 where rows are no series. */
function seriesColumn(columns, rows) {
  if (!columns[0]?.isTime || rows.length < 2) return -1;
  return columns.findIndex((column, at) => at > 0 && !column.isTime && rows.every((row) => typeof (row[at] ?? 0) === 'number'));
}
