import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { containerOf, type ExpectedRow, type Json, linesOf, ROOT, SAMPLES, shownTime, truth } from './independent.ts';

/** Samples beside the recorded cluster, relative to the root. */
export const MORE_SAMPLES = {
  ingress:
    'samples/ingress/ingress-nginx-controller-7f9b745c68-qx2lm_ingress-nginx_controller-487a0a9a39038de9767bdcbc6f81bf46cd7dcedb81be97d41dd6079d35bd922e.log.gz',
  events: 'samples/events/kubernetes-events.ndjson.gz',
  performance: 'samples/performance/performance.ndjson.gz',
  functions: 'samples/pipeline/functions.ndjson.gz',
} as const;

/** The container samples of the recorded cluster. */
export const CONTAINERS: readonly string[] = [SAMPLES.cdro, SAMPLES.checkout, SAMPLES.orders, SAMPLES.web];

/** A line of a container with what its file's name tells. */
export interface ContainerRecord {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly stream: string;
  readonly log: string;
  /** As CloudWatch shows it, of the line's first piece: Fluent Bit keeps that one. */
  readonly time: string;
  /** The record that Fluent Bit sends for it. */
  readonly message: string;
}

/** All lines of container samples; containerd's pieces (P … F) are glued together per stream. */
export function recordsOf(files: readonly string[]): ContainerRecord[] {
  return files.flatMap((file) => {
    const { pod, namespace, container } = containerOf(file);
    const id = /([0-9a-f]{64})\.log/.exec(basename(file))?.[1];
    const open: Record<string, { time: string; pieces: Buffer[] }> = {};
    const found: ContainerRecord[] = [];
    // latin1 keeps every byte: a piece may end inside of a UTF-8 character.
    for (const line of gunzipSync(readFileSync(join(ROOT, file)))
      .toString('latin1')
      .split('\n')) {
      const match = /^(\S+) (stdout|stderr) ([PF]) ([\s\S]*)$/.exec(line);
      if (!match) continue;
      const [, time = '', stream = '', tag, text = ''] = match;
      const begun = open[stream] ?? { time, pieces: [] };
      open[stream] = begun;
      begun.pieces.push(Buffer.from(text, 'latin1'));
      if (tag === 'P') continue;
      delete open[stream];
      const log = Buffer.concat(begun.pieces).toString('utf8');
      const message = JSON.stringify({
        time: begun.time,
        stream,
        _p: 'F',
        log,
        kubernetes: {
          pod_name: pod,
          namespace_name: namespace,
          host: 'ip-10-0-11-35.ec2.internal',
          container_name: container,
          docker_id: id,
        },
      });
      found.push({ namespace, pod, container, stream, log, time: shownTime(begun.time), message });
    }
    return found;
  });
}

/** The columns that name a container in most queries. */
export function containerColumns({ namespace, pod, container }: ContainerRecord): ExpectedRow {
  return { 'kubernetes.namespace_name': namespace, 'kubernetes.pod_name': pod, 'kubernetes.container_name': container };
}

/** An event of a file of CloudWatch events, its message as text and, where it is JSON, read. */
export interface ExportedEvent {
  readonly time: string;
  readonly stream: string;
  readonly text: string;
  readonly json: Json;
}

/** The events of a file in the shape of FilterLogEvents, one a line. */
export function exportedEvents(file: string): ExportedEvent[] {
  return linesOf(file).map((line) => {
    const { timestamp, message, logStreamName } = JSON.parse(line) as { timestamp: number; message: string; logStreamName: string };
    const brace = message.indexOf('{');
    return {
      time: shownTime(new Date(timestamp).toISOString()),
      stream: logStreamName,
      text: message,
      json: brace < 0 ? undefined : JSON.parse(message.slice(brace)),
    };
  });
}

/** Rows with their numbers cut to nine digits: sums of fractions differ behind that with the order of adding. */
export function rounded<T extends Record<string, unknown>>(rows: readonly T[]): T[] {
  return rows.map(
    (row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? Number(value.toPrecision(9)) : value]),
      ) as T,
  );
}

/** Sum of numbers. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** A line that is JSON, read; undefined for any other. */
export function readJson(line: string): Json {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What `samples/truth.json` says of a container sample. */
export function truthOf(file: string): Json {
  return truth[basename(file, '.gz')];
}
