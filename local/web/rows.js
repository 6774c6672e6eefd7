import { clock, el } from './dom.js';

/** Most members of a document that are listed; audit events may have thousands. */
const MAX_MEMBERS = 400;
/** Characters of a value in the table. */
const MAX_CELL = 400;

/** Leaves of an event as dotted names; lists count by item. */
export function* leaves(value, path = '') {
  if (Array.isArray(value)) {
    for (const item of value) yield* leaves(item, path);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) yield* leaves(member, path ? `${path}.${key}` : key);
  } else {
    yield [path, value];
  }
}

function valueAt(source, path) {
  let value = source;
  for (const part of path.split('.')) value = value?.[part];
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A line of the table that opens to the whole document; `addTerm` searches for one of its values. */
export function eventRow({ index, id, source }, columns, addTerm, timeField) {
  const level = source.log?.level;
  const line = el(
    'tr',
    { class: `event ${level ? `level-${level}` : ''}`, tabindex: 0 },
    el('td', { class: 'mono nowrap time' }, clock(valueAt(source, timeField) || source['@timestamp'])),
    ...columns.map((column) =>
      column === 'log.level'
        ? el('td', {}, level && el('span', { class: `pill level-${level}` }, level))
        : column === 'message'
          ? el('td', { class: 'mono' }, el('div', { class: 'message' }, valueAt(source, column).slice(0, MAX_CELL)))
          : el('td', { class: 'mono clip' }, valueAt(source, column).slice(0, MAX_CELL)),
    ),
    columns.includes('message') ? undefined : el('td', { class: 'muted clip' }, source.kubernetes?.pod_name ?? ''),
  );
  let detail;
  const toggle = () => {
    if (detail) {
      detail.remove();
      detail = undefined;
      line.classList.remove('expanded');
      return;
    }
    detail = el('tr', { class: 'detail' }, el('td', { colspan: columns.length + 2 }, members(source, index, id)));
    line.after(detail);
    line.classList.add('expanded');
  };
  line.addEventListener('click', toggle);
  line.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') toggle();
  });
  return line;

  function members(body, indexName, documentId) {
    const found = [...leaves(body)].slice(0, MAX_MEMBERS);
    return el(
      'div',
      {},
      el('div', { class: 'origin mono muted' }, `${indexName} / ${documentId}`),
      el(
        'dl',
        {},
        found.map(([path, value]) => [
          el('dt', { class: 'mono' }, path),
          el(
            'dd',
            { class: 'mono' },
            el(
              'button',
              { type: 'button', class: 'quiet', title: 'search for this value', onclick: () => addTerm(path, String(value)) },
              '⌕',
            ),
            String(value),
          ),
        ]),
      ),
    );
  }
}
