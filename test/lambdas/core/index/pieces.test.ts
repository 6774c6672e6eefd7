import fc from 'fast-check';
import { CriJoiner } from '../../../../cli/input/cri.ts';
import { imbalance } from '../../../../lambdas/core/delivery/counts.ts';
import { APPLICATION, application, documents, NOW, RULES, run, sampleLines } from './transform-support.ts';

const KUBERNETES = { pod_name: 'web-1', namespace_name: 'team-a', container_name: 'web', docker_id: 'c1' };
const FRAME = /^(\S+) (stdout|stderr) ([FP]) /;

/** Ways in which lines reach CloudWatch with their pieces apart. */
const WRAPS: { readonly [name: string]: (line: string) => string } = {
  'raw lines of the runtime': (line) => line,
  'raw lines inside `log`': (line) => JSON.stringify({ log: line, kubernetes: KUBERNETES }),
  'records with logtag': (line) => {
    const [frame, time, stream, logtag] = FRAME.exec(line) as unknown as string[];
    return JSON.stringify({ time, stream, logtag, log: line.slice((frame as string).length), kubernetes: KUBERNETES });
  },
};

function deliver(messages: readonly string[], format: string) {
  const rules = {
    ...RULES,
    sources: RULES.sources.map((rule) => ({ ...rule, format })),
    applications: [application({ name: 'checkout', match: { container: 'web' }, format })],
  };
  const events = messages.map((message, at) => ({ id: `id${at}`, timestamp: NOW - 60_000, message }));
  const bulk = run({ logGroup: APPLICATION, logStream: 'node', events }, rules);
  expect(imbalance({ ...bulk.counts, indexed: bulk.documents.length, deadLettered: bulk.rejected.length })).toBe(0);
  return bulk;
}

describe.each([
  ['cdro', 'pipe'],
  ['checkout', 'json'],
  ['orders', 'java'],
])('the recorded %s', (name, format) => {
  const lines = sampleLines('containers', name);
  const joiner = new CriJoiner();
  const whole = lines.flatMap((line) => {
    const joined = joiner.push(Buffer.from(line));
    return joined === undefined || joined === false ? [] : [joined];
  });
  const wanted = documents(
    deliver(
      whole.map(({ time, stream, text }) => JSON.stringify({ time, stream, _p: 'F', log: text, kubernetes: KUBERNETES })),
      format,
    ),
  ).map(({ document }) => document['message']);

  test.each(Object.keys(WRAPS))('gives the same records from %s', (way) => {
    const bulk = deliver(lines.map(WRAPS[way] as (line: string) => string), format);

    expect(whole.length).toBeLessThan(lines.length);
    expect(documents(bulk).map(({ document }) => document['message'])).toEqual(wanted);
    expect(bulk.counts.joined).toBe(lines.length - wanted.length);
  });
});

test('a line has the time of its first piece, and pieces of two streams may be interleaved', () => {
  const at = (second: number, rest: string) => `2026-11-21T08:39:0${second}.000000001Z ${rest}`;
  const bulk = deliver([at(1, 'stdout P one '), at(2, 'stderr P three '), at(3, 'stdout F two'), at(4, 'stderr F four')], 'text');

  expect(documents(bulk).map(({ document }) => [document['@timestamp'], document['message']])).toEqual([
    ['2026-11-21T08:39:01.000000001Z', 'one two'],
    ['2026-11-21T08:39:02.000000001Z', 'three four'],
  ]);
  expect(bulk.documents.map(({ event, joined, joinedEvents }) => [event, joined, joinedEvents])).toEqual([
    [0, 1, [2]],
    [1, 1, [3]],
  ]);
});

test('pieces of two lines are told apart by their id, and one whose rest does not come is kept', () => {
  const piece = (id: string, log: string, isLast: boolean) =>
    JSON.stringify({
      log,
      stream: 'stdout',
      partial_message: 'true',
      partial_id: id,
      partial_last: String(isLast),
      kubernetes: KUBERNETES,
    });
  const bulk = deliver([piece('a', '1', false), piece('b', '2', false), piece('b', '3', true), piece('c', '4', false)], 'text');

  expect(documents(bulk).map(({ document }) => document['message'])).toEqual(['1', '23', '4']);
});

test('whatever the pieces are and wherever a payload ends, no piece is lost and every event is accounted for', () => {
  const line = fc.record({
    text: fc.stringMatching(/^[a-z|]{0,9}$/),
    tag: fc.constantFrom('P', 'F'),
    stream: fc.constantFrom('stdout', 'stderr'),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), fc.constantFrom('text', 'auto', 'pipe', 'java'), (lines, format) => {
      const bulk = deliver(
        lines.map(({ text, tag, stream }) => `2026-11-21T08:39:00.000000001Z ${stream} ${tag} ${text}`),
        format,
      );
      const messages = documents(bulk).map(({ document }) => `${document['message']}`.replaceAll('\n', ''));

      const length = (all: readonly string[]): number => all.reduce((sum, text) => sum + text.length, 0);
      expect(length(messages)).toBe(length(lines.map(({ text }) => text)));
    }),
  );
});
