import fc from 'fast-check';
import {
  type DeadLetter,
  deadLetterKey,
  formatDeadLetters,
  parseDeadLetterKey,
  parseDeadLetters,
} from '../../../../lambdas/core/delivery/dead-letter.ts';

const NOW = Date.UTC(2026, 10, 21, 8, 30);
const letter = (message: string): DeadLetter => ({
  version: 1,
  reason: 'mapper-parsing',
  source: 'prod-application',
  function: 'eks-telemetry-prod-log-indexer',
  account: '111122223333',
  region: 'us-east-1',
  logGroup: '/aws/containerinsights/prod/application',
  logStream: 'web-1',
  id: '1',
  timestamp: NOW,
  message,
  deadLetteredAt: NOW,
});

test('the key says source and hour, sorts by time and is the same for the same payload', () => {
  const parts = { source: 'prod-application', function: 'log-indexer', timeMs: NOW, payloadHash: 'ab'.repeat(32) };

  expect(deadLetterKey(parts)).toBe(
    'dead-letters/source=prod-application/dt=2026-11-21/hr=08/log-indexer-20261121T083000000Z-abababababababababababab.ndjson.gz',
  );
  expect(deadLetterKey(parts)).toBe(deadLetterKey({ ...parts }));
});

test('names that S3 would need escaping for are made plain, and a hostile time stays a date', () => {
  const key = deadLetterKey({ source: 'a/b c', function: 'f', timeMs: 9e15, payloadHash: '00' });

  expect(key).toMatch(/^dead-letters\/source=a_b_c\/dt=9999-12-31\/hr=23\//);
});

test('a payload without a time has a key all the same', () => {
  expect(deadLetterKey({ source: 's', function: 'f', timeMs: Number.NaN, payloadHash: 'ff' })).toMatch(/\/dt=1970-01-01\/hr=00\//);
});

test('source and hour are read back from a key, also of a replayed object', () => {
  const key = deadLetterKey({ source: 's', function: 'f', timeMs: NOW, payloadHash: 'ff' });

  expect(parseDeadLetterKey(key)).toEqual({ source: 's', hourMs: Date.UTC(2026, 10, 21, 8) });
  expect(parseDeadLetterKey(`replayed/${key}`)).toEqual({ source: 's', hourMs: Date.UTC(2026, 10, 21, 8) });
  expect(parseDeadLetterKey('aws/lambda/async/f/2026/11/21/x')).toBeUndefined();
});

test('any text survives, line breaks, NUL and lone surrogates included', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom('\n', '\0', '\ud800')) }),
      ),
      (texts) => {
        const letters = texts.map(letter);
        expect(parseDeadLetters(formatDeadLetters(letters))).toEqual(letters);
      },
    ),
  );
});

test('a line that is no dead letter keeps its place', () => {
  expect(parseDeadLetters(`nonsense\n${formatDeadLetters([letter('x')])}{"version":2}\n`)).toEqual([undefined, letter('x'), undefined]);
});
