import { Stack } from 'aws-cdk-lib';
import { FederatedPrincipal, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Settings of the role of workflows. */
export interface GitHubPublisherProps {
  readonly roleName: string;
  /** `owner/name` of each. */
  readonly repositories: readonly string[];
  readonly topic: ITopic;
  /** Key of the topic. */
  readonly key: IKey;
}

const ISSUER = 'token.actions.githubusercontent.com';

/** A role that workflows of some repositories of GitHub take without a key of their own, and that only publishes to one topic. The account's OIDC provider is somebody else's. */
export class GitHubPublisher extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { key, repositories, roleName, topic }: GitHubPublisherProps) {
    super(scope, id);
    const { account, partition } = Stack.of(this);
    this.role = new Role(this, 'Role', {
      roleName,
      description: 'Workflows of GitHub Actions that tell of themselves.',
      assumedBy: new FederatedPrincipal(
        `arn:${partition}:iam::${account}:oidc-provider/${ISSUER}`,
        {
          StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
          // Behind the repository stand branch, tag or environment: any of its workflows may tell.
          StringLike: { [`${ISSUER}:sub`]: repositories.map((repository) => `repo:${repository}:*`) },
        },
        'sts:AssumeRoleWithWebIdentity',
      ),
    });
    new Policy(this, 'Policy', {
      roles: [this.role],
      statements: [
        new PolicyStatement({ sid: 'Publish', actions: ['sns:Publish'], resources: [topic.topicArn] }),
        new PolicyStatement({ sid: 'TopicKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
      ],
    });
  }
}
