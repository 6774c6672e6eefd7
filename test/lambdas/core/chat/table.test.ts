import fc from 'fast-check';
import { countPoints } from '../../../../lambdas/core/alerts/text.ts';
import { cleanTable } from '../../../../lambdas/core/chat/clean-table.ts';
import { formatCsv, layOutTable, liftShared, TABLE_ROOM } from '../../../../lambdas/core/chat/table.ts';
import { displayWidth } from '../../../../lambdas/core/chat/width.ts';
import { redact } from './support.ts';

test('numbers stand on the right, wide letters count two columns, and long names are short where they can be', () => {
  const { text } = layOutTable({
    columns: ['kubernetes.pod_name', 'message', 'count(*)'],
    rows: [
      ['웹-1', '결제 실패 🚀', '7'],
      ['orders-12', 'ok', '1234'],
    ],
  });

  expect(text.split('\n')).toEqual([
    'pod_name   message       count(*)',
    '─────────  ────────────  ────────',
    '웹-1       결제 실패 🚀         7',
    'orders-12  ok                1234',
  ]);
});

test('two columns of one last name keep their whole names', () => {
  expect(layOutTable({ columns: ['a.name', 'b.name'], rows: [] }).text.split('\n')[0]).toBe('a.name  b.name');
});

test('a long line is whole where there is room for all of them', () => {
  const { isCut, shownRows, text } = layOutTable({ columns: ['id', 'line'], rows: [['1', 'x'.repeat(500)]] });

  expect([isCut, shownRows, text.split('\n')[2]]).toEqual([false, 1, ` 1  ${'x'.repeat(500)}`]);
});

test('else the widest column gives way', () => {
  const { isCut, text } = layOutTable({ columns: ['id', 'line'], rows: [['1', 'x'.repeat(5000)]] });

  expect([isCut, text.split('\n')[2]]).toEqual([true, ` 1  ${'x'.repeat(99)}…`]);
});

test('what every row says alike is said once, and one column stays', () => {
  const rows = [
    ['a', 'web', 'x'],
    ['a', 'web', 'y'],
  ];
  expect(liftShared({ columns: ['ns', 'k8s.pod', 'line'], rows })).toEqual({
    table: { columns: ['line'], rows: [['x'], ['y']] },
    shared: [
      { name: 'ns', value: 'a' },
      { name: 'pod', value: 'web' },
    ],
  });
  expect(
    liftShared({
      columns: ['a', 'b'],
      rows: [
        ['1', '2'],
        ['1', '2'],
      ],
    }).table.columns,
  ).toEqual(['b']);
  expect(liftShared({ columns: ['a', 'b'], rows: [['1', '2']] }).shared).toEqual([]);
});

const CELL = fc.option(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom('가', '漢', '🚀', 'a', '👩‍💻', '"', '\\'), maxLength: 200 }),
  ),
  { nil: undefined },
);
const TABLE = fc
  .tuple(
    fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 30 }),
    fc.integer({ min: 0, max: 80 }),
    CELL,
    CELL,
    CELL,
  )
  .map(([columns, count, ...cells]) => ({
    columns,
    rows: Array.from({ length: count }, (_, row) => columns.map((_column, at) => cells[(row + at) % cells.length])),
  }));

test('no table leaves its room, and no line is wider than it should be', () => {
  fc.assert(
    fc.property(TABLE, (raw) => {
      const table = cleanTable(raw, redact);
      const { isCut, shownRows, text } = layOutTable(table);
      expect(shownRows).toBeLessThanOrEqual(table.rows.length);
      expect(countPoints(text)).toBeLessThanOrEqual(TABLE_ROOM.points + 300);
      expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThanOrEqual(TABLE_ROOM.bytes + 900);
      if (isCut) for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(TABLE_ROOM.width);
      expect(text.isWellFormed()).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('secrets are gone, by the name of the column as well; what hides a secret goes first', () => {
  const { rows } = cleanTable(
    {
      columns: ['password', 'line'],
      rows: [
        ['hunter2secret', 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz0123456789'],
        ['x', 'AKIA\u200bIOSFODNN7EXAMPL3 and \u202egnp.exe'],
      ],
    },
    redact,
  );

  expect(JSON.stringify(rows)).not.toMatch(/hunter2|abcdefghijkl|IOSFODNN7|\u202e|\u200b/);
});

test('a spreadsheet runs nothing of a file', () => {
  expect(
    formatCsv({
      columns: ['a', 'b'],
      rows: [
        ['=cmd()', 'x,"y"'],
        ['-5', undefined],
        ['@x', '+1+1'],
      ],
    }),
  ).toBe('a,b\r\n\'=cmd(),"x,""y"""\r\n-5,\r\n\'@x,\'+1+1\r\n');
});
