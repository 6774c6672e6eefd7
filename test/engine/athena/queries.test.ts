import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readQueryFile } from '../../../lib/athena/query-file.ts';
import { archiveBucketName } from '../../../lib/config/names.ts';
import { Resolver } from '../../../local/template/resolver.ts';
import type { TrinoResult } from '../../../local/trino/client.ts';
import { glueTables } from '../../../local/trino/glue-tables.ts';
import { OTHER_LINES, SHAPES } from '../../../scripts/athena/alb-shapes.ts';
import { athenaAssembly, athenaConfig, exampleValues, type Running, startWorld } from '../../../scripts/athena/assembly.ts';
import { athenaDocs, withoutEstimates } from '../../../scripts/athena/docs.ts';
import { albExpected, requestsOf } from './alb-expected.ts';
import { order, type Row } from './count.ts';
import { describeWithTrino, START_PATIENCE_MS } from './engine.ts';
import { type LocalArchive, movedTable, NOT_IN_THE_PART, runWithArchive } from './local-archive.ts';
import { archiveExpected, auditExpected, fileExpected } from './other-expected.ts';

const DATABASE = 'eks_telemetry';
/** Database of the tables over what a local run wrote, whose buckets lie in a folder of the same name. */
const LOCAL_RUN = 'local_run';
/** Database of the tables over an archive in Parquet, likewise. */
const PARQUET = 'in_parquet';
/** Queries that are asked at once: a Trino of two cores. */
const AT_ONCE = 2;
/** Subtracted before sums: of whole times JavaScript would lose the last digits. */
const EPOCH_MS = Date.parse('2026-11-01T00:00:00Z');
const QUERY_PATIENCE_MS = 60_000;

/** The columns of an answer that a test names, in its order. */
function pick({ columns, rows }: TrinoResult, names: readonly string[]): Row[] {
  const at = names.map((name) => columns.findIndex((column) => column.name === name));
  expect(names.filter((_, index) => at[index] === -1)).toEqual([]);
  return rows.map((row) => at.map((index) => row[index] as string | number | null));
}

/** Does something with each item, a few at once. */
async function eachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

describeWithTrino('named queries of the synthesized template on a real Trino', () => {
  let running: Running;
  let local: LocalArchive;
  const work = mkdtempSync(join(tmpdir(), 'eks-telemetry-local-run-'));
  let expected: ReturnType<typeof albExpected>;
  const answers = new Map<string, TrinoResult>();
  beforeAll(async () => {
    running = await startWorld(undefined, async (folder) => {
      local = await runWithArchive(work, join(folder, LOCAL_RUN));
      const config = athenaConfig();
      const parquet = glueTables(new Resolver(athenaAssembly({ ...config, archive: { ...config.archive, format: 'parquet' } })));
      return [
        ...local.tables.map((table) => movedTable(table, LOCAL_RUN, LOCAL_RUN)),
        ...parquet.filter(({ name }) => name === 'audit').map((table) => movedTable(table, PARQUET, PARQUET)),
      ];
    });
    const { world } = running;
    expected = { ...albExpected(world), ...fileExpected(world), ...auditExpected(world), ...archiveExpected(world) };
  }, START_PATIENCE_MS);
  afterAll(async () => {
    await running?.stop();
    rmSync(work, { recursive: true, force: true });
  }, 60_000);

  const ask = (name: string): Promise<TrinoResult> => {
    const query = running.athena.queries.find((each) => each.name === name);
    if (!query) throw new Error(`the template has no query ${name}`);
    const read = readQueryFile(query.text);
    return running.athena.run(query, exampleValues(name, read.ok ? read.file.parameters : []));
  };
  const sql = (text: string): Promise<TrinoResult> => running.athena.runText({ sql: text, database: DATABASE });

  test(
    'every line of an ALB file is a request with all its columns, or stands whole in the column unparsed; none is lost',
    async () => {
      const { requests, others } = requestsOf(running.world);
      const file = `"$path" NOT LIKE '%conn_log%' AND "$path" NOT LIKE '%health_check_log%'`;
      const { rows } = await sql(
        `SELECT count(*), count(type), count(unparsed), count_if(type IS NULL AND unparsed IS NULL) FROM alb WHERE "day" = '2026/11/21' AND ${file}`,
      );

      expect(rows).toEqual([[requests.length + others.length, requests.length, others.length, 0]]);
      expect(others).toEqual(OTHER_LINES);
      const lost = await sql(`SELECT unparsed FROM alb WHERE "day" = '2026/11/21' AND unparsed IS NOT NULL AND ${file}`);
      expect(lost.rows.map(([line]) => line).sort()).toEqual([...OTHER_LINES].sort());
    },
    QUERY_PATIENCE_MS,
  );

  test(
    'each shape of line gives the values that stand in it',
    async () => {
      const names = [...new Set(SHAPES.flatMap(({ columns = {} }) => Object.keys(columns)))];
      const { rows } = await sql(`SELECT ${names.join(', ')} FROM alb WHERE "day" = '2026/11/21' AND elb = 'app/shapes/0123456789abcdef'`);

      // One file is one split here, so rows come in the order of its lines.
      expect(rows.length).toBe(SHAPES.length);
      for (const [index, { what, columns = {} }] of SHAPES.entries()) {
        const got = Object.fromEntries(Object.keys(columns).map((name) => [name, rows[index]?.[names.indexOf(name)]]));
        expect({ what, ...got }).toEqual({ what, ...columns });
      }
    },
    QUERY_PATIENCE_MS,
  );

  test(
    'logs of connections, health checks and network load balancers leave no line unparsed',
    async () => {
      const lines = (kind: string): number => running.world.lines[kind]?.length ?? -1;
      for (const [table, count, path] of [
        ['alb_connections', lines('conn_log'), '%conn_log%'],
        ['alb_health_checks', lines('health_check_log'), '%health_check_log%'],
        ['nlb', lines('nlb'), '%'],
      ] as const) {
        const { rows } = await sql(
          `SELECT count(*), count(time), count(unparsed) FROM ${table} WHERE "day" = '2026/11/21' AND "$path" LIKE '${path}'`,
        );
        expect([table, ...(rows[0] ?? [])]).toEqual([table, count, count, 0]);
      }
    },
    QUERY_PATIENCE_MS,
  );

  test(
    'the archive gives every event back as it was written, one cut line apart',
    async () => {
      for (const [table, kind] of [
        ['audit', 'audit'],
        ['controller_manager', 'controllerManager'],
        ['application', 'application'],
        ['events', 'events'],
      ] as const) {
        const events = running.world.archive.filter((event) => event.kind === kind);
        const files = new Set(events.map(({ time }) => time.slice(0, 13))).size;
        const { rows } = await sql(
          `SELECT count(*), count(message), sum("timestamp" - ${EPOCH_MS}), sum(length(message)), min(time), max(time) FROM ${table} WHERE dt BETWEEN '2026-11-19' AND '2026-11-21'`,
        );
        const times = events.map(({ time }) => time).sort();
        const length = events.reduce((all, { message }) => all + [...message].length, 0);
        const stamps = events.reduce((all, { timestamp }) => all + timestamp - EPOCH_MS, 0);
        expect([table, ...(rows[0] ?? [])]).toEqual([table, events.length + files, events.length, stamps, length, times[0], times.at(-1)]);
      }
    },
    QUERY_PATIENCE_MS,
  );

  test('the template has every query of the folder, and each is expected below', () => {
    const names = [...Object.keys(expected), 'alb-unparsed-lines'].sort();

    expect(running.athena.queries.map(({ name }) => name)).toEqual(names);
    expect(names.length).toBeGreaterThanOrEqual(25);
  });

  test(
    'every query gives the columns of its header, and the rows that are counted here',
    async () => {
      const wrong: string[] = [];
      await eachAtOnce(Object.keys(expected), async (name) => answers.set(name, await ask(name)));
      for (const [name, { columns, rows }] of Object.entries(expected)) {
        const answer = answers.get(name) as TrinoResult;
        const read = readQueryFile(running.athena.queries.find((query) => query.name === name)?.text ?? '');
        expect([name, read.ok && read.file.columns.map((column) => column.name)]).toEqual([
          name,
          answer.columns.map((column) => column.name),
        ]);
        const all = columns.map((_, index) => index + 1);
        const got = order(pick(answer, columns), ...all);
        const want = order(rows, ...all);
        if (want.length === 0) wrong.push(`${name}: nothing is expected, so nothing is proven`);
        try {
          expect(got).toEqual(want);
        } catch (error) {
          wrong.push(`${name}: ${(error as Error).message.slice(0, 1500)}`);
        }
      }
      expect(wrong).toEqual([]);
    },
    5 * QUERY_PATIENCE_MS,
  );

  test(
    'unparsed lines are told by file, those of other logs and empty ones apart',
    async () => {
      const answer = await ask('alb-unparsed-lines');
      answers.set('alb-unparsed-lines', answer);
      const { rows } = answer;

      expect(rows.map(([, lines, example]) => [lines, example])).toEqual([[OTHER_LINES.length - 1, [...OTHER_LINES].sort()[1]]]);
    },
    QUERY_PATIENCE_MS,
  );

  test(
    'a value is a value, whatever it holds; a wrong statement says where it is wrong, as Athena does',
    async () => {
      const hostile = "' OR 1=1 -- ? /* from */";
      const query = running.athena.queries.find(({ name }) => name === 'alb-requests-of-client');
      const { rows } = await running.athena.run(query as NonNullable<typeof query>, {
        from: '2026-11-19',
        to: '2026-11-21',
        client: hostile,
      });
      expect(rows).toEqual([]);

      await expect(sql('SELECT nope FROM alb WHERE "day" = \'2026/11/21\'')).rejects.toMatchObject({
        code: 'COLUMN_NOT_FOUND',
        line: 1,
        column: 8,
      });
      await expect(sql('SELECT ALB')).rejects.toMatchObject({ code: 'COLUMN_NOT_FOUND' });
    },
    QUERY_PATIENCE_MS,
  );

  test(
    'the tables over an archive that a local run wrote have every event that it sent, and as many rows as it delivered',
    async () => {
      const { report, sent, tables } = local;
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
      const archived = tables.filter(({ location }) => location.includes('/kind='));
      const union = archived.map(
        ({ name, location }) =>
          `SELECT '${/kind=(\w+)/.exec(location)?.[1]}' AS kind, event_id, message, "timestamp" FROM ${name} WHERE dt >= '2026-11-01'`,
      );
      const { rows } = await running.athena.runText({
        sql: `SELECT kind, count(DISTINCT event_id), count(*), count(message), count("timestamp") FROM (${union.join(' UNION ALL ')}) GROUP BY 1`,
        database: LOCAL_RUN,
      });

      expect(Object.fromEntries(rows.map(([kind, events]) => [kind, events]))).toEqual(sent);
      expect(Object.keys(sent).sort()).toEqual(['application', 'audit', 'authenticator', 'controllerManager', 'events', 'scheduler']);
      const delivered = report.deliveryStreams.filter(({ to }) => to === `s3://${archiveBucketName(athenaConfig())}`);
      const total = delivered.reduce((sum, each) => sum + each.delivered, 0);
      for (const column of [2, 3, 4]) expect(rows.reduce((sum, row) => sum + Number(row[column]), 0)).toBe(total);
      expect(total).toBeGreaterThan(1000);
    },
    QUERY_PATIENCE_MS,
  );

  test(
    'every named query of the run’s templates runs over what it wrote, with the columns of its header; those over its files have the rows of the samples',
    async () => {
      const empty: string[] = [];
      // Requests of load balancers are asked above, of the same files; here it is the join with lines of applications that is of the run.
      const asked = local.queries.filter(({ name }) => !name.startsWith('alb-') || name === 'alb-errors-with-application-lines');
      await eachAtOnce(asked, async (query) => {
        const read = readQueryFile(query.text);
        if (!read.ok) throw new Error(query.name);
        const { columns, rows } = await running.athena.run(
          { ...query, database: LOCAL_RUN },
          exampleValues(query.name, read.file.parameters),
        );
        expect([query.name, columns.map(({ name }) => name)]).toEqual([query.name, read.file.columns.map(({ name }) => name)]);
        if (rows.length === 0) empty.push(query.name);
        // The same files as in the world.
        if (/^(nlb|cloudfront|waf)-/.test(query.name)) expect([query.name, rows]).toEqual([query.name, answers.get(query.name)?.rows]);
      });
      expect(local.queries.length).toBeGreaterThanOrEqual(25);
      expect(empty.sort()).toEqual(NOT_IN_THE_PART);
    },
    5 * QUERY_PATIENCE_MS,
  );

  test(
    'an archive in Parquet is read by the tables that its format makes: the same rows',
    async () => {
      const columns = 'event_id, "timestamp", time, account, region, source, log_group, log_stream, application, message';
      const hour = `cluster = 'local' AND dt = '2026-11-21' AND hr = '08'`;
      await sql(`CREATE TABLE written WITH (format = 'PARQUET') AS SELECT ${columns} FROM audit WHERE ${hour}`);
      const paths = (await sql('SELECT DISTINCT "$path" FROM written')).rows.map(([path]) => String(path));
      const folder = join(running.folder, PARQUET, archiveBucketName(athenaConfig()), 'kind=audit/cluster=local/dt=2026-11-21/hr=08');
      mkdirSync(folder, { recursive: true });
      for (const [index, path] of paths.entries())
        copyFileSync(join(running.athena.files, path.replace(/^local:\/+/, '')), join(folder, `${index}.parquet`));
      const both = `SELECT ${columns} FROM ${DATABASE}.audit WHERE ${hour}`;
      const parquet = `SELECT ${columns} FROM ${PARQUET}.audit WHERE ${hour}`;
      const { rows } = await sql(
        `SELECT (SELECT count(*) FROM (${both})), (SELECT count(*) FROM (${parquet})), (SELECT count(*) FROM (${both} EXCEPT ${parquet})), (SELECT count(*) FROM (${parquet} EXCEPT ${both}))`,
      );

      expect(rows[0]?.[0]).toBeGreaterThan(100);
      expect(rows[0]?.slice(1)).toEqual([rows[0]?.[0], 0, 0]);
    },
    QUERY_PATIENCE_MS,
  );

  test('docs/athena.md is what the query files and these answers say; `npm run athena-docs` writes it anew', () => {
    const page = athenaDocs(running.athena, answers);

    expect(withoutEstimates(readFileSync('docs/athena.md', 'utf8'))).toBe(withoutEstimates(page));
  });
});
