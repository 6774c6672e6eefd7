import { PassThrough } from 'node:stream';
import { run } from '../../../cli/athena.ts';
import { JsonService, type ServiceCall, ServiceError } from '../../support/json-service.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ID = 'a1b2c3d4-5678-90ab-cdef-111122223333';

/** What the service says of a query at each look. */
type Look = { readonly State: string; readonly bytes?: number; readonly reason?: string };

/** A service that speaks Athena's wire protocol, and what it was asked. */
class FakeAthena {
  readonly service: JsonService;
  looks: Look[] = [];
  rows: (string | undefined)[][] = [];
  /** Errors that the next calls of an operation get. */
  readonly errors: { [operation: string]: ServiceError[] } = {};
  pageRows = 1000;

  constructor() {
    this.service = new JsonService((call) => this.answer(call));
  }

  calls(operation: string): ServiceCall[] {
    return this.service.calls.filter((call) => call.operation === operation);
  }

  private answer(call: ServiceCall): object {
    const error = this.errors[call.operation]?.shift();
    if (error) throw error;
    switch (call.operation) {
      case 'StartQueryExecution':
        return { QueryExecutionId: ID };
      case 'GetQueryExecution': {
        const look = (this.looks.length > 1 ? this.looks.shift() : this.looks[0]) as Look;
        const Status = { State: look.State, ...(look.reason === undefined ? {} : { StateChangeReason: look.reason }) };
        return {
          QueryExecution: {
            QueryExecutionId: ID,
            Status,
            Statistics: { DataScannedInBytes: look.bytes ?? 0, EngineExecutionTimeInMillis: 1500 },
          },
        };
      }
      case 'StopQueryExecution':
        this.looks = [{ State: 'CANCELLED', bytes: 2_000_000_000, reason: 'Query cancelled by user' }];
        return {};
      case 'GetQueryResults': {
        const from = Number(call.body['NextToken'] ?? 0);
        const names = ['client_ip', 'requests', 'share'];
        const all = [names, ...this.rows];
        const Rows = all
          .slice(from, from + this.pageRows)
          .map((row) => ({ Data: row.map((value) => (value === undefined ? {} : { VarCharValue: value })) }));
        const ColumnInfo = names.map((Name, index) => ({ Name, Type: ['varchar', 'bigint', 'decimal(5,2)'][index] }));
        const next = from + this.pageRows < all.length ? { NextToken: String(from + this.pageRows) } : {};
        return { ResultSet: { ResultSetMetadata: { ColumnInfo }, Rows }, ...next };
      }
      default:
        throw new ServiceError('InvalidRequestException', `no operation ${call.operation}`);
    }
  }
}

describe('a named query in the account', () => {
  let athena: FakeAthena;
  const saved = { ...process.env };
  beforeEach(async () => {
    athena = new FakeAthena();
    await athena.service.start();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_ATHENA: athena.service.endpoint,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_REGION: 'us-east-1',
    });
  });
  afterEach(async () => {
    await athena.service.stop();
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
  });

  async function command(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
    const code = await run(args, { ...streams, env: process.env, isTty: false, cwd: process.cwd(), now: () => NOW });
    const text = (stream: PassThrough): string => String(stream.read() ?? '');
    return { code, out: text(streams.stdout), err: text(streams.stderr) };
  }

  test('starts with bound values, waits, reads every page and tells what it cost with the date of the price', async () => {
    athena.looks = [{ State: 'QUEUED' }, { State: 'RUNNING', bytes: 1000 }, { State: 'SUCCEEDED', bytes: 4_000_000_000 }];
    athena.rows = Array.from({ length: 7 }, (_, index) => [`203.0.113.${index}`, String(index * 10), index === 3 ? undefined : '1.50']);
    athena.pageRows = 3;

    const { code, out, err } = await command('alb-requests-of-client', '--param', "client=o'x", '--from', '2d', '--json');

    expect(code).toBe(0);
    expect(athena.calls('StartQueryExecution')[0]?.body).toMatchObject({
      WorkGroup: 'eks-telemetry',
      QueryExecutionContext: { Database: 'eks_telemetry', Catalog: 'AwsDataCatalog' },
      ExecutionParameters: ["'2026-11-19'", "'2026-11-21'", "'o''x'"],
      QueryString: expect.stringContaining('? /* client */'),
    });
    const rows = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(7);
    expect(rows[2]).toEqual({ client_ip: '203.0.113.2', requests: 20, share: 1.5 });
    expect(rows[3]).toEqual({ client_ip: '203.0.113.3', requests: 30 });
    expect(athena.calls('GetQueryResults')).toHaveLength(3);
    expect(err).toBe(
      'SUCCEEDED: 7 rows, 4.0 GB read in 1.50 s; about 0.02 USD (5 USD a TB, from memory of 2026-11-21; at least 10 MB are billed)\n',
    );
  });

  test('takes names, Region and the workgroup of a config', async () => {
    athena.looks = [{ State: 'SUCCEEDED', bytes: 1 }];
    athena.rows = [['203.0.113.1', '1', '1']];

    const { code, out } = await command('alb-top-clients', '--config', 'config/local.yaml', '--workgroup', 'ours', '--csv');

    expect(code).toBe(0);
    expect(out).toBe('client_ip,requests,share\r\n203.0.113.1,1,1\r\n');
    expect(athena.calls('StartQueryExecution')[0]?.body).toMatchObject({
      WorkGroup: 'ours',
      QueryExecutionContext: { Database: 'eks_telemetry' },
    });
  });

  test('throttled calls are tried again', async () => {
    athena.looks = [{ State: 'SUCCEEDED' }];
    athena.rows = [['203.0.113.1', '1', '1']];
    athena.errors['StartQueryExecution'] = [
      new ServiceError('ThrottlingException', 'Rate exceeded'),
      new ServiceError('TooManyRequestsException', 'slow down'),
    ];
    athena.errors['GetQueryExecution'] = [new ServiceError('ThrottlingException', 'Rate exceeded')];

    const { code } = await command('alb-top-clients');

    expect(code).toBe(0);
    expect(athena.calls('StartQueryExecution')).toHaveLength(3);
  });

  test('a query that fails says why in Athena’s words, and that it is not billed', async () => {
    athena.looks = [{ State: 'RUNNING' }, { State: 'FAILED', reason: "COLUMN_NOT_FOUND: line 3:8: Column 'nope' cannot be resolved" }];

    const { code, out, err } = await command('alb-top-clients');

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain("FAILED: COLUMN_NOT_FOUND: line 3:8: Column 'nope' cannot be resolved; ");
    expect(err).toContain('not billed');
  });

  test('a query that the workgroup stops says what was read, which is paid', async () => {
    athena.looks = [{ State: 'CANCELLED', bytes: 200_000_000_000, reason: 'Bytes scanned limit was exceeded' }];

    const { code, err } = await command('alb-top-clients');

    expect(code).toBe(1);
    expect(err).toMatch(/^CANCELLED: Bytes scanned limit was exceeded; 200\.0 GB read in 1\.50 s; about 1\.00 USD/);
  });

  test('Ctrl-C stops it in the account', async () => {
    athena.looks = [{ State: 'RUNNING' }];
    const running = command('alb-top-clients');
    while (athena.calls('GetQueryExecution').length === 0) await new Promise((resolve) => setTimeout(resolve, 20));

    process.emit('SIGINT');
    const { code, err } = await running;

    expect(code).toBe(1);
    expect(athena.calls('StopQueryExecution')[0]?.body).toEqual({ QueryExecutionId: ID });
    expect(err).toContain('CANCELLED: Query cancelled by user; 2.0 GB read');
  });

  test('no answer is told by the exit code', async () => {
    athena.looks = [{ State: 'SUCCEEDED', bytes: 0 }];

    expect((await command('alb-top-clients')).code).toBe(1);
  });

  test.each<[string, string[], RegExp]>([
    ['an unknown query', ['alb-top-client'], /no named query "alb-top-client"; did you mean "alb-top-clients"\?/],
    ['a parameter without a value', ['alb-requests-of-client'], /"client" has no default: add --param client=/],
    ['a day that is none', ['alb-top-clients', '--from', 'yesterday'], /"yesterday" is no value for "from"/],
    ['a value twice', ['alb-top-clients', '--from', '1d', '--param', 'from=2d'], /say the same twice/],
    ['a table that only a config names', ['cost-by-namespace', '--param', 'month=2026-11'], /add --config F/],
    [
      'a query that the config leaves out',
      ['cost-by-namespace', '--config', 'config/local.yaml'],
      /leaves out cost-by-namespace: athena.costReport/,
    ],
    ['nothing to run', [], /name a query, or give --file F/],
    ['two outputs', ['alb-top-clients', '--json', '--csv'], /exclude each other/],
    ['a folder that is not there', ['alb-top-clients', '--local', '/nowhere/at/all'], /there is no folder \/nowhere\/at\/all/],
    ['a file that is not there', ['--file', 'nope.sql'], /cannot read nope\.sql/],
  ])('%s is wrong use, and nothing is started', async (_name, args, problem) => {
    const { code, err } = await command(...args);

    expect(code).toBe(2);
    expect(err).toMatch(problem);
    expect(athena.service.calls).toEqual([]);
  });

  test('--list shows queries by name, title or table, as JSON with columns', async () => {
    const { code, out } = await command('--list', 'waf');
    expect(code).toBe(0);
    expect(
      out
        .split('\n')
        .filter((line) => /^\S/.test(line))
        .map((line) => line.split(' ')[0]),
    ).toEqual(['alb-actions', 'waf-actions', 'waf-blocked-clients', 'waf-labels']);

    const listed = await command('--list', 'dead_letters', '--json');
    expect(JSON.parse(listed.out)).toMatchObject({
      name: 'dead-letters-by-reason',
      tables: ['dead_letters'],
      parameters: [{ name: 'from' }, { name: 'to' }],
    });
    expect((await command('--list', 'nothing-like-this')).code).toBe(1);
  });
});
