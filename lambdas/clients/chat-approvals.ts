import type { ApprovalPress } from '../core/alerts/approval.ts';
import { tellAll } from '../core/chat/answer.ts';
import type { PressRequest } from '../core/chat/request.ts';
import type { ChatRules } from '../core/chat/rules.ts';
import { CHAT_TEXTS } from '../core/chat/texts.ts';
import { inert, mention } from '../core/slack/escape.ts';
import { type ChatPorts, type Result, refused } from './chat-ports.ts';
import { decideApproval } from './pipeline-approvals.ts';

/** Decides for a pipeline what somebody pressed, in his name. Who may do so was checked before. */
export async function answerApproval(
  press: ApprovalPress,
  { caller, messageTs }: PressRequest,
  rules: ChatRules,
  { pipelines }: ChatPorts,
): Promise<Result> {
  const texts = CHAT_TEXTS[rules.language];
  const what = [press.pipeline, press.stage, press.action].join(' › ');
  const about = `${press.decision} ${what} ${press.execution}`;
  if (!rules.pipelines.includes(press.pipeline)) return refused('pipeline', texts.pipelineRefused(inert(press.pipeline, 100)), about);
  const decided = await decideApproval(
    pipelines,
    press,
    `${press.decision} in Slack by user ${caller.user} of workspace ${caller.userTeam || caller.team}`,
  );
  if (decided === 'not-waiting') return refused('not-waiting', texts.notWaiting(inert(what, 310)), about);
  const who = mention(caller.user) || inert(caller.user, 30);
  const text = press.decision === 'Approved' ? texts.approved(who, inert(what, 310)) : texts.rejected(who, inert(what, 310));
  return { answer: tellAll(text, messageTs), outcome: 'answered', about };
}
