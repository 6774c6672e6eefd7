import { type AwsPorts, type CallAws, createAwsClient, PARAMETERS, SECRETS } from './aws-json.ts';

/** A secret could not be read. Says which and why, never what. */
export class SecretError extends Error {
  constructor(arn: string, reason: string) {
    super(`secret ${arn}: ${reason}`);
    this.name = 'SecretError';
  }
}

/** Reads the secret that an ARN names, or a member of it where it holds JSON. Rejects with a `SecretError`. */
export type ReadSecret = ((arn: string, key?: string) => Promise<string>) & {
  /** Reads it anew the next time: it was refused, and may have been rotated. */
  readonly forget?: (arn: string) => void;
};

/** A secret is read again after this time, in ms, so that a rotated one is found without a deploy. */
const KEPT_MS = 300_000;

/** Makes the reader of Secrets Manager and of SecureString parameters. Secrets are kept in memory for five minutes. */
export function createSecretStore(ports: AwsPorts): ReadSecret {
  const clients = new Map<string, CallAws>();
  const kept = new Map<string, { readonly text: string; readonly untilMs: number }>();
  const clientOf = (service: typeof SECRETS, region: string): CallAws => {
    const id = `${service.service}/${region}`;
    const client = clients.get(id) ?? createAwsClient(service, { region, maxSockets: 2 }, ports);
    clients.set(id, client);
    return client;
  };
  const fetchText = async (arn: string): Promise<string> => {
    const [, , service = '', region = ''] = arn.split(':');
    try {
      if (service === 'ssm') {
        const Name = arn.slice(arn.indexOf(':parameter') + ':parameter'.length);
        const answer = await clientOf(PARAMETERS, region)('GetParameter', { Name, WithDecryption: true });
        return String((answer['Parameter'] as { readonly Value?: unknown } | undefined)?.Value ?? '');
      }
      const answer = await clientOf(SECRETS, region)('GetSecretValue', { SecretId: arn });
      return String(answer['SecretString'] ?? '');
    } catch (error) {
      // The service's error names the resource and the reason; it never holds the value.
      throw new SecretError(arn, error instanceof Error ? error.message : 'not read');
    }
  };
  const read = async (arn: string, key?: string): Promise<string> => {
    const now = ports.now();
    let entry = kept.get(arn);
    if (entry === undefined || entry.untilMs <= now) {
      entry = { text: await fetchText(arn), untilMs: now + KEPT_MS };
      kept.set(arn, entry);
    }
    // A file's last line end comes along where people paste a secret.
    const value = (key === undefined ? entry.text : memberOf(entry.text, key, arn)).trim();
    if (value === '') throw new SecretError(arn, 'it is empty');
    return value;
  };
  return Object.assign(read, { forget: (arn: string) => void kept.delete(arn) });
}

function memberOf(text: string, key: string, arn: string): string {
  let value: unknown;
  try {
    value = (JSON.parse(text) as { readonly [name: string]: unknown } | null)?.[key];
  } catch {
    throw new SecretError(arn, 'it holds no JSON, but secretKey is set');
  }
  if (typeof value !== 'string') throw new SecretError(arn, `it has no member ${key}`);
  return value;
}
