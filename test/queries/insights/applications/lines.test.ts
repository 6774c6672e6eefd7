import { CONTAINERS, containerColumns, recordsOf, rounded, sum } from '../../support/container-records.ts';
import { rowsBy, SAMPLES } from '../../support/independent.ts';
import { askSaved, expectDescending, expectRows, expectTop } from '../../support/run-query.ts';

const RECORDS = recordsOf(CONTAINERS);

test('latest-lines shows what pods of a name wrote last, newest first', async () => {
  const rows = await askSaved('latest-lines', CONTAINERS, { namespace: 'prod-web', pod: 'orders' });

  const times = recordsOf([SAMPLES.orders]).map(({ time }) => time);
  expect(rows).toHaveLength(200);
  expect(rows.map((row) => row['@timestamp'])).toEqual(times.sort().reverse().slice(0, 200));
  const known = new Set(recordsOf([SAMPLES.orders]).map(({ time, stream, log }) => `${time} ${stream} ${log}`));
  expect(rows.filter((row) => !known.has(`${row['@timestamp']} ${row['stream']} ${row['log'] ?? ''}`))).toEqual([]);
  expect(new Set(rows.map((row) => row['kubernetes.pod_name']))).toEqual(new Set(['orders-7d9c8b6f5-x2k4q']));
  expect(await askSaved('latest-lines', CONTAINERS, { namespace: 'prod', pod: 'orders' })).toEqual([]);
});

test('lines-with-text finds a text in all containers, oldest first', async () => {
  const text = 'é日本';
  const rows = await askSaved('lines-with-text', CONTAINERS, { text });

  const found = RECORDS.filter(({ log }) => log.includes(text)).sort((a, b) => (a.time < b.time ? -1 : 1));
  expect(rows.map((row) => row['@timestamp'])).toEqual(found.slice(0, 1000).map(({ time }) => time));
  expect(new Set(rows.map((row) => row['kubernetes.container_name']))).toEqual(new Set(found.map(({ container }) => container)));
});

test('log-volume-per-hour adds up the characters of each container', async () => {
  const rows = await askSaved('log-volume-per-hour', CONTAINERS);

  const expected = rowsBy(
    RECORDS,
    ({ namespace, container, time }) => ({
      time: `${time.slice(0, 13)}:00:00.000`,
      'kubernetes.namespace_name': namespace,
      'kubernetes.container_name': container,
    }),
    // Characters are code points: an emoji is one.
    (group) => ({ lines: group.length, characters: sum(group.map(({ message }) => [...message].length)) }),
  );
  expectRows(rows, expected);
});

test('top-talkers ranks containers by bytes', async () => {
  const rows = await askSaved('top-talkers', CONTAINERS);

  const expected = rowsBy(RECORDS, containerColumns, (group) => {
    const bytes = group.map(({ message }) => Buffer.byteLength(message));
    return {
      megabytes: sum(bytes) / 1e6,
      lines: group.length,
      average_bytes: sum(bytes) / group.length,
      longest_bytes: Math.max(...bytes),
    };
  });
  expectRows(rounded(rows), rounded(expected));
  expectDescending(rows, 'megabytes');
});

test('longest-lines shows the lines that containerd cut into pieces', async () => {
  const rows = await askSaved('longest-lines', CONTAINERS);

  const expected = RECORDS.filter(({ log }) => [...log].length >= 16384).map(({ time, namespace, container, log }) => ({
    '@timestamp': time,
    'kubernetes.namespace_name': namespace,
    'kubernetes.container_name': container,
    characters: [...log].length,
    beginning: log.slice(0, 200),
  }));
  expectTop(rows, expected, 'characters', 100);
  expect(rows.length).toBeGreaterThan(20);
});

test('repeated-lines groups lines that differ in numbers only', async () => {
  const rows = await askSaved('repeated-lines', CONTAINERS, { namespace: 'prod-web' });

  const expected = rowsBy(
    RECORDS.filter(({ namespace, log }) => namespace === 'prod-web' && log !== ''),
    ({ namespace, container, log }) => ({
      'kubernetes.namespace_name': namespace,
      'kubernetes.container_name': container,
      line: [...log.replace(/[0-9]+/g, '#')].slice(0, 120).join(''),
    }),
    (group) => ({ times: group.length, characters: sum(group.map(({ log }) => [...log].length)) }),
  );
  expectTop(
    rows.filter((row) => row['line'] !== undefined && row['line'] !== ''),
    expected,
    'times',
    rows.filter((row) => row['line'] !== undefined && row['line'] !== '').length,
  );
});
