import { Layouts } from './container-layout.ts';
import { openCriFrame } from './cri-frame.ts';
import { objectSpans, repairJson, type Spans } from './json-repair.ts';
import { ENTRY, lastScan, memberTable, scanJson } from './json-scan.ts';
import { detached, onOneLine, quoteJson, unquoteJson } from './json-text.ts';

/** A piece of a line that the runtime cut, and that the collector did not put together. */
export interface LinePiece {
  /** Pieces of one line have the same one; empty where they are told by their order alone. */
  readonly id: string;
  readonly isLast: boolean;
}

/** A record of our collector, opened. Texts are JSON texts ready to be written. */
export interface ContainerRecord {
  /** The container's own line. */
  readonly log: string;
  /** `stdout` or `stderr`; absent where the collector read no CRI framing. */
  readonly stream: string | undefined;
  /** CRI time as the collector wrote it, RFC 3339 with nanoseconds. */
  readonly time: string | undefined;
  /** The members of `kubernetes` as JSON text without braces, Fluent Bit's names; labels and annotations are flat_object. Empty where there were none. */
  readonly kubernetes: string;
  readonly namespace: string | undefined;
  readonly pod: string | undefined;
  readonly container: string | undefined;
  /** Runtime's id of the container (64 hex digits): a restarted container has another one. */
  readonly containerId: string | undefined;
  readonly labels: { readonly [label: string]: string };
  /** Undefined for a whole line, and for the last piece of one whose pieces have no id. */
  readonly piece: LinePiece | undefined;
}

type KubernetesPart = Omit<ContainerRecord, 'log' | 'stream' | 'time' | 'piece'>;

const NO_KUBERNETES: KubernetesPart = {
  kubernetes: '',
  labels: {},
  namespace: undefined,
  pod: undefined,
  container: undefined,
  containerId: undefined,
};

const PIECE: LinePiece = { id: '', isLast: false };
/** Where containerd cuts a line, in bytes. Fluentd joins pieces and leaves the first one's `P` on the whole, which is longer. */
const MAX_PIECE_CHARS = 16_384;

// All records of a stream carry the same metadata: the last one's is kept with its text, and compared instead of read.
const lastPart = { text: '', part: NO_KUBERNETES };
const layouts = new Layouts<KubernetesPart>();

/**
 * Opens a record of Fluent Bit (`log`, `stream`, `time`, `kubernetes`) or of the OpenTelemetry collector (`body`, `k8s.*`, flat or under
 * `resource`/`attributes`), or a line that still has the runtime's frame, as a collector without a parser for it sends it (EKS on Fargate: inside `log`).
 * Undefined where the text is none of these: then it is a line by itself.
 */
export function openContainerRecord(text: string): ContainerRecord | undefined {
  if (text.charCodeAt(0) !== 123) return openFramed(text);
  const alike = layouts.read(text);
  if (alike !== undefined) return record(alike.log, alike.stream, alike.time, alike.part);
  const flags = scanJson(text, 0);
  if (flags < 0 || lastScan.end !== text.length) return undefined;
  let log = -1;
  let logEnd = -1;
  let stream = '';
  let time = '';
  let kubernetes = -1;
  let kubernetesEnd = -1;
  let isOtel = false;
  let tag = '';
  const keys: string[] = [];
  for (let e = 0; e < lastScan.members * ENTRY; e += ENTRY) {
    if (memberTable[e + 4] !== 1) continue;
    const keyStart = memberTable[e] as number;
    const valueStart = memberTable[e + 2] as number;
    const valueEnd = memberTable[e + 3] as number;
    const isString = text.charCodeAt(valueStart) === 34;
    const key = text.slice(keyStart, memberTable[e + 1]);
    keys.push(key);
    switch (key) {
      case 'log':
        log = valueStart;
        logEnd = valueEnd;
        break;
      case 'stream':
        if (isString && valueEnd - valueStart < 20) stream = unquoteJson(text, valueStart, valueEnd);
        break;
      case 'time':
        if (isString && valueEnd - valueStart < 64) time = unquoteJson(text, valueStart, valueEnd);
        break;
      case 'kubernetes':
        kubernetes = valueStart;
        kubernetesEnd = valueEnd;
        break;
      case 'logtag':
      case 'partial_message':
        tag = key === 'logtag' && text.slice(valueStart, valueEnd) !== '"P"' ? '' : key;
        break;
      case 'body':
      case 'resource':
      case 'attributes':
        isOtel = true;
        break;
      default:
        if (text.startsWith('k8s.', keyStart)) isOtel = true;
    }
  }
  if (log < 0) return isOtel ? openOtelRecord(text) : undefined;
  // A program that prints JSON lines with a `log` of its own is not a record of the collector.
  const isCollected = (kubernetes >= 0 && text.charCodeAt(kubernetes) === 123) || stream === 'stdout' || stream === 'stderr';
  if (!isCollected && lastScan.members > 1) return undefined;
  const part = kubernetes < 0 ? NO_KUBERNETES : kubernetesPart(text, kubernetes, kubernetesEnd);
  if (kubernetes > 0 && part !== NO_KUBERNETES) layouts.learn(text, keys, kubernetes, part);
  const line = lineOf(text, log, logEnd);
  if (stream === '') {
    const frame = openCriFrame(line);
    if (frame !== undefined) return record(frame.text, frame.stream, frame.time, part, frame.isPart ? PIECE : undefined);
  }
  return record(line, stream, time, part, tag === '' ? undefined : pieceOf(text, tag, line));
}

function openFramed(text: string): ContainerRecord | undefined {
  const frame = openCriFrame(text);
  return frame && record(frame.text, frame.stream, frame.time, NO_KUBERNETES, frame.isPart ? PIECE : undefined);
}

/**
 * What a record says of its being a piece: `logtag: P` of Fluent Bit's `cri` and `crio` parsers, or `partial_message` of Docker's drivers. Not `_p`: Fluent
 * Bit's `multiline.parser cri` joins the pieces itself and leaves the first one's `P` on the whole line.
 */
function pieceOf(text: string, tag: string, line: string): LinePiece | undefined {
  if (tag === 'logtag') return line.length <= MAX_PIECE_CHARS ? PIECE : undefined;
  const { partial_message: isPartial, partial_id: id, partial_last: isLast } = JSON.parse(text) as { readonly [key: string]: unknown };
  if (String(isPartial) !== 'true') return undefined;
  return { id: typeof id === 'string' ? id : 'docker', isLast: String(isLast) === 'true' };
}

function record(log: string, stream: string, time: string, part: KubernetesPart, piece?: LinePiece): ContainerRecord {
  return {
    log,
    stream: stream === '' ? undefined : stream,
    time: time === '' ? undefined : time,
    kubernetes: part.kubernetes,
    namespace: part.namespace,
    pod: part.pod,
    container: part.container,
    containerId: part.containerId,
    labels: part.labels,
    piece,
  };
}

/** Merge_Log without a key of its own leaves an object in place of the line: its text is the line then. */
function lineOf(text: string, start: number, end: number): string {
  return text.charCodeAt(start) === 34 ? unquoteJson(text, start, end) : onOneLine(text.slice(start, end));
}

function kubernetesPart(text: string, start: number, end: number): KubernetesPart {
  if (end - start === lastPart.text.length && text.startsWith(lastPart.text, start)) return lastPart.part;
  if (text.charCodeAt(start) !== 123) return NO_KUBERNETES;
  const source = detached(text.slice(start, end));
  const spans = objectSpans(source, 0);
  const part = partOf(source, spans, (key) => key);
  lastPart.text = source;
  lastPart.part = part;
  return part;
}

const FLAT = new Set(['labels', 'annotations', 'namespace_labels', 'namespace_annotations']);
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Names that mappings know stay; a key that OpenSearch could refuse, or an object where a word belongs, is left out of the typed part. */
function partOf(source: string, spans: Spans, rename: (key: string) => string | undefined): KubernetesPart {
  const members = new Map<string, string>();
  const words = new Map<string, string>();
  let labels: { readonly [label: string]: string } = {};
  for (const [key, span] of spans) {
    const name = rename(key);
    if (name === undefined || !NAME.test(name)) continue;
    const c = source.charCodeAt(span.start);
    if (FLAT.has(name)) {
      if (c !== 123) continue;
      const repaired = repairJson(source, span.start, `kubernetes.${name}`).text;
      members.set(name, repaired);
      if (name === 'labels') labels = stringsOf(repaired);
    } else if (c === 34) {
      const word = unquoteJson(source, span.start, span.end);
      words.set(name, word);
      members.set(name, quoteJson(word));
    } else if (c !== 123 && c !== 91 && c !== 110) members.set(name, quoteJson(source.slice(span.start, span.end)));
  }
  return toPart(members, words, labels);
}

function toPart(
  members: ReadonlyMap<string, string>,
  words: ReadonlyMap<string, string>,
  labels: { readonly [label: string]: string },
): KubernetesPart {
  return {
    kubernetes: [...members].map(([name, value]) => `"${name}":${value}`).join(','),
    labels,
    namespace: words.get('namespace_name'),
    pod: words.get('pod_name'),
    container: words.get('container_name'),
    containerId: words.get('docker_id')?.replace(/^[a-z0-9.-]+:\/\//, ''),
  };
}

function stringsOf(json: string): { readonly [label: string]: string } {
  const strings: { [label: string]: string } = Object.create(null) as { [label: string]: string };
  for (const [key, value] of Object.entries(JSON.parse(json) as { [key: string]: unknown }))
    if (typeof value === 'string') strings[key] = value;
  return strings;
}

const OTEL_NAMES: { readonly [key: string]: string } = {
  'k8s.namespace.name': 'namespace_name',
  'k8s.pod.name': 'pod_name',
  'k8s.pod.uid': 'pod_id',
  'k8s.pod.ip': 'pod_ip',
  'k8s.container.name': 'container_name',
  'k8s.container.restart_count': 'container_restart_count',
  'k8s.node.name': 'host',
  'k8s.deployment.name': 'deployment_name',
  'k8s.daemonset.name': 'daemonset_name',
  'k8s.statefulset.name': 'statefulset_name',
  'k8s.replicaset.name': 'replicaset_name',
  'k8s.job.name': 'job_name',
  'k8s.cronjob.name': 'cronjob_name',
  'container.id': 'docker_id',
  'container.image.name': 'container_image',
};
const OTEL_LABEL = /^k8s\.pod\.labels?\.(.+)$/;

function openOtelRecord(text: string): ContainerRecord | undefined {
  const top = objectSpans(text, 0);
  const source = new Map(flattened(text, top));
  for (const group of ['resource', 'attributes', 'resource.attributes']) {
    const span = top.get(group) ?? (group === 'resource.attributes' ? source.get('attributes') : undefined);
    if (span !== undefined && text.charCodeAt(span.start) === 123)
      for (const [key, value] of flattened(text, objectSpans(text, span.start))) source.set(key, value);
  }
  const body = source.get('body');
  if (body === undefined || ![...source.keys()].some((key) => key.startsWith('k8s.'))) return undefined;
  const part = partOf(text, source, (key) => OTEL_NAMES[key]);
  const labels: { [label: string]: string } = {};
  for (const [key, span] of source) {
    const label = OTEL_LABEL.exec(key)?.[1];
    if (label !== undefined && text.charCodeAt(span.start) === 34) labels[label] = unquoteJson(text, span.start, span.end);
  }
  const hasLabels = Object.keys(labels).length > 0;
  const repaired = hasLabels ? repairJson(JSON.stringify(labels), 0, 'kubernetes.labels').text : '';
  const stream = source.get('log.iostream') ?? source.get('stream');
  const time = source.get('time') ?? source.get('timestamp') ?? source.get('observed_timestamp');
  return record(
    lineOf(text, body.start, body.end),
    stream === undefined ? '' : unquoteJson(text, stream.start, stream.end),
    time === undefined || text.charCodeAt(time.start) !== 34 ? '' : unquoteJson(text, time.start, time.end),
    hasLabels
      ? { ...part, labels, kubernetes: part.kubernetes === '' ? `"labels":${repaired}` : `${part.kubernetes},"labels":${repaired}` }
      : part,
  );
}

/** `{"k8s":{"pod":{"name":…}}}` is the same as `{"k8s.pod.name":…}`; only that branch is walked. */
function flattened(text: string, spans: Spans, prefix = '', depth = 0): [string, { readonly start: number; readonly end: number }][] {
  const all: [string, { readonly start: number; readonly end: number }][] = [];
  for (const [key, span] of spans) {
    const name = prefix + key;
    const isBranch = /^(?:k8s|container|log)(?:\.|$)/.test(name) && text.charCodeAt(span.start) === 123 && depth < 6;
    if (isBranch) all.push(...flattened(text, objectSpans(text, span.start), `${name}.`, depth + 1));
    else all.push([name, span]);
  }
  return all;
}
