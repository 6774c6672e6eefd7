import { problemsWith, warningsWith } from '../texts.ts';

const files = (...paths: string[]) => ({ collection: { files: paths.map((path, index) => ({ name: `f${index}`, paths: [path] })) } });
const AT = 'collection.files[0].paths[0]';
const problems = (...paths: string[]) => problemsWith(files(...paths));
const warnings = (...paths: string[]) => warningsWith(files(...paths)).filter((text) => text.startsWith('collection.files'));

test.each([
  ['/app.log', '/bin'],
  ['/*/app.log', '/bin'],
  ['/tmp/app.log', '/tmp'],
  ['/etc/app.log', '/etc/pki'],
  ['/usr/lib/*.log', '/usr/lib'],
  ['/var/app.log', '/var/run/secrets'],
  ['/var/fluent-bit/state/x', '/var/fluent-bit/state'],
  ['/fluent-bit/x.log', '/fluent-bit'],
])('%s is refused: its folder would hide %s of the pod', (path, hidden) => {
  expect(problems(path)).toEqual([expect.stringMatching(new RegExp(`^${AT.replaceAll(/[[\]]/g, '\\$&')}: .*hides ${hidden}:`))]);
});

test.each([
  '/opt/app/*.log',
  '/etc/app/x.log',
  '/var/lib/app/x.log',
  '/srv/app.log',
  '/tmp/app/x.log',
  '/home/app/x.log',
  '/config/x.log',
  '/var/log/x.log',
])('%s may be read', (path) => {
  expect([...problems(path), ...warnings(path)]).toEqual([]);
});

test('with the add-on nothing is mounted, so nothing is hidden', () => {
  expect(problemsWith({ collection: { logs: 'addon', ...files('/etc/app.log').collection } })).toEqual([]);
});

test.each(['/var/log/containers/x.log', '/var/log/pods/*/x.log', '/var/log/journal/x', '/run/log/journal/y'])(
  '%s is read already',
  (path) => {
    expect(problems(path)).toEqual([expect.stringContaining(AT)]);
  },
);

test.each(['/var/log/messages', '/var/log/secure', '/var/log/dmesg'])('%s is not there on today’s nodes, which gets a word', (path) => {
  expect(warnings(path)).toEqual([expect.stringMatching(/Amazon Linux 2023 and Bottlerocket have no such file/)]);
});

test.each([
  ['the same file', '/opt/a/x.log', '/opt/a/x.log'],
  ['a pattern that holds it', '/opt/a/x.log', '/opt/a/*.log'],
  ['a file of the pattern before', '/opt/*.log', '/opt/x.log'],
])('two entries that read %s get a word', (_name, first, second) => {
  expect(warnings(first, second)).toEqual([
    expect.stringMatching(/^collection\.files\[1\]\.paths\[0\]: the entry f0 reads such files too/),
  ]);
  expect(warnings('/opt/a/x.log', '/opt/b/x.log')).toEqual([]);
});
