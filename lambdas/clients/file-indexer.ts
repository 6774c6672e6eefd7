import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { deliverFile } from '../core/access-logs/deliver-file.ts';
import type { CompiledAccessLogRules } from '../core/access-logs/file-rules.ts';
import type { FilePorts, FileReport, FileTask } from '../core/access-logs/file-task.ts';
import type { FileTransformPorts } from '../core/access-logs/file-transform.ts';
import { MetricGroups } from '../core/access-logs/metric-groups.ts';
import { metricLines } from '../core/access-logs/metric-lines.ts';
import type { AccessLogSource } from '../core/access-logs/rules.ts';
import type { WarmAges } from '../core/delivery/index-age.ts';
import type { LineEnrichment } from '../core/parse/access-fields.ts';
import { credentialsFromEnvironment } from './aws-signature.ts';
import { createDeadLetterStore } from './dead-letter-store.ts';
import { openFileParts } from './file-opener.ts';
import { processingTimeMs } from './indexer-settings.ts';
import { createPutLines } from './log-lines.ts';
import { printCounts } from './print-counts.ts';
import { createQueueSender } from './queue-sender.ts';
import { createS3Reader } from './s3-reader.ts';
import { createSearchSender } from './search-sender.ts';
import { createHttpClient } from './signed-http.ts';

/** Settings of alb-indexer, as its environment gives them. */
export interface FileIndexerSettings {
  /** Undefined where nothing is indexed. */
  readonly endpoint: string | undefined;
  readonly deadLetterBucket: string;
  readonly region: string;
  readonly functionName: string;
  readonly maxBytes: number;
  readonly maxDocuments: number;
  readonly gzip: boolean;
  readonly namespace: string;
  readonly queueUrl: string;
  readonly s3Endpoint?: string;
  /** `AWS_ENDPOINT_URL`: other services of AWS. */
  readonly awsEndpoint?: string;
}

/** What the entry brings. */
export interface FileIndexerParts {
  readonly rules: CompiledAccessLogRules;
  readonly families: WarmAges;
  readonly text: FileTransformPorts;
  readonly enrichment: (source: AccessLogSource) => LineEnrichment;
  /** Body of a message that asks for the rest of a file. */
  readonly continuation: (task: FileTask, offset: number) => string;
}

/** Delivers one file, prints its metrics and says what became of it. */
export type FileIndexer = (task: FileTask, remainingMs: () => number) => Promise<FileReport>;

type Environment = { readonly [name: string]: string | undefined };

/** Kept for dead letters, the message that goes on, and the answer. */
const RESERVE_MS = 15_000;
/** A part takes some seconds while the search is healthy. */
const PART_MS = 20_000;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Wires the steps together. Made once per cold start. */
export function createFileIndexer(settings: FileIndexerSettings, parts: FileIndexerParts, env: Environment): FileIndexer {
  const now = (): number => Date.now();
  const { region } = settings;
  const credentials = () => credentialsFromEnvironment(env);
  const client = (service: string) => createHttpClient({ service, region, credentials, now });
  const sleep = async (ms: number): Promise<void> => {
    await pause(ms);
  };
  const place = { region, ...(settings.s3Endpoint === undefined ? {} : { endpoint: settings.s3Endpoint }) };
  const openObject = createS3Reader(place, { credentials, now, sleep });
  const { endpoint } = settings;
  const sender =
    endpoint === undefined
      ? undefined
      : createSearchSender({ ...settings, endpoint }, { http: client('es'), sleep, now, families: parts.families });
  const s3 = client('s3');
  const putLines = createPutLines(region, { http: client('logs'), sleep }, settings.awsEndpoint);
  const sendMessage = createQueueSender(client('sqs'), settings.queueUrl, settings.awsEndpoint);

  return async (task, remainingMs) => {
    const nowMs = processingTimeMs(env, now());
    const ports: FilePorts = {
      open: ({ bucket, key }) => openFileParts(() => openObject(bucket, key), key),
      send: async (batches) => {
        if (sender === undefined) throw new Error('SEARCH_ENDPOINT is not set');
        return sender({ remainingMs, reserveMs: RESERVE_MS, nowMs })(batches);
      },
      keep: createDeadLetterStore({ ...place, bucket: settings.deadLetterBucket }, { http: s3, sleep, remainingMs }),
      putLines,
      goOn: (file, offset) => sendMessage(parts.continuation(file, offset)),
      text: parts.text,
      hash: sha256,
      hasTime: () => remainingMs() > RESERVE_MS + PART_MS,
      tell: (what) => console.log(JSON.stringify({ level: 'warning', ...what })),
    };
    const groups = new MetricGroups(parts.text.readLatin1);
    const report = await deliverFile(task, parts.rules, ports, {
      function: settings.functionName,
      nowMs,
      enrichment: parts.enrichment,
      groups,
    });
    printMetrics(report, groups, settings, nowMs);
    return report;
  };
}

function printMetrics(report: FileReport, groups: MetricGroups, settings: FileIndexerSettings, nowMs: number): void {
  const { source, failed } = report;
  const { namespace, functionName } = settings;
  printCounts(source, report, { namespace, functionName, nowMs });
  for (const text of metricLines(groups.groups, namespace)) console.log(text);
  if (failed > 0) console.log(JSON.stringify({ level: 'warning', message: 'lines that no parser understood', source, lines: failed }));
}
