import type { EventVersion } from '../parse/kubernetes-event.ts';
import { textHash } from './text-hash.ts';

/** OpenSearch refuses a whole bulk request with an `_id` over 512 bytes; ours stay far below. */
export const MAX_ID_LENGTH = 200;

/** Longest id that is written as it is; longer ones are hashed. */
export const MAX_PLAIN_ID = 100;

/**
 * Whether an id or a time can be written as it is: letters, digits and `-._:`, none of which JSON or the search would escape. CloudWatch's ids are 56
 * digits, an import's may be words, and a CRI time has colons.
 */
export function isPlainId(id: string): boolean {
  if (id === '' || id.length > MAX_PLAIN_ID) return false;
  for (let i = 0; i < id.length; i++) {
    const c = id.charCodeAt(i);
    if (!((c >= 48 && c <= 58) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 45 || c === 46 || c === 95)) return false;
  }
  return true;
}

/** `_id` of a CloudWatch event: account, Region and CloudWatch's own event id, the same on every delivery. */
export function eventDocumentId(account: string, region: string, eventId: string, hash: (text: string) => string): string {
  return eventIdStart(account, region) + (isPlainId(eventId) ? eventId : `h${hash(eventId)}`);
}

/** What the ids of an account's and Region's events start with. */
export function eventIdStart(account: string, region: string): string {
  return `${account}-${region}-`;
}

/** What makes a container's record the same record, however often the collector sends it. */
export interface RecordIdentity {
  readonly cluster: string;
  readonly containerId: string;
  readonly stream: string;
  /** CRI time as text, with nanoseconds. */
  readonly time: string;
  readonly text: string;
}

/**
 * `_id` of a record of our own collector, such as `r0f3c…-2026-11-21T08:27:04.503683037Z-9ab1…`: a hash of cluster, container and stream, the CRI time,
 * and a hash of the text. A chunk that Fluent Bit sends again gets new CloudWatch ids, so the record itself decides.
 */
export function recordDocumentId(record: RecordIdentity, hash: (text: string) => string): string {
  const { cluster, containerId, stream, time, text } = record;
  const origin = originHash(cluster, containerId, stream);
  return isPlainId(time) && time.length <= 40 ? `r${origin}-${time}-${textHash(text)}` : `r${origin}-h${hash(`${time}\n${text}`)}`;
}

/**
 * `_id` of a Kubernetes event in one of its states, such as `k0f3c…-23f7d0fe-29da-40e8-aaa0-6c265a6986ed-41201`: the one pod that reads events reads all of the
 * last hour again after each break, and CloudWatch gives them new ids.
 */
export function kubernetesEventId(cluster: string, { uid, version }: EventVersion, hash: (text: string) => string): string {
  const isPlain = isPlainId(uid) && isPlainId(version) && uid.length + version.length <= MAX_PLAIN_ID;
  return `k${textHash(cluster)}-${isPlain ? `${uid}-${version}` : `h${hash(`${uid}\n${version}`)}`}`;
}

/** Hashes of a container's streams. */
interface Origin {
  readonly cluster: string;
  readonly hashes: Map<string, string>;
}

const origins = new Map<string, Origin>();
const MAX_ORIGINS = 2_000;

/** Containers take turns in a payload, and each has two streams. */
function originHash(cluster: string, containerId: string, stream: string): string {
  let origin = origins.get(containerId);
  if (origin === undefined || origin.cluster !== cluster) {
    if (origins.size >= MAX_ORIGINS) origins.clear();
    origin = { cluster, hashes: new Map() };
    origins.set(containerId, origin);
  }
  let hash = origin.hashes.get(stream);
  if (hash === undefined) {
    // A line break parts them: none of the three can hold one.
    hash = textHash(`${cluster}\n${containerId}\n${stream}`);
    if (origin.hashes.size < 4) origin.hashes.set(stream, hash);
  }
  return hash;
}
