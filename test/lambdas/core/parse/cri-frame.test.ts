import fc from 'fast-check';
import { openContainerRecord } from '../../../../lambdas/core/parse/container-record.ts';
import { openCriFrame } from '../../../../lambdas/core/parse/cri-frame.ts';

const TIME = '2026-11-21T08:27:04.523948043Z';

test.each([
  [`${TIME} stdout F hello  world`, { time: TIME, stream: 'stdout', isPart: false, text: 'hello  world' }],
  [`${TIME} stderr P hel`, { time: TIME, stream: 'stderr', isPart: true, text: 'hel' }],
  [`${TIME} stdout F`, { time: TIME, stream: 'stdout', isPart: false, text: '' }],
  [`${TIME} stdout F:tag a\nb`, { time: TIME, stream: 'stdout', isPart: false, text: 'a\nb' }],
  ['2026-11-21T10:27:04+02:00 stdout F x', { time: '2026-11-21T10:27:04+02:00', stream: 'stdout', isPart: false, text: 'x' }],
])('%j has the frame of a runtime', (line, frame) => {
  expect(openCriFrame(line)).toEqual(frame);
});

test.each([
  ['2022-02-09T06:34:28.587 | INFO | a'],
  [`${TIME} INFO stdout F x`],
  [`${TIME} stdout X x`],
  [`${TIME} stdout  F x`],
  [`${TIME}stdout F x`],
  ['stdout F x'],
  [''],
])('%j has not', (line) => {
  expect(openCriFrame(line)).toBeUndefined();
});

test('whatever a container prints, its frame comes off and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('stdout', 'stderr'), fc.boolean(), (text, stream, isPart) => {
      expect(openCriFrame(`${TIME} ${stream} ${isPart ? 'P' : 'F'} ${text}`)).toEqual({ time: TIME, stream, isPart, text });
    }),
  );
});

describe('a record says that it is a piece', () => {
  const kubernetes = { pod_name: 'web-1', namespace_name: 'team-a', container_name: 'web', docker_id: 'c1' };
  const pieceOf = (members: object) => openContainerRecord(JSON.stringify({ log: 'x', stream: 'stdout', ...members, kubernetes }))?.piece;

  test.each([
    ['by logtag', { logtag: 'P' }, { id: '', isLast: false }],
    ['whole by logtag', { logtag: 'F' }, undefined],
    ['not by _p: Fluent Bit leaves the first piece’s on the joined line', { _p: 'P' }, undefined],
    ['not by logtag where it is longer than a piece', { logtag: 'P', log: 'x'.repeat(16_385) }, undefined],
    ['by partial_message', { partial_message: 'true', partial_id: 'a', partial_last: 'false' }, { id: 'a', isLast: false }],
    ['the last one', { partial_message: 'true', partial_id: 'a', partial_last: 'true' }, { id: 'a', isLast: true }],
    ['without an id', { partial_message: true }, { id: 'docker', isLast: false }],
    ['no piece', { partial_message: 'false' }, undefined],
  ])('%s', (_name, members, piece) => {
    expect(pieceOf(members)).toEqual(piece);
  });

  test('also where many whole lines of the same container came before', () => {
    const tagged = (logtag: string, log: string) => JSON.stringify({ time: TIME, stream: 'stdout', logtag, log, kubernetes });
    const behind = (logtag: string, log: string) => JSON.stringify({ log, stream: 'stdout', logtag, time: TIME, kubernetes });
    for (const write of [tagged, behind]) {
      for (let i = 0; i < 5; i++)
        expect(openContainerRecord(write('F', `line ${i}`))).toMatchObject({ log: `line ${i}`, piece: undefined });
      expect(openContainerRecord(write('P', 'cut'))).toMatchObject({ log: 'cut', time: TIME, piece: { id: '', isLast: false } });
      expect(openContainerRecord(write('F', 'rest'))).toMatchObject({ log: 'rest', piece: undefined });
    }
  });

  test('inside `log`, where a collector has no parser for the frame', () => {
    expect(openContainerRecord(JSON.stringify({ log: `${TIME} stderr P x`, kubernetes }))).toMatchObject({
      ...{ log: 'x', stream: 'stderr', time: TIME, containerId: 'c1', piece: { id: '', isLast: false } },
    });
    expect(openContainerRecord(JSON.stringify({ log: `${TIME} stderr F x` }))).toMatchObject({
      log: 'x',
      stream: 'stderr',
      piece: undefined,
    });
  });
});
