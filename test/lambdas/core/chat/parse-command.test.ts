import { parseCommand } from '../../../../lambdas/core/chat/parse-command.ts';

const HOUR = 3_600_000;
const parsed = (text: string): unknown => {
  const result = parseCommand(text);
  return result.ok ? result.command : result.problem;
};

test.each<[string, object]>([
  ['', { name: 'help', topic: '' }],
  ['  PING ', { name: 'ping' }],
  ['help run', { name: 'help', topic: 'run' }],
  ['list node ready', { name: 'list', text: 'node ready' }],
  ['run events/oom-kills', { name: 'run', query: 'events/oom-kills', values: {}, isShared: false }],
  [
    'run q namespace=team-a text="two words" since=15m until=5m cluster=prod limit=20 share',
    {
      name: 'run',
      query: 'q',
      values: { namespace: 'team-a', text: 'two words' },
      since: '15m',
      until: '5m',
      cluster: 'prod',
      limit: 20,
      isShared: true,
    },
  ],
  // What Slack makes of quotes, hosts, names and signs.
  ['run q text=“two words” ', { name: 'run', query: 'q', values: { text: 'two words' }, isShared: false }],
  [
    'run q text="a &lt;b&gt; &amp;amp; c" host=<http://api.example.com|api.example.com>',
    { name: 'run', query: 'q', values: { text: 'a <b> &amp; c', host: 'api.example.com' }, isShared: false },
  ],
  ['run q user=<@U0123ABCD|kim>', { name: 'run', query: 'q', values: { user: 'U0123ABCD' }, isShared: false }],
  ['run q text="say \\"hi\\" \\\\ there"', { name: 'run', query: 'q', values: { text: 'say "hi" \\ there' }, isShared: false }],
  ['run', { code: 'no-query' }],
  ['run q stray', { code: 'unknown-word', word: 'stray' }],
  ['run q limit=0', { code: 'bad-limit', word: '0' }],
  ['run q limit=1e3', { code: 'bad-limit', word: '1e3' }],
  [
    'logs checkout timed out level=error ns=prod',
    { name: 'logs', object: 'checkout', text: 'timed out', level: 'error', namespace: 'prod', isShared: false },
  ],
  ['events web- reason=BackOff', { name: 'events', object: 'web-', reason: 'BackOff', isShared: false }],
  ['pods ns=team-a since=2h', { name: 'pods', namespace: 'team-a', since: '2h', isShared: false }],
  ['pods a b', { code: 'unknown-word', word: 'b' }],
  ['pods reason=x', { code: 'unknown-option', word: 'reason' }],
  ['top', { name: 'top', what: 'pods', by: 'cpu', isShared: false }],
  ['top node memory', { name: 'top', what: 'nodes', by: 'memory', isShared: false }],
  ['top disks', { code: 'bad-top', word: 'disks' }],
  ['silence', { code: 'no-matcher' }],
  ['silence pods-oom', { name: 'silence', matchers: [{ label: 'alertname', op: '=', value: 'pods-oom' }], spanMs: HOUR, reason: '' }],
  [
    'silence alertname="pods oom" namespace=~"dev-.*" for=4h we are on it, it’s known',
    {
      name: 'silence',
      matchers: [
        { label: 'alertname', op: '=', value: 'pods oom' },
        { label: 'namespace', op: '=~', value: 'dev-.*' },
      ],
      spanMs: 4 * HOUR,
      reason: "we are on it, it's known",
    },
  ],
  // A reason may hold an equals sign.
  [
    'silence a for=1d ticket x=1',
    { name: 'silence', matchers: [{ label: 'alertname', op: '=', value: 'a' }], spanMs: 24 * HOUR, reason: 'ticket x=1' },
  ],
  ['silence a for=31d', { code: 'bad-span', word: '31d' }],
  ['silence a for=', { code: 'bad-span', word: '' }],
  ['silence a=~"("', { code: 'bad-matcher', word: 'a=~(' }],
  ['unsilence', { code: 'no-silence' }],
  ['unsilence 1a2b3c4d', { name: 'unsilence', target: '1a2b3c4d' }],
  ['kubectl delete pods --all', { name: 'kubectl', verb: 'delete' }],
  ['k get po', { name: 'kubectl', verb: 'get' }],
  ['rm -rf', { code: 'unknown-command', word: 'rm' }],
])('%s', (text, expected) => {
  const result = parsed(text);
  expect(result).toMatchObject(expected);
  if ('name' in expected) expect(Object.keys(result as object).sort()).toEqual(Object.keys(expected).sort());
});

test('spaces of any kind part words, and what cannot be seen is gone', () => {
  expect(parsed('run\u00a0q\u200b text=\u202ea')).toMatchObject({ name: 'run', query: 'q', values: { text: 'a' } });
});
