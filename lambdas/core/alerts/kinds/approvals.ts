import type { Alert } from '../alert.ts';
import { pipelineRequest } from '../approval.ts';
import { listAt, objectAt, type ReadInput, reportedAt, textAt } from '../incoming.ts';
import { consoleLink, encodePart, givenLink, noticeOf } from './notice.ts';

const DECISIONS: { readonly [state: string]: string } = {
  SUCCEEDED: 'approved',
  FAILED: 'rejected',
  CANCELED: 'canceled',
  ABANDONED: 'abandoned',
};

/** A pipeline that waits for an approval, by EventBridge or a notification rule: it waits until somebody decided, or nobody did in time. */
export function readPipelineApproval(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const type = textAt(json, 'detail-type') ?? textAt(json, 'detailType');
  const detail = objectAt(json, 'detail');
  if (type !== 'CodePipeline Action Execution State Change' || textAt(detail, 'type', 'category') !== 'Approval') return undefined;
  const [pipeline = 'pipeline', stage, action] = ['pipeline', 'stage', 'action'].map((name) => textAt(detail, name));
  const execution = textAt(detail, 'execution-id');
  const state = textAt(detail, 'state') ?? '';
  const decision = Object.hasOwn(DECISIONS, state) ? DECISIONS[state] : undefined;
  const where = [pipeline, stage, action].filter((part) => part !== undefined).join(' › ');
  const region = textAt(json, 'region');
  const request = pipelineRequest({ pipeline, stage, action, execution });
  const alert = noticeOf(
    {
      kind: 'codepipeline',
      id: `approval/${textAt(json, 'account') ?? ''}/${region ?? ''}/${where}/${execution ?? input.id}`,
      title: decision === undefined ? `${where} waits for an approval` : `${where}: ${decision}`,
      severity: 'info',
      // A group of its own: beside the pipeline's failures there would be no buttons.
      alertname: where,
      state: decision === undefined ? 'firing' : 'resolved',
      at: reportedAt(textAt(json, 'time'), input),
      account: textAt(json, 'account'),
      region,
      reason: textAt(detail, 'execution-result', 'external-execution-summary'),
      labels: [
        ['pipeline', pipeline],
        ['stage', stage],
      ],
      details: [['Execution', execution]],
      links: [consoleLink(region, `codesuite/codepipeline/pipelines/${encodePart(pipeline)}/view?region=${region}`)],
    },
    input,
  );
  return [{ ...alert, approval: decision === undefined && request !== undefined ? { request } : {} }];
}

/** The same by the topic that an approval action names itself: it tells of the request only, so it is an event. */
export function readApprovalMessage(input: ReadInput): Alert[] | undefined {
  const approval = objectAt(input.json, 'approval');
  const pipeline = textAt(approval, 'pipelineName');
  if (approval === undefined || pipeline === undefined) return undefined;
  const where = [pipeline, textAt(approval, 'stageName'), textAt(approval, 'actionName')].filter((part) => part !== undefined).join(' › ');
  const alert = noticeOf(
    {
      kind: 'codepipeline',
      id: `approval/${textAt(approval, 'token') === undefined ? input.id : `${where}/${textAt(approval, 'expires')}`}`,
      title: `${where} waits for an approval`,
      severity: 'info',
      alertname: where,
      state: 'once',
      at: input.sentAt,
      region: textAt(input.json, 'region'),
      reason: textAt(approval, 'customData'),
      labels: [['pipeline', pipeline]],
      details: [['Expires', textAt(approval, 'expires')]],
      links: [
        givenLink('console', textAt(approval, 'approvalReviewLink') ?? textAt(input.json, 'consoleLink')),
        givenLink('other', textAt(approval, 'externalEntityLink'), 'What is to be approved'),
      ],
    },
    input,
  );
  return [{ ...alert, approval: {} }];
}

/** A deployment of GitHub that waits for its reviewers: GitHub's own `deployment_review` event. Only they can decide, so there are no buttons. */
export function readGitHubReview(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const repository = textAt(json, 'repository', 'full_name');
  const environment = textAt(json, 'environment');
  const action = textAt(json, 'action') ?? '';
  const run = objectAt(json, 'workflow_run');
  if (repository === undefined || environment === undefined || run === undefined || !['requested', 'approved', 'rejected'].includes(action))
    return undefined;
  const isWaiting = action === 'requested';
  const where = [repository, textAt(run, 'name'), environment].filter((part) => part !== undefined).join(' › ');
  const reviewers = listAt(json, 'reviewers').flatMap((one) => textAt(one, 'reviewer', 'login') ?? textAt(one, 'reviewer', 'name') ?? []);
  const alert = noticeOf(
    {
      kind: 'github-actions',
      id: `review/${repository}/${environment}/${textAt(run, 'id') ?? input.id}`,
      title: isWaiting ? `${where} waits for an approval` : `${where}: ${action}`,
      severity: 'info',
      alertname: where,
      state: isWaiting ? 'firing' : 'resolved',
      at: reportedAt(textAt(json, 'since') ?? textAt(run, 'updated_at'), input),
      reason: textAt(json, 'comment') ?? textAt(run, 'display_title'),
      labels: [
        ['repository', repository],
        ['environment', environment],
      ],
      details: [
        ['Branch', textAt(run, 'head_branch')],
        ['Run', textAt(run, 'run_number')],
        ['Asked by', textAt(json, 'requestor', 'login')],
        ['Reviewers', reviewers.join(', ')],
        ['Decided by', textAt(json, 'approver', 'login')],
      ],
      links: [givenLink('console', textAt(run, 'html_url'))],
    },
    input,
  );
  return [{ ...alert, approval: {} }];
}
