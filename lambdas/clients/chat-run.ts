import { readApprovalPress } from '../core/alerts/approval.ts';
import { type Intent, refusalOf } from '../core/chat/access.ts';
import { redactAnswer, sayTo } from '../core/chat/answer.ts';
import type { ChatRecord } from '../core/chat/audit.ts';
import { type Command, intentOf } from '../core/chat/command.ts';
import { immediateAnswer, problemText } from '../core/chat/fixed-answers.ts';
import { parseCommand } from '../core/chat/parse-command.ts';
import type { ChatRequest, CommandRequest, PressRequest } from '../core/chat/request.ts';
import type { ChatRules } from '../core/chat/rules.ts';
import { CHAT_TEXTS } from '../core/chat/texts.ts';
import { inert } from '../core/slack/escape.ts';
import { answerApproval } from './chat-approvals.ts';
import { type ChatPorts, type Result, reasonOf, refused } from './chat-ports.ts';
import { answerLook, answerRun, answerTop } from './chat-questions.ts';
import { answerPress, answerSilence, answerStatus, answerUnsilence } from './chat-silences.ts';

/** Works on one call and answers it. Resolves whatever happens: what failed is told to who asked, and stands in the record. */
export async function runChat(request: ChatRequest, rules: ChatRules, ports: ChatPorts): Promise<ChatRecord> {
  const began = ports.machineNow();
  const parsed = request.kind === 'command' ? parseCommand(request.text) : undefined;
  const command = parsed === undefined ? request : parsed.ok ? parsed.command : undefined;
  const name = request.kind === 'press' ? request.actionId : parsed?.ok === true ? parsed.command.name : 'unknown';
  const record = (result: Omit<Result, 'answer'>): ChatRecord => ({
    caller: request.caller,
    command: name,
    ...result,
    tookMs: ports.machineNow() - began,
  });
  const result = await guarded(rules, async () => {
    const refusal = refusalOf(request.caller, rules.access, intentOfRequest(command));
    if (refusal !== undefined) return refused(refusal, CHAT_TEXTS[rules.language].refusals[refusal]);
    if (parsed?.ok === false) return refused(parsed.problem.code, problemText(parsed.problem, CHAT_TEXTS[rules.language], rules.command));
    if (!(await isFirst(command, ports))) return undefined;
    const approval = request.kind === 'press' ? readApprovalPress(request) : undefined;
    if (request.kind === 'press') return approval ? answerApproval(approval, request, rules, ports) : answerPress(request, rules, ports);
    return answerCommand(request, (parsed as { readonly command: Command }).command, rules, ports);
  });
  if (result === undefined) return record({ outcome: 'repeated' });
  const { answer, ...rest } = result;
  const told = await ports.respond(redactAnswer(answer, ports.redact));
  return record(told.ok ? rest : { ...rest, outcome: 'failed', reason: `not answered: ${told.reason}` });
}

function intentOfRequest(command: Command | PressRequest | CommandRequest | undefined): Intent {
  if (command === undefined) return 'ask';
  if (!('kind' in command)) return intentOf(command);
  return command.kind === 'press' && readApprovalPress(command) !== undefined ? 'approve' : 'silence';
}

/** Where nobody can say whether a call was worked on, a question is answered (twice costs little) and a change is not made. */
async function isFirst(command: Command | PressRequest | CommandRequest | undefined, ports: ChatPorts): Promise<boolean> {
  try {
    return await ports.claim();
  } catch (error) {
    if (intentOfRequest(command) !== 'ask') throw error;
    return true;
  }
}

async function answerCommand({ caller }: CommandRequest, command: Command, rules: ChatRules, ports: ChatPorts): Promise<Result> {
  switch (command.name) {
    case 'run':
      return answerRun(command, caller, rules, ports);
    case 'pods':
    case 'events':
    case 'logs':
      return answerLook(command, caller, rules, ports);
    case 'top':
      return answerTop(command, rules, ports);
    case 'status':
      return answerStatus(command.text, rules, ports);
    case 'silence':
      return answerSilence(command, caller, rules, ports);
    case 'unsilence':
      return answerUnsilence(command.target, caller, rules, ports);
    default:
      return { answer: immediateAnswer(command, rules) ?? sayTo(command.name), outcome: 'answered' };
  }
}

/** A failure is an answer as well. Of the services' words only those that are known to hold nothing of others are shown. */
async function guarded(rules: ChatRules, work: () => Promise<Result | undefined>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    const reason = reasonOf(error);
    return { answer: sayTo(CHAT_TEXTS[rules.language].failed(inert(reason, 200))), outcome: 'failed', reason };
  }
}
