import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { batches } from '../../../local/feed/batcher.ts';
import { cutToBytes, MAX_BATCH_BYTES, MAX_EVENT_BYTES, MAX_PAYLOAD_BYTES } from '../../../local/logs/limits.ts';
import { type InputEvent, LogGroup } from '../../../local/logs/log-group.ts';
import { packPayloads } from '../../../local/logs/payload.ts';

const NOW = Date.parse('2026-11-21T08:00:00Z');
const DAY = 86_400_000;
const at = (timestamp: number, message = 'm'): InputEvent => ({ timestamp, message });

describe('a log group', () => {
  test('gives the same event the same id in every run, and equal lines different ones', () => {
    const ids = (): string[] => new LogGroup('/app').put('s', [at(NOW, 'x'), at(NOW, 'x')], NOW).events.map(({ id }) => id);

    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(2);
    for (const id of ids()) expect(id).toMatch(/^\d{56}$/);
  });

  test('ids sort by time', () => {
    const { events } = new LogGroup('/app').put('s', [at(NOW - 1000), at(NOW)], NOW);

    expect(events[0] && events[1] && events[0].id < events[1].id).toBe(true);
  });

  test.each<[string, number, { tooOld: number; tooNew: number }]>([
    ['14 days old is taken', NOW - 14 * DAY, { tooOld: 0, tooNew: 0 }],
    ['older is left out', NOW - 14 * DAY - 1, { tooOld: 1, tooNew: 0 }],
    ['2 hours ahead is taken', NOW + 7_200_000, { tooOld: 0, tooNew: 0 }],
    ['later is left out', NOW + 7_200_001, { tooOld: 0, tooNew: 1 }],
  ])('%s', (_title, timestamp, expected) => {
    expect(new LogGroup('/app').put('s', [at(timestamp)], NOW)).toMatchObject(expected);
  });

  test.each<[string, InputEvent[], string]>([
    ['an empty batch', [], '1 to 10000 events'],
    ['an event without text', [at(NOW, '')], 'no text'],
    ['an event over 1 MB', [at(NOW, 'x'.repeat(MAX_EVENT_BYTES + 1))], 'at most'],
    ['times out of order', [at(NOW), at(NOW - 1)], 'order of their time'],
    ['more than 24 hours', [at(NOW - DAY - 1), at(NOW)], '24 hours'],
    ['more than 1 MB together', [at(NOW, 'x'.repeat(600_000)), at(NOW, 'x'.repeat(600_000))], 'a batch has at most'],
  ])('%s is refused as a whole', (_title, batch, message) => {
    expect(() => new LogGroup('/app').put('s', batch, NOW)).toThrow(message);
  });
});

test('an agent makes only batches that PutLogEvents takes, and loses no event', async () => {
  const event = fc.record({
    timestamp: fc.integer({ min: NOW, max: NOW + 3 * DAY }),
    message: fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.integer({ min: 1, max: 3 }).map((size) => 'é'.repeat(size * 200_000)),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
      const group = new LogGroup('/app');
      let put = 0;
      let empty = 0;
      for await (const batch of batches(events)) {
        if (batch.events.length > 0) put += group.put('s', batch.events, batch.sendAtMs).events.length;
        empty += batch.empty;
      }
      expect(put + empty).toBe(events.length);
      expect(empty).toBe(events.filter(({ message }) => message === '').length);
    }),
    { numRuns: 40 },
  );
});

test('lines of one time stay together when a batch is sorted', async () => {
  const lines = [at(NOW + 9, 'x'), at(NOW + 3, 'head'), at(NOW + 3, ' rest'), at(NOW + 9, 'y')];
  const { value: batch } = await batches(lines).next();

  expect(batch?.events.map(({ message }: InputEvent) => message)).toEqual(['head', ' rest', 'x', 'y']);
});

test('a text is cut inside no character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40 }), (text, bytes) => {
      const cut = cutToBytes(text, bytes);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
      expect(text.startsWith(cut)).toBe(true);
      expect(Buffer.byteLength(text) - Buffer.byteLength(cut) === 0 || Buffer.byteLength(cut) > bytes - 4).toBe(true);
    }),
  );
});

describe('subscription payloads', () => {
  const origin = { owner: '111122223333', logGroup: '/app', logStream: 's', subscriptionFilter: 'all' };

  test('hold the documented envelope', () => {
    const [payload] = packPayloads(origin, [{ id: '1', timestamp: NOW, message: 'hello' }]);

    expect(JSON.parse(gunzipSync(payload?.data ?? '').toString('utf8'))).toEqual({
      messageType: 'DATA_MESSAGE',
      owner: '111122223333',
      logGroup: '/app',
      logStream: 's',
      subscriptionFilters: ['all'],
      logEvents: [{ id: '1', timestamp: NOW, message: 'hello' }],
    });
  });

  test('stay under the size that CloudWatch sends, in order, with nothing left out', () => {
    const random = (length: number): string => Array.from({ length }, () => Math.random().toString(36).slice(2)).join('');
    const events = Array.from({ length: 60 }, (_unused, n) => ({ id: String(n), timestamp: NOW, message: random(2_000) }));

    const payloads = packPayloads(origin, events);

    expect(payloads.length).toBeGreaterThan(1);
    expect(Math.max(...payloads.map(({ data }) => data.length))).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
    const ids = payloads.flatMap(({ data }) =>
      JSON.parse(gunzipSync(data).toString('utf8')).logEvents.map((event: { id: string }) => event.id),
    );
    expect(ids).toEqual(events.map(({ id }) => id));
  });

  test('no events, no payload', () => {
    expect(packPayloads(origin, [])).toEqual([]);
  });
});

test('the limits are CloudWatch Logs own', () => {
  expect([MAX_BATCH_BYTES, MAX_EVENT_BYTES]).toEqual([1_048_576, 1_048_550]);
});
