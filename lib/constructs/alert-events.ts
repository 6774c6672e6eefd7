import { type EventPattern, Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { AlertQueue } from './alert-queue.ts';

/** Events of AWS that can be told besides alarms. */
export interface AlertEventsProps {
  readonly queue: AlertQueue;
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
} satisfies { readonly [kind: string]: EventPattern };

const TEXTS: { readonly [kind in keyof typeof PATTERNS]: string } = {
  eks: 'Add-ons of EKS that fail, degrade and recover.',
  health: 'AWS Health of the services that clusters and this app stand on.',
  spotInterruptions: 'Spot instances that are about to be taken away.',
  guardDuty: 'Findings of GuardDuty from medium severity on.',
  codePipeline: 'Pipelines and builds that fail, and that work again.',
};

/** Rules that put events into the alert queue. */
export class AlertEvents extends Construct {
  constructor(scope: Construct, id: string, { events, queue }: AlertEventsProps) {
    super(scope, id);
    for (const kind of Object.keys(PATTERNS) as (keyof typeof PATTERNS)[]) {
      if (!events[kind]) continue;
      const eventPattern: EventPattern = PATTERNS[kind];
      new Rule(this, `${kind[0]?.toUpperCase()}${kind.slice(1)}`, {
        description: TEXTS[kind],
        eventPattern,
        targets: [new SqsQueue(queue.queue)],
      });
    }
  }
}
