import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { ASYNC_KEY, asyncRecord, Fixture, KLOG, LETTERS_KEY, letter, payload, STREAM_KEY, streamRecord } from './fixture.ts';

let fixture: Fixture;
beforeEach(() => {
  fixture = new Fixture();
});
afterEach(() => rmSync(fixture.folder, { recursive: true }));

/** A record of Lambda's with another event in it. */
function asyncOf(requestPayload: unknown): string {
  return JSON.stringify({ ...(JSON.parse(asyncRecord([KLOG])) as object), requestPayload });
}

describe('what Lambda gave up on and nobody can read', () => {
  test.each<[string, unknown]>([
    ['an event that is none of logs', { foo: 'bar' }],
    ['data that is no text', { awslogs: { data: 5 } }],
    ['awslogs that is nothing', { awslogs: null }],
    ['an event that is no object', 'text'],
    ['an event without records', { Records: [] }],
  ])('%s is a failure that list counts and replay leaves where it is', async (_name, event) => {
    fixture.put(ASYNC_KEY, asyncOf(event));

    expect((await fixture.call('list', '--json')).lines).toEqual([
      expect.objectContaining({ id: `${ASYNC_KEY}#1`, kind: 'async', reason: 'not-an-event-of-logs', source: 'log-indexer', events: 0 }),
    ]);
    expect((await fixture.call('show', '--raw', '--json', ASYNC_KEY)).lines).toEqual([
      expect.objectContaining({ payload: JSON.stringify(event) }),
    ]);
    const replayed = await fixture.call('replay', '--json', '--endpoint', 'http://127.0.0.1:1');
    expect([replayed.code, replayed.lines]).toEqual([1, [{ id: `${ASYNC_KEY}#1`, outcome: 'failed', reason: 'not-an-event-of-logs' }]]);
  });

  test('a record of a stream is read whatever its number is, and one without data does not hide the others', async () => {
    const whole = JSON.parse(streamRecord([payload([KLOG]), payload([KLOG, KLOG])])) as { payload: string };
    const event = JSON.parse(whole.payload) as { Records: { kinesis: { sequenceNumber: unknown; data: unknown } }[] };
    event.Records.forEach(({ kinesis }) => {
      kinesis.sequenceNumber = 7;
    });
    const records = [...event.Records, { kinesis: { data: 5 } }, null];
    fixture.put(STREAM_KEY, JSON.stringify({ ...whole, payload: JSON.stringify({ Records: records }) }));

    const { lines } = await fixture.call('list', '--json');

    expect(lines.map(({ id, reason, events }) => [id, reason, events])).toEqual([
      [`${STREAM_KEY}#1`, 'RetryAttemptsExhausted', 1],
      [`${STREAM_KEY}#2`, 'RetryAttemptsExhausted', 2],
      [`${STREAM_KEY}#3`, 'record-without-data', 0],
      [`${STREAM_KEY}#4`, 'record-without-data', 0],
    ]);
  });
});

describe('a dead letter with an odd member', () => {
  const event = { id: '2', timestamp: 1, message: 'x' };

  test.each<[string, { [member: string]: unknown }]>([
    ['deadLetteredAt is no time', { deadLetteredAt: 1e300 }],
    ['deadLetteredAt is no time', { deadLetteredAt: null }],
    ['joined is no list', { joined: 5 }],
    ['joined[0] is no event', { joined: [null] }],
    ['joined[1] is no event', { joined: [event, { ...event, message: {} }] }],
    ['joined[0] is no event', { joined: [{ ...event, account: 5 }] }],
    ['logGroup is no text', { logGroup: 5 }],
    ['source is no text', { source: null }],
    ['payload is no text', { payload: {} }],
    ['timestamp is no number', { timestamp: '1' }],
    ['version is not 1', { version: 2 }],
  ])('is told with its key (%s), and hides no other', async (detail, odd) => {
    fixture.putLetters(LETTERS_KEY, [{ ...letter(), ...odd } as ReturnType<typeof letter>, letter()]);

    const listed = await fixture.call('list', '--json');
    const shown = await fixture.call('show', '--json', LETTERS_KEY);
    const replayed = await fixture.call('replay', '--dry-run', '--json');

    expect(listed.lines.map(({ id, reason }) => [id, reason])).toEqual([
      [`${LETTERS_KEY}#1`, 'not-a-dead-letter'],
      [`${LETTERS_KEY}#2`, 'mapper-parsing'],
    ]);
    expect(shown.lines.map((line) => line['detail'])).toEqual([detail, expect.any(String)]);
    expect(replayed.lines.map(({ id, outcome }) => [id, outcome])).toEqual([
      [`${LETTERS_KEY}#1`, 'failed'],
      [`${LETTERS_KEY}#2`, 'would-index'],
    ]);
  });

  test('an event that came without a time is a letter all the same', async () => {
    fixture.putLetters(LETTERS_KEY, [letter({ timestamp: Number.NaN, joined: [{ ...event, timestamp: Number.NaN }] })]);

    expect((await fixture.call('list', '--json')).lines).toEqual([expect.objectContaining({ reason: 'mapper-parsing', events: 2 })]);
    expect((await fixture.call('show', LETTERS_KEY)).code).toBe(0);
    expect((await fixture.call('replay', '--dry-run')).code).toBe(1);
  });

  test('no value of any member stops a command', async () => {
    const member = fc.constantFrom(...(Object.keys(letter({ joined: [], payload: '' })) as (keyof ReturnType<typeof letter>)[]));

    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(member, fc.jsonValue()), { maxLength: 3 }), async (changes) => {
        fixture.putLetters(LETTERS_KEY, [{ ...letter(), ...Object.fromEntries(changes) }]);
        const letters = await fixture.call('list', '--json');

        expect(letters.lines).toHaveLength(1);
        expect((await fixture.call('show', LETTERS_KEY)).code).toBe(0);
        expect((await fixture.call('replay', '--dry-run', '--json')).lines).not.toHaveLength(0);
      }),
      { numRuns: 15 },
    );
  });
});

test('what a listing prints cannot speak to the terminal', async () => {
  fixture.putLetters(LETTERS_KEY, [letter({ source: '\x1b]0;pwn\x07', reason: 'a\x9b31m\nb' })]);

  const { out } = await fixture.call('list');

  expect(out).toContain('␛]0;pwn␇');
  expect(out.split('\n')).toHaveLength(3);
  expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});
