import { code } from '../slack/escape.ts';
import type { RedactText } from '../slack/settings.ts';
import { refusalOf } from './access.ts';
import { type ChatAnswer, redactAnswer, sayTo } from './answer.ts';
import { intentOf, isImmediate } from './command.ts';
import { immediateAnswer, problemText } from './fixed-answers.ts';
import { parseCommand } from './parse-command.ts';
import type { ChatRequest } from './request.ts';
import type { ChatRules } from './rules.ts';
import { CHAT_TEXTS } from './texts.ts';

/** What is done about a request at once. */
export type Decision =
  /** Answered here; `reason` where it was refused. */
  | { readonly kind: 'answer'; readonly answer: ChatAnswer; readonly command: string; readonly reason?: string }
  /** Somebody has to look something up; `ack` is shown meanwhile. A press has none: its answer must come by `response_url`. */
  | { readonly kind: 'work'; readonly ack: ChatAnswer | undefined; readonly command: string };

/** Decides within milliseconds, from the rules alone. Refused presses are work as well: Slack shows nothing of what is answered to them at once. */
export function decideRequest(request: ChatRequest, rules: ChatRules, redact: RedactText): Decision {
  const texts = CHAT_TEXTS[rules.language];
  if (request.kind === 'press') return { kind: 'work', ack: undefined, command: request.actionId };
  const parsed = parseCommand(request.text);
  const command = parsed.ok ? parsed.command.name : 'unknown';
  const refusal = refusalOf(request.caller, rules.access, parsed.ok ? intentOf(parsed.command) : 'ask');
  if (refusal !== undefined) return { kind: 'answer', answer: sayTo(texts.refusals[refusal]), command, reason: refusal };
  if (!parsed.ok)
    return {
      kind: 'answer',
      answer: redactAnswer(sayTo(problemText(parsed.problem, texts, rules.command)), redact),
      command,
      reason: parsed.problem.code,
    };
  const answer = isImmediate(parsed.command) ? immediateAnswer(parsed.command, rules) : undefined;
  if (answer !== undefined) return { kind: 'answer', answer, command, ...(command === 'kubectl' ? { reason: 'kubectl' } : {}) };
  return { kind: 'work', ack: sayTo(texts.asking(code(redact(request.text), 200))), command };
}
