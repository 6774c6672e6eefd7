/** A request of CodePipeline for an approval: what names it, without the token that answers it. Names are what CodePipeline takes. */
export interface PipelineRequest {
  readonly pipeline: string;
  readonly stage: string;
  readonly action: string;
  /** Id of the execution that waits. A button of an older one must not approve a newer one. */
  readonly execution: string;
}

/** Starts the action ids of buttons that decide. */
const APPROVAL_ACTION = 'approval:';
export const APPROVE_ACTION = `${APPROVAL_ACTION}approve`;
export const REJECT_ACTION = `${APPROVAL_ACTION}reject`;

/** A decision that somebody made by a button. */
export interface ApprovalPress extends PipelineRequest {
  readonly decision: 'Approved' | 'Rejected';
}

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html */
const NAME = /^[A-Za-z0-9.@_-]{1,100}$/;
const EXECUTION = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A request, or undefined where a name is none that CodePipeline would take. */
export function pipelineRequest(parts: { readonly [part in keyof PipelineRequest]: string | undefined }): PipelineRequest | undefined {
  const { action = '', execution = '', pipeline = '', stage = '' } = parts;
  return [pipeline, stage, action].every((name) => NAME.test(name)) && EXECUTION.test(execution)
    ? { pipeline, stage, action, execution }
    : undefined;
}

/** The value of both buttons; at most 340 characters. No name holds a slash. */
export function formatRequest({ action, execution, pipeline, stage }: PipelineRequest): string {
  return [pipeline, stage, action, execution].join('/');
}

/** Reads a press of one of the buttons; undefined for any other button, and for a value that none of ours has. */
export function readApprovalPress({ actionId, value }: { readonly actionId: string; readonly value: string }): ApprovalPress | undefined {
  if (actionId !== APPROVE_ACTION && actionId !== REJECT_ACTION) return undefined;
  const [pipeline, stage, action, execution, ...rest] = value.split('/');
  const request = rest.length > 0 ? undefined : pipelineRequest({ pipeline, stage, action, execution });
  return request && { ...request, decision: actionId === APPROVE_ACTION ? 'Approved' : 'Rejected' };
}
