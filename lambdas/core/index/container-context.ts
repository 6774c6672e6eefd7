import type { ContainerRecord } from '../parse/container-record.ts';
import type { Reader } from '../rules/compile.ts';

/** Labels that name the service of a pod, the recommended one first. */
const SERVICE_LABELS = ['app.kubernetes.io/name', 'k8s-app', 'app'] as const;

/** What is kept of one container: its texts for stdout, stderr and neither. */
interface Kept {
  readonly reader: Reader;
  readonly texts: Map<string | undefined, string>;
}

// The metadata text of a container is the same string for all of its records, so a Map finds it without reading it again.
const kept = new Map<string, Kept>();
const MAX_KEPT = 2_000;

/**
 * What a document says of its container: `,"stream":…,"service":{…},"kubernetes":{…},"application":{…}`. Redacted, because annotations may hold a whole
 * manifest; that and the rest happens once per container.
 */
export function contextText(record: ContainerRecord | undefined, reader: Reader): string {
  if (record === undefined) return reader.application === undefined ? '' : `,"application":${reader.application}`;
  let container = kept.get(record.kubernetes);
  if (container === undefined || container.reader !== reader) {
    if (kept.size >= MAX_KEPT) kept.clear();
    container = { reader, texts: new Map() };
    kept.set(record.kubernetes, container);
  }
  let text = container.texts.get(record.stream);
  if (text === undefined) {
    text = makeText(record, reader);
    container.texts.set(record.stream, text);
  }
  return text;
}

function makeText(record: ContainerRecord, reader: Reader): string {
  let text = record.stream === undefined ? '' : `,"stream":${JSON.stringify(record.stream)}`;
  const service = SERVICE_LABELS.map((label) => (Object.hasOwn(record.labels, label) ? record.labels[label] : undefined)).find(
    (name) => name !== undefined,
  );
  if (service !== undefined) text += `,"service":{"name":${JSON.stringify(service)}}`;
  if (record.kubernetes !== '') text += `,${reader.redactor.fields(reader.redactor.text(`"kubernetes":{${record.kubernetes}}`))}`;
  if (reader.application !== undefined) text += `,"application":${reader.application}`;
  return text;
}
