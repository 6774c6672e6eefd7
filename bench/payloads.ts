import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Kinds of payload that are measured. */
export const PAYLOAD_KINDS = ['audit', 'container-json', 'klog', 'authenticator'] as const;
export type PayloadKind = (typeof PAYLOAD_KINDS)[number];

/** A subscription payload as CloudWatch would send it. */
export interface Payload {
  readonly base64: string;
  readonly gzipBytes: number;
  readonly unpackedBytes: number;
  readonly events: number;
}

const SAMPLES = fileURLToPath(new URL('../samples/', import.meta.url));
const HEX = '0123456789abcdef';

/** The same numbers on every run, so that runs compare. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function lines(file: string): string[] {
  return gunzipSync(readFileSync(`${SAMPLES}${file}`))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** A recorded line with ids, long numbers and fractions of seconds of its own: repeated text would flatter gzip and every cache. */
function varied(line: string, random: () => number): string {
  const digit = (): string => String(Math.floor(random() * 10));
  // A stream is one process: the process id of its klog headers stays.
  const header = /^[IWEF]\d{4} [^\]]*\]/.exec(line)?.[0].length ?? 0;
  return line
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}/g, (id) =>
      id.replace(/[0-9a-f]/g, () => HEX[Math.floor(random() * 16)] as string),
    )
    .replace(/(:\d\d\.)(\d{3,9})/g, (_all, head: string, fraction: string) => head + fraction.replace(/\d/g, digit))
    .replace(/(?<![\d.A-Za-z-])[1-9]\d{3,11}(?![\d.A-Za-z-])/g, (number, at: number) =>
      at < header ? number : number[0] + number.slice(1).replace(/\d/g, digit),
    );
}

/** Lines of a kind. Control-plane lines over 20 KB are left out: three of them would be half of a payload. */
function sourceLines(kind: PayloadKind): string[] {
  switch (kind) {
    case 'audit':
      return lines('control-plane/kube-apiserver-audit.log.gz').filter((line) => line.length < 20_000);
    case 'klog':
      return [
        ...lines('control-plane/kube-apiserver.log.gz'),
        ...lines('control-plane/kube-scheduler.log.gz'),
        ...lines('control-plane/kube-controller-manager.log.gz'),
      ].filter((line) => /^[IWEF]\d{4} /.test(line));
    case 'authenticator':
      return lines('control-plane/authenticator.log.gz').filter((line) => line.startsWith('time='));
    case 'container-json': {
      const file = readdirSync(`${SAMPLES}containers`).find((name) => name.startsWith('checkout-')) as string;
      return lines(`containers/${file}`).filter((line) => CRI.test(line));
    }
  }
}

const CRI = /^(\S+) (stdout|stderr) F (\{.*)$/;

/** Containers whose lines alternate in the payload; a real stream holds one. */
const CONTAINERS = [
  ['checkout-5f6d7c8b9-abcde', '3cc1c238b582da0475449b5306bc35efa2b705d3a5b26148906be01db8cef9fd'],
  ['checkout-5f6d7c8b9-x2k4q', 'f48e568740eef3f56022ff408e08ebdbecd5a3f01a3e503bcdd3be61257ca435'],
  ['checkout-5f6d7c8b9-6kj7f', '7d6dcafdf2da28691e980f9f04db1103aa5293af540882164cb66c5535eca52d'],
] as const;

/** What Fluent Bit makes of a CRI line of the sample with its kubernetes filter. */
function fluentBitRecord(line: string, i: number, random: () => number): string {
  const [, time, stream, log] = CRI.exec(line) as unknown as [string, string, string, string];
  const [pod, id] = CONTAINERS[i % CONTAINERS.length] as (typeof CONTAINERS)[number];
  return JSON.stringify({
    log: varied(log, random),
    stream,
    time: varied(time, random),
    kubernetes: {
      pod_name: pod,
      namespace_name: 'prod-web',
      pod_id: '5b1d7a0e-5d1c-4b0e-9f57-0d6f3a3f1111',
      labels: { app: 'checkout', 'pod-template-hash': '5f6d7c8b9', 'app.kubernetes.io/name': 'checkout' },
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' },
      host: 'ip-10-0-11-35.ec2.internal',
      pod_ip: '10.0.11.94',
      container_name: 'checkout',
      docker_id: id,
      container_hash: `registry.example.com/checkout@sha256:${id}`,
      container_image: 'registry.example.com/checkout:1.42.0',
    },
  });
}

const STREAMS: { readonly [kind in PayloadKind]: readonly [group: string, stream: string] } = {
  audit: ['/aws/eks/prod/cluster', 'kube-apiserver-audit-0123456789abcdef0123456789abcdef'],
  klog: ['/aws/eks/prod/cluster', 'kube-apiserver-0123456789abcdef0123456789abcdef'],
  authenticator: ['/aws/eks/prod/cluster', 'authenticator-0123456789abcdef0123456789abcdef'],
  'container-json': ['/aws/containerinsights/prod/application', 'ip-10-0-11-35.ec2.internal-application.var.log.containers.checkout'],
};

/** More than any payload holds, so that ids of two parts never meet. */
const EVENTS_PER_PART = 1_000_000;
const FIRST_MS = Date.UTC(2026, 10, 21, 8, 23, 20);

/** A payload of a kind that gzips to about `gzipBytes`. Another `part` has other events: the same kind's parts are like one stream's payloads in turn. */
export function makePayload(kind: PayloadKind, gzipBytes: number, part = 0): Payload {
  const source = sourceLines(kind);
  const random = randomFrom(42 + part);
  const firstEvent = part * EVENTS_PER_PART;
  const [logGroup, logStream] = STREAMS[kind];
  const messages: string[] = [];
  const pack = (): { readonly text: string; readonly gzip: Buffer } => {
    const text = JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '111122223333',
      logGroup,
      logStream,
      subscriptionFilters: ['eks-telemetry'],
      logEvents: messages.map((message, i) => ({ id: eventId(firstEvent + i), timestamp: FIRST_MS + i * 7, message })),
    });
    return { text, gzip: gzipSync(text) };
  };
  let packed = pack();
  while (packed.gzip.length < gzipBytes) {
    // By the share that is still missing: gzip is asked a few times, not for every line, and the target is not overshot.
    const missing = messages.length * (gzipBytes / packed.gzip.length - 1);
    const share = messages.length === 0 ? 200 : Math.ceil(Math.min(missing, messages.length) * 0.9) + 1;
    for (let i = 0; i < share; i++) {
      const line = source[messages.length % source.length] as string;
      messages.push(kind === 'container-json' ? fluentBitRecord(line, messages.length, random) : varied(line, random));
    }
    packed = pack();
  }
  return {
    base64: packed.gzip.toString('base64'),
    gzipBytes: packed.gzip.length,
    unpackedBytes: Buffer.byteLength(packed.text),
    events: messages.length,
  };
}

/** Ids as long as CloudWatch's: 56 digits. */
function eventId(i: number): string {
  return `394938472938472938472938472938472938472938472${String(i).padStart(11, '0')}`;
}
