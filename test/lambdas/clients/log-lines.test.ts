import { batches, createPutLines } from '../../../lambdas/clients/log-lines.ts';
import type { HttpRequest, HttpResponse } from '../../../lambdas/clients/signed-http.ts';

const DAY_MS = 86_400_000;
const line = (timeMs: number, text = 'a') => ({ timeMs, text });

describe('batches of PutLogEvents', () => {
  it('are in the order of time', () => {
    expect(batches([line(3), line(1), line(2)])).toEqual([[1, 2, 3].map((timestamp) => ({ timestamp, message: 'a' }))]);
  });

  it.each([
    ['10,000 events', Array.from({ length: 10_001 }, () => line(1)), [10_000, 1]],
    ['24 hours', [line(0), line(DAY_MS - 1), line(DAY_MS)], [2, 1]],
    ['1 MB with 26 bytes an event', Array.from({ length: 5 }, () => line(1, 'é'.repeat(131_059))), [4, 1]],
  ])('hold at most %s', (_, lines, sizes) => {
    expect(batches(lines).map(({ length }) => length)).toEqual(sizes);
  });

  it('hold no event that is too long, and no half of a character', () => {
    const [[event] = []] = batches([line(1, '😀'.repeat(400_000))]);
    const message = event?.message ?? '';
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1_048_550);
    expect(message).toMatch(/^(?:😀){262136,}$/u);
  });

  it('are none without lines', () => expect(batches([])).toEqual([]));
});

describe('a put', () => {
  const answer = (status: number, body: object | string = {}): HttpResponse => ({
    status,
    headers: {},
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  });
  const run = async (answers: (HttpResponse | Error)[], times = 1) => {
    const actions: string[] = [];
    const put = createPutLines('eu-central-1', {
      http: async ({ headers, url }: HttpRequest) => {
        actions.push(`${url.host} ${headers?.['x-amz-target']?.split('.')[1]}`);
        const next = answers.shift() ?? answer(200);
        if (next instanceof Error) throw next;
        return next;
      },
      sleep: async () => undefined,
    });
    const failures: (string | undefined)[] = [];
    for (let i = 0; i < times; i++) failures.push(await put('/example/alb', 'file', [line(1)]));
    return { actions: actions.map((action) => action.split(' ')[1]), hosts: actions.map((action) => action.split(' ')[0]), failures };
  };

  it('makes the stream once', async () => {
    const { actions, failures, hosts } = await run([], 2);
    expect(actions).toEqual(['CreateLogStream', 'PutLogEvents', 'PutLogEvents']);
    expect(failures).toEqual([undefined, undefined]);
    expect(hosts[0]).toBe('logs.eu-central-1.amazonaws.com');
  });

  it('takes a stream that is there', async () => {
    const { failures } = await run([answer(400, { __type: 'com.amazonaws#ResourceAlreadyExistsException' })]);
    expect(failures).toEqual([undefined]);
  });

  it.each([
    ['a throttled call', answer(400, { __type: 'ThrottlingException' })],
    ['a broken service', answer(503, 'not JSON')],
    ['no answer', new Error('reset')],
  ])('repeats %s', async (_, first) => {
    expect(await run([answer(200), first])).toMatchObject({
      actions: ['CreateLogStream', 'PutLogEvents', 'PutLogEvents'],
      failures: [undefined],
    });
  });

  it('says why nothing was put', async () => {
    const refused = { __type: 'AccessDeniedException' };
    expect((await run([answer(200), answer(400, refused)])).failures).toEqual(['PutLogEvents: HTTP 400 AccessDeniedException']);
    expect((await run([answer(400, { __type: 'ResourceNotFoundException' })])).failures).toEqual([
      'CreateLogStream: HTTP 400 ResourceNotFoundException',
    ]);
    expect((await run([answer(200), ...[1, 2, 3].map(() => new Error('reset'))])).failures).toEqual(['PutLogEvents: reset']);
  });

  it('says that events were left out', async () => {
    const { failures } = await run([answer(200), answer(200, { rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } })]);
    expect(failures[0]).toMatch(/left events out.*tooOldLogEventEndIndex/);
  });
});
