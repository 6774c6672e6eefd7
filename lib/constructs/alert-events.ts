import { type EventPattern, type IRuleTarget, Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlertQueue } from './alert-queue.ts';

/** Events of AWS that can be told besides alarms. */
export interface AlertEventsProps {
  /** Queue of the notifier; undefined where there is none. */
  readonly queue: AlertQueue | undefined;
  /** Topic of those that hear events besides. */
  readonly topic: ITopic | undefined;
  readonly events: { readonly [kind in keyof typeof PATTERNS]: boolean };
}

/** Straight into the queue: a rule may be named in a queue's policy, so that nothing else of EventBridge gets in. */
const PATTERNS = {
  eks: {
    source: ['aws.eks'],
    detailType: [
      'EKS Addon Creation Failed',
      'EKS Addon Update Failed',
      'EKS Addon Update Succeeded',
      'EKS Addon Health Degraded',
      'EKS Addon Health Restored',
    ],
  },
  health: {
    source: ['aws.health'],
    detailType: ['AWS Health Event'],
    detail: { service: ['EKS', 'EC2', 'CLOUDWATCH', 'ES', 'KINESIS', 'LAMBDA'] },
  },
  spotInterruptions: { source: ['aws.ec2'], detailType: ['EC2 Spot Instance Interruption Warning'] },
  guardDuty: { source: ['aws.guardduty'], detailType: ['GuardDuty Finding'], detail: { severity: Match.greaterThanOrEqual(4) } },
  codePipeline: {
    source: ['aws.codepipeline', 'aws.codebuild'],
    detailType: ['CodePipeline Pipeline Execution State Change', 'CodeBuild Build State Change'],
    detail: { $or: [{ state: ['FAILED', 'SUCCEEDED'] }, { 'build-status': ['FAILED', 'FAULT', 'TIMED_OUT', 'SUCCEEDED'] }] },
  },
  // Of actions only approvals: every build and deploy of a pipeline is one as well.
  approvals: {
    source: ['aws.codepipeline'],
    detailType: ['CodePipeline Action Execution State Change'],
    detail: { type: { category: ['Approval'] } },
  },
} satisfies { readonly [kind: string]: EventPattern };

const TEXTS: { readonly [kind in keyof typeof PATTERNS]: string } = {
  eks: 'Add-ons of EKS that fail, degrade and recover.',
  health: 'AWS Health of the services that clusters and this app stand on.',
  spotInterruptions: 'Spot instances that are about to be taken away.',
  guardDuty: 'Findings of GuardDuty from medium severity on.',
  codePipeline: 'Pipelines and builds that fail, and that work again.',
  approvals: 'Pipelines that wait for an approval, and what became of it.',
};

/** Rules that put events into the alert queue, and into the topic of those that hear them besides. */
export class AlertEvents extends Construct {
  constructor(scope: Construct, id: string, { events, queue, topic }: AlertEventsProps) {
    super(scope, id);
    const targets: IRuleTarget[] = [];
    if (queue !== undefined) targets.push(new SqsQueue(queue.queue));
    // CDK's own target would open the topic to the rules of every account; the topic's policy has the statement for ours.
    if (topic !== undefined) targets.push({ bind: () => ({ arn: topic.topicArn }) });
    for (const kind of Object.keys(PATTERNS) as (keyof typeof PATTERNS)[]) {
      if (!events[kind] || targets.length === 0) continue;
      const eventPattern: EventPattern = PATTERNS[kind];
      new Rule(this, `${kind[0]?.toUpperCase()}${kind.slice(1)}`, { description: TEXTS[kind], eventPattern, targets });
    }
  }
}
