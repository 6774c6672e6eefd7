import { existsSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ASYNC_KEY, asyncRecord, Fixture, KLOG, LETTERS_KEY, letter, NOW, payload, STREAM_KEY, streamRecord } from './fixture.ts';

let fixture: Fixture;
let server: Server;
let endpoint: string;
/** `<index>/<_id>` and the source line, as the engine got them. */
let stored: Map<string, string>;
let answerOf: (source: string) => object | undefined;

beforeEach(async () => {
  fixture = new Fixture();
  stored = new Map();
  answerOf = () => undefined;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const lines = body.trimEnd().split('\n');
      const items = [];
      for (let line = 0; line < lines.length; line += 2) {
        const action = JSON.parse(lines[line] ?? '') as { [name: string]: { _index: string; _id: string } };
        const { _index, _id } = action['create'] ?? action['index'] ?? { _index: '', _id: '' };
        const name = `${_index}/${_id}`;
        const source = lines[line + 1] ?? '';
        const answer = answerOf(source);
        items.push({ create: answer ?? { status: stored.has(name) ? 409 : 201 } });
        if (!answer) stored.set(name, source);
      }
      response.end(JSON.stringify({ errors: false, items }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  rmSync(fixture.folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a letter is indexed under the same index and _id as when it failed, redacted, and its object moves', async () => {
  fixture.putLetters(LETTERS_KEY, [letter()]);

  const { code, out } = await fixture.call('replay', '--endpoint', endpoint);

  expect(out).toContain('indexed 1');
  expect(code).toBe(0);
  const { index, documentId } = letter();
  expect([...stored.keys()]).toEqual([`${index}/${documentId}`]);
  expect([...stored.values()].join()).not.toContain('hunter2');
  expect(existsSync(fixture.path(LETTERS_KEY))).toBe(false);
  expect(existsSync(fixture.path(`replayed/${LETTERS_KEY}`))).toBe(true);
});

test('what Lambda gave up on is replayed too, and repeating it makes nothing twice', async () => {
  fixture.put(ASYNC_KEY, asyncRecord([KLOG, KLOG]));
  fixture.put(STREAM_KEY, streamRecord([payload([KLOG, KLOG, KLOG])]));

  const { code, lines } = await fixture.call('replay', '--endpoint', endpoint, '--json');

  expect(code).toBe(0);
  // Two events of both records are the same events: the second time they are duplicates.
  expect(lines.map(({ outcome }) => outcome).sort()).toEqual(['duplicate', 'duplicate', 'indexed', 'indexed', 'indexed']);
  expect(stored.size).toBe(3);
});

test('joined lines are one document again', async () => {
  const joined = [{ id: '2', timestamp: NOW - 59_000, message: '  goroutine 1 [running]:' }];
  fixture.putLetters(LETTERS_KEY, [letter({ joined })]);

  await fixture.call('replay', '--endpoint', endpoint);

  expect(stored.size).toBe(1);
  expect([...stored.values()][0]).toContain('goroutine 1');
});

test('a dry run sends nothing and moves nothing', async () => {
  fixture.putLetters(LETTERS_KEY, [letter()]);

  const { code, out } = await fixture.call('replay', '--dry-run');

  expect({ code, out }).toEqual({ code: 0, out: 'would index 1 documents, 0 are excluded now; nothing was sent or moved\n' });
  expect(stored.size).toBe(0);
  expect(existsSync(fixture.path(LETTERS_KEY))).toBe(true);
});

test('an object with one letter that fails again stays where it is, and the answer is 1', async () => {
  fixture.putLetters(LETTERS_KEY, [letter(), letter({ id: '2', message: 'I1121 08:59:00.000000       1 a.go:1] "still bad"' })]);
  answerOf = (source) => (source.includes('still bad') ? { status: 400, error: { type: 'mapper_parsing_exception' } } : undefined);

  const { code, out } = await fixture.call('replay', '--endpoint', endpoint);

  expect(code).toBe(1);
  expect(out).toContain('1 failed again (1 mapper-parsing)');
  expect(existsSync(fixture.path(LETTERS_KEY))).toBe(true);
  answerOf = () => undefined;
  expect((await fixture.call('replay', '--endpoint', endpoint)).code).toBe(0);
  expect(stored.size).toBe(2);
});

test('a filter that leaves out a letter leaves its object in place', async () => {
  fixture.putLetters(LETTERS_KEY, [letter(), letter({ id: '2', reason: 'index-read-only' })]);

  const { code, lines } = await fixture.call('replay', '--endpoint', endpoint, '--reason', 'index-read-only', '--json');

  expect(code).toBe(0);
  expect(lines).toMatchObject([{ id: `${LETTERS_KEY}#2`, outcome: 'indexed' }]);
  expect(existsSync(fixture.path(LETTERS_KEY))).toBe(true);
});

test('a single id replays only that', async () => {
  fixture.putLetters(LETTERS_KEY, [letter(), letter({ id: '2' })]);

  await fixture.call('replay', `${LETTERS_KEY}#2`, '--endpoint', endpoint);

  expect(stored.size).toBe(1);
});

test('an event whose time was a year off then still is, however late the replay', async () => {
  fixture.putLetters(LETTERS_KEY, [letter({ reason: 'time-out-of-bounds', timestamp: NOW - 365 * 86_400_000 })]);

  const { code, lines } = await fixture.call('replay', '--endpoint', endpoint, '--json');

  expect(code).toBe(1);
  expect(lines).toMatchObject([{ outcome: 'failed', reason: 'time-out-of-bounds' }]);
});

test('a payload that still cannot be opened, and a log group of no source, fail with that reason', async () => {
  fixture.putLetters(LETTERS_KEY, [letter({ reason: 'bad-gzip', payload: 'AAAA', message: '' }), letter({ logGroup: '/somebody/elses' })]);

  const { code, lines } = await fixture.call('replay', '--endpoint', endpoint, '--json');

  expect(code).toBe(1);
  expect(lines.map(({ reason }) => reason)).toEqual(['bad-gzip', 'unknown-log-group']);
});

test('a payload that can be opened since the mend is indexed', async () => {
  fixture.putLetters(LETTERS_KEY, [letter({ reason: 'bad-gzip', payload: payload([KLOG]), message: '' })]);

  expect(await fixture.call('replay', '--endpoint', endpoint)).toMatchObject({ code: 0 });
  expect(stored.size).toBe(1);
});

test('an object that cannot be moved is named, and the others go on', async () => {
  const second = LETTERS_KEY.replace('-ab.', '-cd.');
  fixture.putLetters(LETTERS_KEY, [letter()]);
  fixture.putLetters(second, [letter({ id: '2' })]);
  // Where the first should go there is a file in the way of its folder.
  fixture.put(`replayed/${LETTERS_KEY}/in-the-way`, 'x');

  const { code, err } = await fixture.call('replay', '--endpoint', endpoint);

  expect(code).toBe(1);
  expect(err).toContain(`${LETTERS_KEY} is done but could not be moved`);
  expect(existsSync(fixture.path(`replayed/${second}`))).toBe(true);
});

test('a name that is not there answers 1', async () => {
  expect(await fixture.call('replay', 'dead-letters/nothing', '--endpoint', endpoint)).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no'),
  });
});

test('without an engine to send to, that is said before anything happens', async () => {
  fixture.putLetters(LETTERS_KEY, [letter()]);

  await expect(fixture.call('replay')).rejects.toThrow('names no OpenSearch');
});
