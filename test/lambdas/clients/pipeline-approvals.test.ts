import { AwsError, type CallAws } from '../../../lambdas/clients/aws-json.ts';
import { answerApproval } from '../../../lambdas/clients/chat-approvals.ts';
import type { ChatPorts } from '../../../lambdas/clients/chat-ports.ts';
import { decideApproval } from '../../../lambdas/clients/pipeline-approvals.ts';
import type { ApprovalPress } from '../../../lambdas/core/alerts/approval.ts';
import { refusalOf } from '../../../lambdas/core/chat/access.ts';
import type { PressRequest } from '../../../lambdas/core/chat/request.ts';
import type { ChatRules } from '../../../lambdas/core/chat/rules.ts';

const EXECUTION = '01234567-89ab-4cde-8f01-23456789abcd';
const TOKEN = '11111111-2222-4333-8444-555555555555';
const PRESS: ApprovalPress = { pipeline: 'checkout', stage: 'production', action: 'approve', execution: EXECUTION, decision: 'Approved' };

/** A pipeline that answers as CodePipeline documents it, and takes one decision. */
class Pipeline {
  readonly calls: string[] = [];
  decided: { readonly status: string; readonly summary: string } | undefined;
  latest = EXECUTION;
  status = 'InProgress';
  isParallel = false;

  readonly call: CallAws = async (action, input) => {
    this.calls.push(action);
    const request = input as { name?: string; token?: string; pipelineName?: string; result?: { status: string; summary: string } };
    if ((request.name ?? request.pipelineName) !== 'checkout') throw refusal(action, 'PipelineNotFoundException');
    if (action === 'GetPipelineState') return this.#state();
    if (action === 'ListActionExecutions') return this.#executions();
    if (request.token !== TOKEN) throw refusal(action, 'InvalidApprovalTokenException');
    if (this.decided) throw refusal(action, 'ApprovalAlreadyCompletedException');
    this.decided = request.result;
    return { approvedAt: 1 };
  };

  #state() {
    const latestExecution = { status: this.status, ...(this.isParallel ? {} : { token: TOKEN }) };
    const stage = { stageName: 'production', latestExecution: { pipelineExecutionId: this.latest, status: this.status } };
    return { stageStates: [{ stageName: 'source' }, { ...stage, actionStates: [{ actionName: 'approve', latestExecution }] }] };
  }

  #executions() {
    const output = { executionResult: { externalExecutionId: TOKEN } };
    const one = { pipelineExecutionId: EXECUTION, stageName: 'production', actionName: 'approve', status: this.status, output };
    return { actionExecutionDetails: this.isParallel ? [one] : [] };
  }
}

const refusal = (action: string, code: string): AwsError => new AwsError('codepipeline', action, code, 400, '');

test('a decision takes the token of the execution that waits, asked for at that moment', async () => {
  const pipeline = new Pipeline();

  expect(await decideApproval(pipeline.call, PRESS, 'by kim')).toBe('decided');
  expect(pipeline.decided).toEqual({ status: 'Approved', summary: 'by kim' });
});

test('a pipeline that runs side by side has its token elsewhere', async () => {
  const pipeline = Object.assign(new Pipeline(), { isParallel: true, latest: 'another' });

  expect(await decideApproval(pipeline.call, { ...PRESS, decision: 'Rejected' }, 'no')).toBe('decided');
  expect(pipeline.decided?.status).toBe('Rejected');
});

test.each<[string, Partial<Pipeline>, Partial<ApprovalPress>]>([
  ['an older execution’s button', { latest: '99999999-89ab-4cde-8f01-23456789abcd' }, {}],
  ['what was decided before', { decided: { status: 'Rejected', summary: '' } }, {}],
  ['what is over', { status: 'Failed' }, {}],
  ['an action that is not there', {}, { action: 'other' }],
  ['a pipeline that is gone', {}, { pipeline: 'gone' }],
])('%s decides nothing', async (_name, state, press) => {
  const pipeline = Object.assign(new Pipeline(), state);
  const before = pipeline.decided;

  expect(await decideApproval(pipeline.call, { ...PRESS, ...press }, 'by kim')).toBe('not-waiting');
  expect(pipeline.decided).toBe(before);
});

test('a refusal of IAM is an error, not an end', async () => {
  const denied: CallAws = async (action) => Promise.reject(refusal(action, 'AccessDeniedException'));

  await expect(decideApproval(denied, PRESS, '')).rejects.toThrow('AccessDeniedException');
});

describe('a press of a button', () => {
  const caller = { team: 'T1', userTeam: '', channel: 'C1', user: 'U0KIM' };
  const request: PressRequest = {
    kind: 'press',
    caller,
    actionId: 'approval:approve',
    value: '',
    messageTs: '1.2',
    responseUrl: '',
    requestId: '',
  };
  const rules = { language: 'en', pipelines: ['checkout'] } as unknown as ChatRules;
  const press = (pipeline: Pipeline, one: Partial<ApprovalPress> = {}) =>
    answerApproval({ ...PRESS, ...one }, request, rules, { pipelines: pipeline.call } as unknown as ChatPorts);

  test('names who decided, in the pipeline and in the thread', async () => {
    const pipeline = new Pipeline();
    const result = await press(pipeline);

    expect(pipeline.decided?.summary).toBe('Approved in Slack by user U0KIM of workspace T1');
    expect(result.answer).toMatchObject({
      isPublic: true,
      threadTs: '1.2',
      message: { text: expect.stringContaining('<@U0KIM> approved checkout') },
    });
    expect(result.about).toBe(`Approved checkout › production › approve ${EXECUTION}`);
  });

  test('for a pipeline that is not listed asks nobody', async () => {
    const pipeline = new Pipeline();
    const result = await press(pipeline, { pipeline: 'payments' });

    expect([result.outcome, result.reason, pipeline.calls]).toEqual(['refused', 'pipeline', []]);
  });

  test('that comes too late says so to who pressed', async () => {
    const result = await press(Object.assign(new Pipeline(), { status: 'Succeeded' }));

    expect([result.outcome, result.answer.isPublic]).toEqual(['refused', false]);
  });

  test('is for approvers only: who may ask or silence may not decide', () => {
    const access = { workspaces: ['T1'], channels: ['C1'], users: ['*'], silencers: ['*'], approvers: ['U0LEE'] };

    expect(refusalOf(caller, access, 'approve')).toBe('approver');
    expect(refusalOf({ ...caller, user: 'U0LEE' }, access, 'approve')).toBeUndefined();
    expect(refusalOf({ ...caller, user: 'U0LEE', channel: 'C2' }, access, 'approve')).toBe('channel');
    expect(refusalOf({ ...caller, user: 'U0LEE' }, { ...access, users: [], silencers: [] }, 'ask')).toBeUndefined();
  });
});
