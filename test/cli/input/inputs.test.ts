import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { CriJoiner } from '../../../cli/input/cri.ts';
import { splitLines } from '../../../cli/input/lines.ts';
import { type InputEvent, readEvents } from '../../../cli/input/read-events.ts';

async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (let k = 0; at < bytes.length; k++) {
    const size = sizes[k % sizes.length] as number;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function linesOf(bytes: Buffer, sizes: readonly number[], max?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of splitLines(chunked(bytes, sizes), max)) lines.push(...batch.map((line) => line.toString('latin1')));
  return lines;
}

describe('lines', () => {
  test('are the same whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'é') })),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        async (parts, sizes) => {
          const text = parts.join('');
          const expected = Buffer.from(text).toString('latin1').split('\n');
          if (expected.at(-1) === '') expected.pop();

          expect(await linesOf(Buffer.from(text), sizes)).toEqual(expected);
        },
      ),
    );
  });

  test('that are too long come in parts, and nothing is lost', async () => {
    const lines = await linesOf(Buffer.from(`${'x'.repeat(100)}\ny\n`), [7], 20);

    expect(lines.join('')).toBe(`${'x'.repeat(100)}y`);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(30);
  });
});

describe("containerd's framing", () => {
  const frame = (tag: string, text: Buffer, stream = 'stdout'): Buffer =>
    Buffer.concat([Buffer.from(`2026-11-21T08:26:53.700017646Z ${stream} ${tag} `), text]);

  test('joins pieces as bytes, per stream, whatever their borders', () => {
    const line = fc.record({
      text: fc.string({ unit: fc.constantFrom('a', 'é', '日', '🚀', ' ') }),
      stream: fc.constantFrom('stdout', 'stderr'),
      cuts: fc.array(fc.nat(40)),
    });
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const joiner = new CriJoiner();
        const found = lines.flatMap(({ text, stream, cuts }) => {
          const bytes = Buffer.from(text);
          const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
          return borders
            .slice(1)
            .map((border, at) => joiner.push(frame(at === borders.length - 2 ? 'F' : 'P', bytes.subarray(borders[at], border), stream)));
        });

        expect(found.filter((joined) => joined !== undefined)).toEqual(
          lines.map(({ text, stream }) => ({ time: '2026-11-21T08:26:53.700017646Z', stream, text })),
        );
        expect(joiner.flush()).toEqual([]);
      }),
    );
  });

  test('keeps streams apart that are interleaved', () => {
    const joiner = new CriJoiner();
    joiner.push(frame('P', Buffer.from('a')));
    joiner.push(frame('P', Buffer.from('1'), 'stderr'));

    expect(joiner.push(frame('F', Buffer.from('b')))).toMatchObject({ stream: 'stdout', text: 'ab' });
    expect(joiner.push(frame('F', Buffer.from('2'), 'stderr'))).toMatchObject({ stream: 'stderr', text: '12' });
  });

  test('gives the pieces whose last one never came, and turns bytes that are no UTF-8 into U+FFFD', () => {
    const joiner = new CriJoiner();
    joiner.push(frame('P', Buffer.from([0x61, 0xff, 0xfe])));

    expect(joiner.flush()).toMatchObject([{ text: 'a\ufffd\ufffd' }]);
    expect(joiner.push(Buffer.from('plain'))).toBe(false);
    expect(joiner.push(Buffer.from('2026-11-21T08:26:53Z stdout F'))).toMatchObject({ text: '' });
  });

  test.each(['2026-13-45T99:99:99Z', '2026-11-21T25:00:00Z', '2026-11-21T08:26:53+99:99'])(
    'a frame whose time %s there is not is no frame: the whole line is the text',
    (time) => {
      expect(new CriJoiner().push(Buffer.from(`${time} stdout F bad`))).toBe(false);
    },
  );
});

describe('an input', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'inputs-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function read(content: string | Buffer, name = 'file.log'): Promise<InputEvent[]> {
    writeFileSync(join(folder, name), content);
    const events: InputEvent[] = [];
    for await (const batch of readEvents(name, { cwd: folder, stdin: Readable.from([]) })) events.push(...batch);
    return events;
  }
  const texts = (events: readonly InputEvent[]): string[] => events.map(({ text }) => text);

  test('may be plain lines, with and without a last line feed, carriage returns or a byte order mark', async () => {
    expect(texts(await read('a\nb\r\n\nc'))).toEqual(['a', 'b', '', 'c']);
    expect(texts(await read('\ufeffa\n'))).toEqual(['a']);
    expect(await read('')).toEqual([]);
  });

  test('may be gzipped under any name, in several members', async () => {
    expect(texts(await read(Buffer.concat([gzipSync('a\nb\n'), gzipSync('c\n')]), 'x.txt'))).toEqual(['a', 'b', 'c']);
  });

  test('may be CloudWatch events as JSON lines', async () => {
    const [event] = await read('{"timestamp":1763700000000,"message":"I1121 x","logStreamName":"kube-scheduler-1","eventId":"1"}\n');

    expect(event).toMatchObject({
      text: 'I1121 x',
      timeMs: 1_763_700_000_000,
      streamName: 'kube-scheduler-1',
      streamKey: 'kube-scheduler-1',
    });
  });

  test.each([
    ['one line', undefined],
    ['pretty-printed', 2],
  ])('may be one object with events, %s', async (_name, indent) => {
    const event = { timestamp: 1_763_700_000_000, message: 'a\nb', logStreamName: 's' };

    expect(texts(await read(JSON.stringify({ events: [event, event], searchedLogStreams: [] }, null, indent)))).toEqual(['a\nb', 'a\nb']);
    expect(
      await read(
        JSON.stringify({ messageType: 'DATA_MESSAGE', logStream: 's', logEvents: [{ id: '1', timestamp: 1, message: 'm' }] }, null, indent),
      ),
    ).toMatchObject([{ text: 'm', streamName: 's' }]);
    expect(texts(await read(JSON.stringify([event], null, indent)))).toEqual(['a\nb']);
  });

  test('that only looks like such an object is read as lines', async () => {
    const text = '{\n  "events": [\n    "no event"\n  ]\n}\n';

    expect(texts(await read(text))).toEqual(text.trimEnd().split('\n'));
  });

  test.each([
    '{"timestamp":1,"message":"m","level":"info"}',
    '{"timestamp":"2026","message":"m"}',
    '{"message":{"a":1},"timestamp":1}',
    '{"timestamp":1,',
  ])("keeps an application's own JSON line: %s", async (line) => {
    expect(texts(await read(`${line}\n`))).toEqual([line]);
  });

  test("opens a collector's records, also inside CloudWatch events", async () => {
    const record = JSON.stringify({
      log: 'line\n',
      stream: 'stderr',
      time: '2026-11-21T08:26:53.7Z',
      kubernetes: { pod_name: 'p', docker_id: '1' },
    });

    expect(await read(`${record}\n${JSON.stringify({ timestamp: 5, message: record, logStreamName: 's' })}\n`)).toMatchObject([
      {
        text: 'line',
        stream: 'stderr',
        time: '2026-11-21T08:26:53.7Z',
        timeMs: Date.UTC(2026, 10, 21, 8, 26, 53, 700),
        kubernetes: '"pod_name":"p","docker_id":"1"',
      },
      { text: 'line', stream: 'stderr' },
    ]);
  });

  test.each([
    ['there is no such file', 'missing.log', undefined],
    ['is a directory', '.', undefined],
    ['the gzip data ends early', 'cut.gz', gzipSync('a'.repeat(5_000)).subarray(0, 30)],
    ['not valid gzip', 'bad.gz', Buffer.from([0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9])],
  ])('that cannot be read says why: %s', async (reason, name, content) => {
    if (content !== undefined) writeFileSync(join(folder, name), content);
    const readAll = async (): Promise<void> => {
      for await (const _batch of readEvents(name, { cwd: folder, stdin: Readable.from([]) }));
    };

    await expect(readAll()).rejects.toThrow(reason);
  });
});
