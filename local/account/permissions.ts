import { textAt } from '../template/json.ts';
import type { Resource } from '../template/resolver.ts';

/** Which functions CloudWatch Logs may invoke, and for which log groups: without such a permission its events are skipped. */
export class LogsPermissions {
  readonly #grants: { readonly functionName: string; readonly source: RegExp }[] = [];

  constructor(resources: readonly Resource[]) {
    for (const { type, properties } of resources) {
      if (type !== 'AWS::Lambda::Permission' || textAt(properties, 'Action') !== 'lambda:InvokeFunction') continue;
      const principal = textAt(properties, 'Principal') ?? '';
      if (!/^logs\.([a-z0-9-]+\.)?amazonaws\.com$/.test(principal)) continue;
      this.#grants.push({
        functionName: nameOf(textAt(properties, 'FunctionName') ?? ''),
        source: wildcard(textAt(properties, 'SourceArn') ?? '*'),
      });
    }
  }

  /** Whether events of the group (ARN without `:*`) may go to the function. */
  allows(functionArn: string, logGroupArn: string): boolean {
    const name = nameOf(functionArn);
    return this.#grants.some(
      ({ functionName, source }) => functionName === name && (source.test(`${logGroupArn}:*`) || source.test(logGroupArn)),
    );
  }
}

function nameOf(nameOrArn: string): string {
  return /:function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`);
}
