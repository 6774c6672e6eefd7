import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { openSubscription, type Subscription } from '../../../lambdas/events/subscription.ts';

const HEADER = {
  messageType: 'DATA_MESSAGE',
  owner: '111122223333',
  logGroup: '/aws/eks/prod/cluster',
  logStream: 'kube-apiserver-0123',
  subscriptionFilters: ['f'],
};
const EVENT = { id: '39493847293847293847', timestamp: 1_763_700_000_000, message: 'I1121 08:23:24.123456 1 a.go:1] "x"' };

const open = (text: string | Buffer, isOfLines: boolean): Subscription => openSubscription(gzipSync(text), () => isOfLines);

/** The same without bytes: what a caller sees of a payload however it was opened. */
function seen(opened: Subscription): unknown {
  if (opened.kind !== 'data') return opened;
  const { owner, logGroup, logStream, events } = opened.batch;
  return { kind: 'data', owner, logGroup, logStream, events };
}

const isOpenedAsBytes = (text: string): boolean => {
  const opened = open(text, true);
  return opened.kind === 'data' && opened.batch.bytes !== undefined;
};

test('a payload as CloudWatch writes it is opened as bytes, and its events are those of the JSON', () => {
  const text = JSON.stringify({ ...HEADER, logEvents: [EVENT, { ...EVENT, message: '' }, { ...EVENT, message: 'a\\b\n\u0000"日本😀' }] });

  expect(isOpenedAsBytes(text)).toBe(true);
  expect(seen(open(text, true))).toEqual(seen(open(text, false)));
});

test.each([
  ['no events', JSON.stringify({ ...HEADER, logEvents: [] })],
  ['members in another order', JSON.stringify({ ...HEADER, logEvents: [{ timestamp: 1, id: '1', message: '' }] })],
  ['a further member', JSON.stringify({ ...HEADER, logEvents: [{ ...EVENT, extractedFields: {} }] })],
  ['no message', JSON.stringify({ ...HEADER, logEvents: [{ id: '1', timestamp: 1 }] })],
  ['blanks between members', JSON.stringify({ ...HEADER, logEvents: [EVENT] }, null, 1)],
  ['events before the header', JSON.stringify({ logEvents: [EVENT], ...HEADER })],
  ['events twice', JSON.stringify({ ...HEADER, logEvents: [EVENT] }).replace(/}$/, ',"logEvents":[]}')],
  ['a time with a fraction', JSON.stringify({ ...HEADER, logEvents: [{ ...EVENT, timestamp: 1.5 }] })],
  ['a time with a zero in front', JSON.stringify({ ...HEADER, logEvents: [EVENT] }).replace('17637', '07637')],
  ['a negative time', JSON.stringify({ ...HEADER, logEvents: [{ ...EVENT, timestamp: -1 }] })],
  ['fields of the system', JSON.stringify({ ...HEADER, logEvents: [{ ...EVENT, message: '{"@aws.account":"111122223333","a":1}' }] })],
  ['a control message', JSON.stringify({ ...HEADER, messageType: 'CONTROL_MESSAGE', logEvents: [EVENT] })],
  ['text behind the end', `${JSON.stringify({ ...HEADER, logEvents: [EVENT] })}x`],
  ['a raw line break in a message', JSON.stringify({ ...HEADER, logEvents: [EVENT] }).replace('a.go', 'a\ngo')],
  ['an escape that JSON does not have', JSON.stringify({ ...HEADER, logEvents: [EVENT] }).replace('a.go', '\\x00')],
  ['half of an escape', JSON.stringify({ ...HEADER, logEvents: [EVENT] }).replace('a.go', '\\u00g0')],
])('%s: opened as text, with the same answer as ever', (_what, text) => {
  expect(isOpenedAsBytes(text)).toBe(false);
  expect(seen(open(text, true))).toEqual(seen(open(text, false)));
});

test('whatever is in the events, and wherever a payload is cut or changed, the answer is the one that JSON.parse leads to', () => {
  const event = fc.record({
    id: fc.string({ unit: 'binary', maxLength: 8 }),
    timestamp: fc.nat(),
    message: fc.string({ unit: 'binary', maxLength: 60 }),
  });
  const damage = fc.option(
    fc.record({ at: fc.nat(), remove: fc.nat(3), insert: fc.constantFrom('', '"', '\\', '}', ',', '\u0001', '0', 'é') }),
  );
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 6 }), damage, fc.boolean(), (logEvents, change, isCut) => {
      let text = JSON.stringify({ ...HEADER, logEvents });
      if (change !== null) {
        const at = change.at % text.length;
        text = isCut ? text.slice(0, at) : text.slice(0, at) + change.insert + text.slice(at + change.remove);
      }
      expect(seen(open(text, true))).toEqual(seen(open(text, false)));
    }),
    { numRuns: 1_000 },
  );
});

test('bytes that are no UTF-8 become the same replacement characters', () => {
  const bytes = Buffer.from(JSON.stringify({ ...HEADER, logEvents: [EVENT, EVENT] }));
  bytes[bytes.indexOf('a.go')] = 0xff;
  bytes[bytes.lastIndexOf('a.go')] = 0xc3;

  expect(seen(open(bytes, true))).toEqual(seen(open(bytes, false)));
});
