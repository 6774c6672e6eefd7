import { byId, el, number, replace } from './dom.js';

/** Shows report.json. */
export function showReport(report) {
  replace(
    byId('report'),
    el(
      'div',
      { class: `verdict ${report.ok ? 'good' : 'bad'}` },
      el('b', {}, report.ok ? 'Every event is accounted for' : 'Not every event is accounted for'),
      el('span', {}, `${report.config} · ${report.search.what} · ${report.machineSeconds.total} s`),
    ),
    el('div', { class: 'cards' }, cards(report)),
    panel(
      'Checks',
      table(
        ['', 'what must be true', 'numbers'],
        report.checks.map(({ ok, name, detail }) => [
          el('span', { class: `pill ${ok ? 'good' : 'bad'}` }, ok ? 'ok' : 'fails'),
          name,
          detail,
        ]),
      ),
    ),
    report.searches.map((search) =>
      panel(
        search.title,
        search.problem ? el('p', { class: 'problem' }, search.problem) : table(search.columns, search.rows),
        search.index,
      ),
    ),
    panel(
      'Documents',
      table(
        ['index', 'documents'],
        report.indices.map(({ index, documents }) => [index, number(documents)]),
      ),
    ),
    panel(
      'Functions',
      table(
        ['function', 'invocations', 'errors', 'init CPU ms', 'busy ms', 'memory'],
        report.functions.map((row) => [
          row.name,
          number(row.invocations),
          number(row.errors),
          number(row.initCpuMs),
          number(row.busyMs),
          `${row.maxRssMb} of ${row.memoryMb} MB`,
        ]),
      ),
    ),
    panel(
      'Schedules',
      table(
        ['rule', 'rate', 'function', 'starts'],
        report.schedules.map((row) => [row.rule, row.expression, row.function, number(row.starts)]),
      ),
    ),
    panel(
      'Not run on this machine',
      table(
        ['what', 'count', 'why'],
        report.notRun.map(({ what, count, reason }) => [what, number(count), reason]),
      ),
    ),
  );
}

function cards(report) {
  const documents = report.indices.reduce((sum, { documents: count }) => sum + count, 0);
  const letters = report.deadLetters.reduce((sum, { events }) => sum + events, 0);
  const delays = report.delays;
  return [
    card(number(report.groups.reduce((sum, { put }) => sum + put, 0)), 'events put'),
    card(number(documents), 'documents'),
    card(number(report.redelivery.newDocuments), `new documents from ${number(report.redelivery.events)} events sent twice`),
    card(number(letters), 'dead letters'),
    delays &&
      card(
        `${number(delays.p50Ms)} ms`,
        `p50 · p95 ${number(delays.p95Ms)} ms · max ${number(delays.maxMs)} ms, log group to index, machine time`,
      ),
  ];
}

function card(value, title) {
  return el('div', { class: 'card' }, el('b', {}, value), el('span', { class: 'muted' }, title));
}

function panel(title, content, detail = '') {
  return el(
    'div',
    { class: 'panel' },
    el('div', { class: 'panel-head' }, title, el('span', { class: 'muted right mono' }, detail)),
    content,
  );
}

function table(columns, rows) {
  const isNumber = (cell) => typeof cell === 'number' || (typeof cell === 'string' && /^[\d,]+$/.test(cell));
  return el(
    'table',
    {},
    el(
      'thead',
      {},
      el('tr', {}, ...columns.map((column, at) => el('th', { class: rows.length > 0 && isNumber(rows[0][at]) ? 'num' : '' }, column))),
    ),
    el(
      'tbody',
      {},
      ...rows.map((row) =>
        el(
          'tr',
          {},
          ...row.map((cell) => el('td', { class: isNumber(cell) ? 'num' : '' }, typeof cell === 'number' ? number(cell) : cell)),
        ),
      ),
    ),
  );
}
