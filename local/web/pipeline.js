import { byId, el, number, replace, svg } from './dom.js';

const COUNTS = ['received', 'indexed', 'duplicate', 'deadLettered', 'excluded', 'joined', 'returned'];
const TITLES = { deadLettered: 'dead-lettered' };

/** Draws the way of the events with their counts, and the tables under it. */
export function showPipeline(status) {
  replace(byId('diagram'), diagram(status));
  replace(
    byId('source-head'),
    el('tr', {}, el('th', {}, 'source'), ...COUNTS.map((name) => el('th', { class: 'num' }, TITLES[name] ?? name)), el('th', {}, 'sum')),
  );
  replace(
    byId('source-rows'),
    Object.entries(status.sources)
      .filter(([, counts]) => counts.received > 0)
      .map(([source, counts]) => sourceRow(source, counts)),
  );
  replace(
    byId('file-rows'),
    status.files.map(({ file, logStream, events }) =>
      el(
        'tr',
        {},
        el('td', { class: 'mono clip' }, file),
        el('td', { class: 'mono clip muted' }, logStream),
        el('td', { class: 'num' }, number(events)),
      ),
    ),
  );
}

function excluded(counts) {
  return Object.values(counts.excluded ?? {}).reduce((sum, count) => sum + count, 0);
}

function sourceRow(source, counts) {
  const values = COUNTS.map((name) => (name === 'excluded' ? excluded(counts) : counts[name]));
  const [received, ...parts] = values;
  const isRight = received === parts.reduce((sum, part) => sum + part, 0);
  const rules = Object.entries(counts.excluded ?? {}).map(([rule, count]) => `${rule}: ${count}`);
  return el(
    'tr',
    {},
    el('td', {}, source),
    ...values.map((value, at) =>
      el(
        'td',
        { class: `num ${at === 3 && value > 0 ? 'bad-text' : ''}`, title: COUNTS[at] === 'excluded' ? rules.join('\n') : undefined },
        number(value),
      ),
    ),
    el('td', {}, el('span', { class: `pill ${isRight ? 'good' : 'bad'}` }, isRight ? 'adds up' : 'does not add up')),
  );
}

const BOX = { width: 190, height: 62 };
const COLUMNS = [8, 266, 524, 782];

function diagram(status) {
  const filters = status.filters.filter(({ logGroup }) => logGroup !== '');
  const rows = Math.max(1, filters.length);
  const height = 20 + rows * 110;
  const middle = 10 + ((rows - 1) * 110) / 2;
  const parts = [];
  const [filesX, groupX, routeX, endX] = COLUMNS;
  filters.forEach((filter, at) => {
    const y = 10 + at * 110;
    const counts = status.groups[filter.logGroup] ?? { read: 0, put: 0 };
    const isStream = filter.destination.includes(':kinesis:');
    const stream = status.streams.find(({ name }) => filter.destination.endsWith(`/${name}`));
    const done = filter.matched + filter.redelivered > 0 && filter.done === filter.matched + filter.redelivered;
    parts.push(
      box(filesX, y, 'files', `${number(counts.read)} events`, shortGroup(filter.logGroup)),
      arrow(filesX, y, groupX, y, counts.read > 0),
      box(groupX, y, 'log group', `${number(counts.put)} put`, filter.logGroup),
      arrow(groupX, y, routeX, y, filter.payloads > 0),
      box(
        routeX,
        y,
        isStream ? 'stream → log-indexer' : 'direct → log-indexer',
        `${number(filter.done)} of ${number(filter.matched + filter.redelivered)}`,
        isStream
          ? `${stream?.shards ?? '?'} shards, ${number(filter.payloads)} payloads${stream?.pending ? `, ${stream.pending} waiting` : ''}`
          : `${number(filter.payloads)} payloads`,
        done ? 'good' : 'busy',
      ),
      arrow(routeX, y, endX, middle, filter.done > 0),
    );
    if (filter.lost > 0 || filter.keptAside > 0)
      parts.push(note(routeX, y, `${number(filter.keptAside)} kept aside, ${number(filter.lost)} lost`));
  });
  const indexed = Object.values(status.sources).reduce((sum, counts) => sum + counts.indexed, 0);
  const letters = Object.values(status.sources).reduce((sum, counts) => sum + counts.deadLettered, 0);
  parts.push(box(endX, middle, 'OpenSearch', `${number(indexed)} documents`, status.search.split(';')[0]));
  if (letters > 0) parts.push(note(endX, middle, `${number(letters)} dead-lettered to S3`));
  const title = status.runTimeMs ? `run time ${new Date(status.runTimeMs).toISOString().slice(0, 19).replace('T', ' ')} UTC` : 'starting';
  return [
    el('div', { class: 'panel-head flat' }, 'The way of the events', el('span', { class: 'muted right mono' }, title)),
    svg('svg', { viewBox: `0 0 980 ${height}`, class: 'diagram' }, ...parts),
  ];
}

function shortGroup(name) {
  return name.startsWith('/aws/eks/') ? 'control plane' : (name.split('/').pop() ?? name);
}

function box(x, y, title, value, detail, kind = '') {
  return svg(
    'g',
    { class: `box ${kind}` },
    svg('title', {}, detail),
    svg('rect', { x, y, width: BOX.width, height: BOX.height, rx: 8 }),
    svg('text', { x: x + 14, y: y + 19, class: 'box-title' }, title),
    svg('text', { x: x + 14, y: y + 38, class: 'box-value' }, value),
    svg('text', { x: x + 14, y: y + 54, class: 'box-detail' }, detail.length > 32 ? `…${detail.slice(-31)}` : detail),
  );
}

function arrow(fromX, fromY, toX, toY, isAlive) {
  const startX = fromX + BOX.width;
  const y1 = fromY + BOX.height / 2;
  const y2 = toY + BOX.height / 2;
  const half = (startX + toX) / 2;
  return svg('path', { class: `arrow ${isAlive ? 'alive' : ''}`, d: `M${startX + 4} ${y1} C${half} ${y1} ${half} ${y2} ${toX - 6} ${y2}` });
}

function note(x, y, text) {
  return svg('text', { x: x + 14, y: y + BOX.height + 18, class: 'box-note' }, text);
}
