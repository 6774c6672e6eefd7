/** What makes a Kubernetes event the same event in the same state. */
export interface EventVersion {
  /** `metadata.uid`: one for all repeats of an event within its hour. */
  readonly uid: string;
  /** `metadata.resourceVersion`, which each repeat changes; where it is missing, `n`, the count, `-` and the last time. */
  readonly version: string;
}

/**
 * Reads which event a record of `/aws/containerinsights/<cluster>/events` is. Undefined for every other text, and for an event that nothing tells from its
 * repeats. The text itself is no part of it: a list of the API server and a watch write the same event with other members.
 */
export function readEventVersion(text: string): EventVersion | undefined {
  if (text.charCodeAt(0) !== 123) return undefined;
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return undefined;
  }
  const metadata = member(event, 'metadata');
  const uid = textOf(member(metadata, 'uid'));
  if (uid === '') return undefined;
  const resourceVersion = textOf(member(metadata, 'resourceVersion'));
  if (resourceVersion !== '') return { uid, version: resourceVersion };
  const series = member(event, 'series');
  const count = member(series, 'count') ?? member(event, 'count');
  const counted = typeof count === 'number' ? String(count) : '';
  const time =
    [member(series, 'lastObservedTime'), member(event, 'lastTimestamp'), member(event, 'eventTime')]
      .map(textOf)
      .find((each) => each !== '') ?? '';
  return counted === '' && time === '' ? undefined : { uid, version: `n${counted}-${time}` };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as { readonly [name: string]: unknown })[name]
    : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
