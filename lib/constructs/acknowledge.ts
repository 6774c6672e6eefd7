import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Accepts one cdk-nag finding at one construct (and what is inside it), with the reason in words. `finding` is the
 * part in brackets (`Resource::*`); a rule with several findings per resource needs it, so a wider permission than
 * the named one still fails the synth.
 */
export function acknowledge(construct: IConstruct, rule: `AwsSolutions-${string}`, reason: string, finding?: string): void {
  Validations.of(construct).acknowledge({ id: finding === undefined ? rule : `${rule}[${finding}]`, reason });
}

/** Accepts a resource of a policy that holds a `*`. */
export function acknowledgeWildcard(construct: IConstruct, resource: string, reason: string): void {
  acknowledge(construct, 'AwsSolutions-IAM5', reason, `Resource::${writtenInFinding(Stack.of(construct).resolve(resource))}`);
}

/** A value as cdk-nag writes it in a finding: `<LogicalId.Arn>:*`. */
function writtenInFinding(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return String(value);
  const [name, content] = Object.entries(value)[0] ?? ['', ''];
  if (name === 'Ref') return `<${content}>`;
  if (name === 'Fn::GetAtt') return `<${(content as string[]).join('.')}>`;
  if (name === 'Fn::Join') {
    const [delimiter, items] = content as [string, unknown[]];
    return items.map(writtenInFinding).join(delimiter);
  }
  return JSON.stringify(value);
}
