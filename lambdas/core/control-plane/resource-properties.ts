/** Properties of a custom resource: CloudFormation hands every scalar over as text. */
export interface ResourceProperties {
  readonly [name: string]: unknown;
}

/** A property is missing or has a shape that the template of this app never writes. */
export class ResourcePropertyError extends Error {
  constructor(name: string, wanted: string, got: unknown) {
    super(`property ${name} must be ${wanted}, got ${JSON.stringify(got)}`);
    this.name = 'ResourcePropertyError';
  }
}

/** A text that must be there and not empty. */
export function textProperty(properties: ResourceProperties, name: string): string {
  const value = properties[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ResourcePropertyError(name, 'a text', value);
}

/** A text that may be absent; an empty one counts as absent. */
export function optionalText(properties: ResourceProperties, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new ResourcePropertyError(name, 'a text', value);
}

/** A whole number above 0. */
export function countProperty(properties: ResourceProperties, name: string): number {
  const value = properties[name];
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0) return count;
  throw new ResourcePropertyError(name, 'a whole number above 0', value);
}

/** `true` or `false`; absent is false. */
export function flagProperty(properties: ResourceProperties, name: string): boolean {
  const value = properties[name];
  if (value === undefined || value === false || value === 'false') return false;
  if (value === true || value === 'true') return true;
  throw new ResourcePropertyError(name, 'true or false', value);
}

/** A list of texts. */
export function listProperty(properties: ResourceProperties, name: string): string[] {
  const value = properties[name];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new ResourcePropertyError(name, 'a list of texts', value);
}

/** Texts by name; absent is none. */
export function mapProperty(properties: ResourceProperties, name: string): { [key: string]: string } {
  const value = properties[name];
  if (value === undefined || value === '') return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value);
    if (entries.every(([, text]) => typeof text === 'string')) return Object.fromEntries(entries) as { [key: string]: string };
  }
  throw new ResourcePropertyError(name, 'texts by name', value);
}
