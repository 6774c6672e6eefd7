import type { ContainerRecord } from '../parse/container-record.ts';
import type { Reader } from '../rules/compile.ts';

/** Labels that name the service of a pod, the recommended one first. */
const SERVICE_LABELS = ['app.kubernetes.io/name', 'k8s-app', 'app'] as const;

const kept: { kubernetes: string; stream: string | undefined; reader: Reader | undefined; text: string } = {
  kubernetes: '',
  stream: undefined,
  reader: undefined,
  text: '',
};

/**
 * What a document says of its container: `,"stream":…,"service":{…},"kubernetes":{…},"application":{…}`. Redacted, because annotations may hold a whole
 * manifest. The same for all lines of a container, so the last one is kept.
 */
export function contextText(record: ContainerRecord | undefined, reader: Reader): string {
  if (record === undefined) return reader.application === undefined ? '' : `,"application":${reader.application}`;
  if (record.kubernetes === kept.kubernetes && record.stream === kept.stream && reader === kept.reader) return kept.text;
  let text = record.stream === undefined ? '' : `,"stream":${JSON.stringify(record.stream)}`;
  const service = SERVICE_LABELS.map((label) => (Object.hasOwn(record.labels, label) ? record.labels[label] : undefined)).find(
    (name) => name !== undefined,
  );
  if (service !== undefined) text += `,"service":{"name":${JSON.stringify(service)}}`;
  if (record.kubernetes !== '') {
    const kubernetes = `"kubernetes":{${record.kubernetes}}`;
    text += `,${reader.redactor.fields(reader.redactor.text(kubernetes))}`;
  }
  if (reader.application !== undefined) text += `,"application":${reader.application}`;
  kept.kubernetes = record.kubernetes;
  kept.stream = record.stream;
  kept.reader = reader;
  kept.text = text;
  return text;
}
