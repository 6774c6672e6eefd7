import type { Path } from '../config/problems.ts';
import type { AlarmConfig, CheckConfig } from '../config/schema-alarms.ts';
import { kindOfCheck } from './check-shape.ts';

/** An action that CloudWatch would refuse for this kind of alarm. */
export interface ActionProblem {
  readonly path: Path;
  readonly what: string;
  readonly limit: string;
  readonly value: string;
}

/** What an alarm may do (PutMetricAlarm, PutCompositeAlarm, PutLogAlarm, 2026), by the service in the ARN. */
const ALLOWED = {
  metric: ['sns', 'lambda', 'autoscaling', 'ec2', 'swf', 'automate', 'ssm', 'ssm-incidents', 'aiops'],
  math: ['sns', 'lambda', 'autoscaling', 'ssm', 'ssm-incidents', 'aiops'],
  composite: ['sns', 'lambda', 'ssm', 'ssm-incidents', 'aiops'],
  log: ['sns', 'lambda', 'ssm'],
  promql: ['sns', 'lambda'],
} as const;

/** Actions that do not go with what an alarm looks at, or lie in another Region than it. */
export function actionProblems(alarm: Pick<AlarmConfig, 'actions'>, check: CheckConfig | undefined, region: string): ActionProblem[] {
  if (check === undefined) return [];
  const kind = actionKind(check);
  const allowed: readonly string[] = ALLOWED[kind];
  const problems: ActionProblem[] = [];
  for (const state of ['alarm', 'ok', 'insufficientData'] as const) {
    for (const [index, arn] of alarm.actions[state].entries()) {
      const [, , service = '', place = ''] = arn.split(':');
      const isAllowed =
        allowed.includes(service) &&
        (state === 'alarm' || service === 'sns' || service === 'lambda' || kind === 'metric' || kind === 'math');
      if (place !== '' && place !== region)
        problems.push({ path: [state, index], what: 'an alarm acts in its own Region only', limit: region, value: arn });
      else if (!isAllowed)
        problems.push({ path: [state, index], what: `an alarm on ${NAMES[kind]} cannot do this`, limit: allowed.join(' '), value: arn });
      else if ((service === 'ec2' || service === 'automate') && !Object.hasOwn(check.metric?.dimensions ?? {}, 'InstanceId'))
        problems.push({
          path: [state, index],
          what: 'an EC2 action needs a metric with the dimension InstanceId',
          limit: 'InstanceId',
          value: arn,
        });
    }
  }
  return problems;
}

const NAMES: { readonly [kind in keyof typeof ALLOWED]: string } = {
  metric: 'a metric',
  math: 'metric math or a query',
  composite: 'other alarms',
  log: 'logs',
  promql: 'PromQL',
};

function actionKind(check: CheckConfig): keyof typeof ALLOWED {
  switch (kindOfCheck(check)) {
    case 'metrics':
    case 'groups':
      return 'math';
    case 'rule':
      return 'composite';
    case 'logs':
      return 'log';
    case 'promql':
      return 'promql';
    default:
      return check.pattern?.perEvents === true ? 'math' : 'metric';
  }
}
