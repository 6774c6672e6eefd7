import type { ApprovalPress } from '../core/alerts/approval.ts';
import { listAt, objectAt, textAt } from '../core/alerts/incoming.ts';
import { AwsError, type CallAws } from './aws-json.ts';

/** What became of a decision: it stands, or nobody waits for it any more. */
export type Decided = 'decided' | 'not-waiting';

/** Longest summary that CodePipeline keeps, in characters. */
const MAX_SUMMARY = 512;
/** What CodePipeline says where somebody was quicker, or the time was up. */
const OVER = new Set(['ApprovalAlreadyCompletedException', 'InvalidApprovalTokenException']);
/** There is no such pipeline, stage or action any more. */
const GONE = new Set(['PipelineNotFoundException', 'StageNotFoundException', 'ActionNotFoundException']);

/**
 * Answers a request for an approval. The token that it takes is asked for here and now, of the very execution that the message told of: no message, table or log holds
 * one, and a button of an older execution never decides for a newer one. Rejects with an `AwsError`.
 */
export async function decideApproval(call: CallAws, press: ApprovalPress, summary: string): Promise<Decided> {
  const { action, decision, pipeline, stage } = press;
  try {
    const token = (await waitingToken(call, press)) ?? (await parallelToken(call, press));
    if (token === undefined) return 'not-waiting';
    const result = { status: decision, summary: summary.slice(0, MAX_SUMMARY).toWellFormed() };
    await call('PutApprovalResult', { pipelineName: pipeline, stageName: stage, actionName: action, token, result });
    return 'decided';
  } catch (error) {
    if (error instanceof AwsError && (OVER.has(error.code) || GONE.has(error.code))) return 'not-waiting';
    throw error;
  }
}

/** Token of a pipeline that runs one execution after the other. */
async function waitingToken(call: CallAws, { action, execution, pipeline, stage }: ApprovalPress): Promise<string | undefined> {
  const state = await call('GetPipelineState', { name: pipeline });
  const here = listAt(state, 'stageStates').find((one) => textAt(one, 'stageName') === stage);
  if (textAt(here, 'latestExecution', 'pipelineExecutionId') !== execution) return undefined;
  const latest = objectAt(
    listAt(here, 'actionStates').find((one) => textAt(one, 'actionName') === action),
    'latestExecution',
  );
  return textAt(latest, 'status') === 'InProgress' ? textAt(latest, 'token') : undefined;
}

/** Of pipelines that run executions side by side the state has no token: there it is the external id of the action. */
async function parallelToken(call: CallAws, { action, execution, pipeline, stage }: ApprovalPress): Promise<string | undefined> {
  const answer = await call('ListActionExecutions', { pipelineName: pipeline, filter: { pipelineExecutionId: execution } });
  const waiting = listAt(answer, 'actionExecutionDetails').find(
    (one) => textAt(one, 'stageName') === stage && textAt(one, 'actionName') === action && textAt(one, 'status') === 'InProgress',
  );
  return textAt(waiting, 'output', 'executionResult', 'externalExecutionId');
}
