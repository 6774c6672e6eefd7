import type { Alert, Severity } from '../alert.ts';
import { listAt, objectAt, type ReadInput, reportedAt, textAt } from '../incoming.ts';
import { consoleLink, encodePart, type Found, givenLink, noticeOf } from './notice.ts';

/** What a run's end means: an event, told once. */
const ENDS: { readonly [state: string]: Severity } = {
  FAILED: 'warning',
  FAULT: 'warning',
  TIMED_OUT: 'warning',
  STOPPED: 'info',
  CANCELED: 'info',
  SUPERSEDED: 'info',
  SUCCEEDED: 'info',
  STARTED: 'info',
  IN_PROGRESS: 'info',
  RESUMED: 'info',
  ABANDONED: 'warning',
  STOPPING: 'info',
};

/** CodePipeline by EventBridge or a notification rule (`detailType`). A pipeline that failed fires until it succeeds. */
export function readCodePipeline(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const type = textAt(json, 'detail-type') ?? textAt(json, 'detailType') ?? '';
  const level = /^CodePipeline (Pipeline|Stage|Action) Execution State Change$/.exec(type)?.[1];
  if (level === undefined) return undefined;
  const detail = objectAt(json, 'detail');
  const pipeline = textAt(detail, 'pipeline') ?? 'pipeline';
  const state = textAt(detail, 'state') ?? 'UNKNOWN';
  const region = textAt(json, 'region');
  const where = [pipeline, textAt(detail, 'stage'), textAt(detail, 'action')].filter((part) => part !== undefined).join(' › ');
  const execution = textAt(detail, 'execution-id');
  const base = {
    kind: 'codepipeline' as const,
    title: `${where}: ${state.toLowerCase().replace('_', ' ')}`,
    severity: ENDS[state] ?? 'info',
    alertname: pipeline,
    at: reportedAt(textAt(json, 'time'), input),
    account: textAt(json, 'account'),
    region,
    reason:
      textAt(detail, 'execution-result', 'external-execution-summary') ??
      textAt(objectAt(json, 'additionalAttributes'), 'additionalInformation'),
    labels: [
      ['pipeline', pipeline],
      ['stage', textAt(detail, 'stage')],
    ] as const,
    details: [
      ['Execution', execution],
      ['Error', textAt(detail, 'execution-result', 'error-code')],
    ] as const,
    links: [
      consoleLink(
        region,
        `codesuite/codepipeline/pipelines/${encodePart(pipeline)}/executions/${encodePart(execution ?? '')}/timeline?region=${region}`,
      ),
      givenLink('other', textAt(detail, 'execution-result', 'external-execution-url'), 'Execution log'),
    ],
  };
  // Of the pipeline as a whole the end of a failure is known; stages and actions only happen.
  const isWhole = level === 'Pipeline' && (state === 'FAILED' || state === 'SUCCEEDED');
  if (isWhole)
    return [
      noticeOf({ ...base, severity: 'warning', id: pipelineId(json, pipeline), state: state === 'FAILED' ? 'firing' : 'resolved' }, input),
    ];
  return [noticeOf({ ...base, id: `${pipelineId(json, pipeline)}/${execution}/${where}/${state}`, state: 'once' }, input)];
}

function pipelineId(json: unknown, pipeline: string): string {
  return `${textAt(json, 'account') ?? ''}/${textAt(json, 'region') ?? ''}/${pipeline}`;
}

/** CodeBuild: a build that failed fires until the project builds again. */
export function readCodeBuild(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const type = textAt(json, 'detail-type') ?? textAt(json, 'detailType') ?? '';
  if (type !== 'CodeBuild Build State Change') return undefined;
  const detail = objectAt(json, 'detail');
  const project = textAt(detail, 'project-name') ?? 'project';
  const state = textAt(detail, 'build-status') ?? 'UNKNOWN';
  const buildId = (textAt(detail, 'build-id') ?? '').replace(/^.*:build\//, '');
  const region = textAt(json, 'region');
  const account = textAt(json, 'account');
  const failedPhase = listAt(detail, 'additional-information', 'phases').find((phase) =>
    ['FAILED', 'FAULT', 'TIMED_OUT', 'CLIENT_ERROR'].includes(textAt(phase, 'phase-status') ?? ''),
  );
  const context = listAt(failedPhase, 'phase-context')
    .filter((part) => typeof part === 'string')
    .join(' ');
  const isFailure = ENDS[state] === 'warning';
  const base: Omit<Found, 'id' | 'state'> = {
    kind: 'codebuild',
    title: `${project}: build ${state.toLowerCase().replace('_', ' ')}`,
    severity: isFailure || state === 'SUCCEEDED' ? 'warning' : 'info',
    alertname: project,
    at: reportedAt(textAt(json, 'time'), input),
    account,
    region,
    ...(context.trim() === '' ? {} : { reason: context.trim() }),
    labels: [['project', project]],
    details: [
      ['Build', buildId],
      ['Phase', textAt(failedPhase, 'phase-type')],
      ['Started by', textAt(detail, 'additional-information', 'initiator')],
      ['Source', textAt(detail, 'additional-information', 'source-version')],
    ],
    links: [
      consoleLink(
        region,
        `codesuite/codebuild/${encodePart(account ?? '')}/projects/${encodePart(project)}/build/${encodePart(buildId)}/log?region=${region}`,
      ),
      givenLink('logs', textAt(detail, 'additional-information', 'logs', 'deep-link')),
    ],
  };
  const id = `${account ?? ''}/${region ?? ''}/${project}`;
  if (isFailure || state === 'SUCCEEDED') return [noticeOf({ ...base, id, state: isFailure ? 'firing' : 'resolved' }, input)];
  return [noticeOf({ ...base, id: `${id}/${buildId}/${state}`, state: 'once' }, input)];
}

/** GitHub Actions, as GitHub's own `workflow_run` event: a branch whose workflow failed fires until it passes. */
export function readGitHubActions(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const run = objectAt(json, 'workflow_run');
  const repository = textAt(json, 'repository', 'full_name');
  if (run === undefined || repository === undefined) return undefined;
  const conclusion = textAt(run, 'conclusion') ?? textAt(run, 'status') ?? 'unknown';
  const name = textAt(run, 'name') ?? 'workflow';
  const branch = textAt(run, 'head_branch') ?? '';
  const isFailure = ['failure', 'timed_out', 'startup_failure', 'action_required'].includes(conclusion);
  const base: Omit<Found, 'id' | 'state'> = {
    kind: 'github-actions',
    title: `${repository} › ${name}: ${conclusion.replace('_', ' ')}`,
    severity: isFailure || conclusion === 'success' ? 'warning' : 'info',
    alertname: `${repository}/${name}`,
    at: reportedAt(textAt(run, 'updated_at'), input),
    reason: textAt(run, 'head_commit', 'message') ?? textAt(run, 'display_title'),
    labels: [
      ['repository', repository],
      ['branch', branch],
    ],
    details: [
      ['Branch', branch],
      ['Run', textAt(run, 'run_number')],
      ['By', textAt(run, 'actor', 'login')],
    ],
    links: [givenLink('console', textAt(run, 'html_url'))],
  };
  const id = `${repository}/${name}/${branch}`;
  if (isFailure || conclusion === 'success') return [noticeOf({ ...base, id, state: isFailure ? 'firing' : 'resolved' }, input)];
  return [noticeOf({ ...base, id: `${id}/${textAt(run, 'id') ?? input.id}/${conclusion}`, state: 'once' }, input)];
}
