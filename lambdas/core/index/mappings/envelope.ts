import { boolean, date, dateNanos, flat, keyword, long, object, type Properties, text } from './field-types.ts';

/**
 * Fields that every document may have. Names are ECS's where ECS has one; `kubernetes.*` is what Fluent Bit's kubernetes filter writes.
 */
export const ENVELOPE: Properties = {
  '@timestamp': dateNanos,
  event: object({ id: keyword, created: date, ingested: date, dataset: keyword, duration: long, outcome: keyword }),
  cloud: object({ account: object({ id: keyword }), region: keyword }),
  orchestrator: object({ cluster: object({ name: keyword }) }),
  log: object({ level: keyword, logger: keyword, origin: object({ file: object({ name: keyword, line: long }) }) }),
  aws: object({ cloudwatch: object({ log_group: keyword, log_stream: keyword }), s3: object({ bucket: keyword, key: keyword }) }),
  parse: object({ format: keyword, error: keyword, continuation: boolean, truncated: boolean }),
  application: object({ name: keyword, owner: keyword }),
  service: object({ name: keyword }),
  stream: keyword,
  kubernetes: object({
    namespace_name: keyword,
    pod_name: keyword,
    pod_id: keyword,
    pod_ip: keyword,
    container_name: keyword,
    container_image: keyword,
    container_hash: keyword,
    docker_id: keyword,
    host: keyword,
    labels: flat,
    annotations: flat,
    namespace_labels: flat,
    namespace_annotations: flat,
  }),
  message: text,
};
