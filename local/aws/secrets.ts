import { createHash } from 'node:crypto';
import { resourceArn } from '../template/attributes.ts';
import type { Resolver } from '../template/resolver.ts';

/** What the secrets hold that CloudFormation would make up, by ARN: the same in every run, and worth nothing. */
export function generatedSecrets(resolver: Resolver): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const resource of resolver.resources((type) => type === 'AWS::SecretsManager::Secret')) {
    const arn = resourceArn(resource) ?? '';
    if (resource.properties['GenerateSecretString'] !== undefined) secrets.set(arn, createHash('sha256').update(arn).digest('hex'));
  }
  return secrets;
}
