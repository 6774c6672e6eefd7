import { configWith } from '../lib/config/texts.ts';
import { describeWithFluentBit } from './describe.ts';
import { cri, fileName, messages, runWith } from './world.ts';

describeWithFluentBit('expressions on the node', () => {
  const EXPRESSIONS = [
    '^a+$',
    '[^a-c]{3}',
    '\\bfoo\\b',
    '(?<x>a)(?=b)',
    '^/healthz',
    '"k": ?"v"',
    '\\$\\{x\\}|\\\\',
    'é|日',
    '(?<!x)yz',
    '^\\s*$',
    '\\u00e9',
    '^(?<a>.)\\k<a>',
    '# comment',
    ' #',
    '^/x/$',
    ' $',
  ];
  const LINES = [
    'a # comment',
    '/x/',
    'trail ',
    'aaa',
    'abc',
    'xyz',
    'a foo b',
    'food',
    'ab',
    '/healthz',
    ' /healthz',
    '{"k": "v"}',
    'a\\b',
    'é',
    '日本',
    'ayz',
    ' ',
  ];
  const config = configWith({
    applications: EXPRESSIONS.map((regex, index) => ({
      name: `r${index}`,
      match: { namespace: `n${index}` },
      collect: { exclude: [{ regex: regex.replace('\\$\\{', '[$]\\{') }] },
    })),
  });

  test('drop the same lines as in JavaScript', async () => {
    const files = Object.fromEntries(EXPRESSIONS.map((_, index) => [fileName('pod', `n${index}`, 'main', index.toString(16)), cri(LINES)]));
    const world = await runWith(
      config,
      files,
      {},
      ({ aws }) => aws.events.filter(({ group }) => group.endsWith('application')).length >= 100,
    );

    for (const [index, regex] of EXPRESSIONS.entries()) {
      const kept = messages(world, `_n${index}_main-`).map(({ log }) => log);
      expect([regex, kept]).toEqual([regex, LINES.filter((line) => !new RegExp(regex).test(line))]);
    }
  }, 60_000);
});
