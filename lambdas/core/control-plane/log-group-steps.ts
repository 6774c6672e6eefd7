import { countProperty, flagProperty, mapProperty, optionalText, type ResourceProperties, textProperty } from './resource-properties.ts';

/** How a log group shall be. */
export interface WantedLogGroup {
  readonly name: string;
  readonly retentionDays: number;
  /** ARN of its key; absent for CloudWatch's own encryption. */
  readonly kmsKeyArn?: string;
  readonly deletionProtection: boolean;
  readonly tags: { readonly [key: string]: string };
}

/** How a log group is. */
export interface FoundLogGroup {
  readonly retentionDays?: number;
  readonly kmsKeyArn?: string;
  readonly deletionProtection: boolean;
  /** STANDARD, INFREQUENT_ACCESS, DELIVERY …; it cannot be changed. */
  readonly logGroupClass?: string;
  readonly tags: { readonly [key: string]: string };
}

/** One call that brings a group nearer to how it shall be, in the order of the list. */
export type LogGroupStep =
  | { readonly step: 'create' }
  | { readonly step: 'retention'; readonly days: number }
  | { readonly step: 'associateKey'; readonly keyArn: string }
  | { readonly step: 'disassociateKey' }
  | { readonly step: 'deletionProtection'; readonly enabled: boolean }
  | { readonly step: 'tag'; readonly tags: { readonly [key: string]: string } }
  | { readonly step: 'untag'; readonly keys: readonly string[] };

/** Reads the properties of the custom resource. */
export function wantedLogGroup(properties: ResourceProperties): WantedLogGroup {
  const kmsKeyArn = optionalText(properties, 'KmsKeyArn');
  return {
    name: textProperty(properties, 'LogGroupName'),
    retentionDays: countProperty(properties, 'RetentionInDays'),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
    deletionProtection: flagProperty(properties, 'DeletionProtection'),
    tags: mapProperty(properties, 'Tags'),
  };
}

/** Why a group cannot serve, or undefined. The class is fixed at creation, so only its owner can help. */
export function unusableReason(name: string, found: FoundLogGroup): string | undefined {
  if (found.logGroupClass === undefined || found.logGroupClass === 'STANDARD') return undefined;
  return (
    `log group ${name} has class ${found.logGroupClass}, which has no subscription filters; the class of a group cannot be changed: ` +
    'export what it holds, delete it and deploy again'
  );
}

/**
 * The calls that are still needed, retention before key: a group that exists without retention keeps for ever.
 * `earlierTags` are those of the last deployment; what it set and the config no longer has is taken off, tags of others stay.
 */
export function logGroupSteps(
  found: FoundLogGroup | undefined,
  wanted: WantedLogGroup,
  earlierTags: { readonly [key: string]: string } = {},
): LogGroupStep[] {
  const steps: LogGroupStep[] = [];
  if (found === undefined) steps.push({ step: 'create' });
  if (found?.retentionDays !== wanted.retentionDays) steps.push({ step: 'retention', days: wanted.retentionDays });
  if (wanted.kmsKeyArn !== undefined && found?.kmsKeyArn !== wanted.kmsKeyArn) {
    steps.push({ step: 'associateKey', keyArn: wanted.kmsKeyArn });
  }
  if (wanted.kmsKeyArn === undefined && found?.kmsKeyArn !== undefined) steps.push({ step: 'disassociateKey' });
  if ((found?.deletionProtection ?? false) !== wanted.deletionProtection) {
    steps.push({ step: 'deletionProtection', enabled: wanted.deletionProtection });
  }
  const tags = Object.entries(wanted.tags).filter(([key, value]) => found?.tags[key] !== value);
  if (tags.length > 0) steps.push({ step: 'tag', tags: Object.fromEntries(tags) });
  const stale = Object.keys(earlierTags).filter((key) => wanted.tags[key] === undefined && found?.tags[key] !== undefined);
  if (stale.length > 0) steps.push({ step: 'untag', keys: stale });
  return steps;
}
