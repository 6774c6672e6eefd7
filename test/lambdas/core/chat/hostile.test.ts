import fc from 'fast-check';
import type { ChatAnswer } from '../../../../lambdas/core/chat/answer.ts';
import { decideRequest } from '../../../../lambdas/core/chat/decide.ts';
import type { CommandRequest } from '../../../../lambdas/core/chat/request.ts';
import { limitProblems } from '../../../../lambdas/core/slack/limits.ts';
import { CALLER, liveParts, markdownOf, RULES, redact } from './support.ts';

const SECRETS = ['AKIAIOSFODNN7EXAMPL3', 'xoxb-123456789012-abcdefghijkl', 'hunter2secretvalue'];
const HOSTILE = fc.constantFrom(
  '<!channel>',
  '<@U0999ZZZZ>',
  '<!subteam^S0123ABCD|x>',
  '<https://evil.example.com|click>',
  '```',
  '`',
  '*',
  '_',
  '~',
  '&lt;!here&gt;',
  '&amp;lt;!here&amp;gt;',
  '\u202e',
  '\u200b',
  '\u0000',
  '\ud83d',
  '🚀',
  '한글',
  '"',
  '“',
  "'",
  '\\',
  '=',
  '=~"',
  '{{text}}',
  '| limit 1',
  '$(reboot)',
  '../../x',
  '<'.repeat(200),
  '&'.repeat(500),
  'a'.repeat(3500),
  `aws_access_key_id=${SECRETS[0]}`,
  SECRETS[1] as string,
  `password=${SECRETS[2]}`,
);
const WORD = fc.oneof(
  HOSTILE,
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(' ', 'for=4h', 'since=15m', 'cluster=prod', 'limit=3', 'share', 'reason=', 'alertname=', 'text='),
);
const HEAD = fc.oneof(
  fc.constantFrom(
    'ping',
    'help',
    'list',
    'run',
    'silence',
    'unsilence',
    'status',
    'top',
    'config',
    'pods',
    'events',
    'logs',
    'kubectl',
    '',
  ),
  WORD,
);
const TEXT = fc
  .tuple(HEAD, fc.array(WORD, { maxLength: 5 }), fc.constantFrom(' ', ''))
  .map(([head, words, gap]) => [head, ...words].join(gap || ' '));

/** Everything that is wrong with an answer. */
function flaws({ message }: ChatAnswer): string[] {
  const all = JSON.stringify(message);
  return [...limitProblems(message), ...markdownOf(message).flatMap(liveParts), ...SECRETS.filter((secret) => all.includes(secret))];
}

test('ten thousand hostile texts: no crash, no live mention, no block over a limit, no secret', () => {
  const seen = new Map<string, number>();
  const request: Omit<CommandRequest, 'text'> = { kind: 'command', caller: CALLER, command: '/logs', responseUrl: '', requestId: '' };
  fc.assert(
    fc.property(TEXT, fc.constantFrom('en' as const, 'ko' as const), (text, language) => {
      const decision = decideRequest({ ...request, text }, { ...RULES, language }, redact);
      seen.set(decision.command, (seen.get(decision.command) ?? 0) + 1);
      const answer = decision.kind === 'answer' ? decision.answer : decision.ack;
      if (answer === undefined) throw new Error('a command without an answer');
      const found = flaws(answer);
      if (found.length > 0 || answer.isPublic) throw new Error(`${JSON.stringify(text)}: ${found.join(', ')}`);
    }),
    { numRuns: 10_000 },
  );
  // Every kind of answer was among them.
  for (const name of [
    'ping',
    'help',
    'list',
    'run',
    'silence',
    'unsilence',
    'status',
    'top',
    'config',
    'pods',
    'events',
    'logs',
    'kubectl',
    'unknown',
  ])
    expect([name, (seen.get(name) ?? 0) > 0]).toEqual([name, true]);
});
