import type { ParsedLine } from '../parse/types.ts';
import { ends, starts } from './alb-bytes.ts';
import { Histogram } from './histogram.ts';
import type { ReadLatin1 } from './line-notes.ts';

/** Requests of one minute to one target group with one class of status. */
export interface MetricGroup {
  /** Start of the minute, by the requests' own time, in ms. */
  readonly minuteMs: number;
  /** As CloudWatch's own metrics of load balancers name it: `app/shop/50dc6c495c0c9188`. */
  readonly loadBalancer: string;
  /** `targetgroup/web/73e2d6bc24d8a067`; `none` where the load balancer answered itself. */
  readonly targetGroup: string;
  /** `2xx` … `5xx`. */
  readonly statusClass: string;
  requests: number;
  /** Durations in ms, of the requests that have one. */
  readonly durations: Histogram;
}

/** Groups that one invocation keeps; what comes beyond is counted without its target group. */
const MAX_GROUPS = 2_000;
const MINUTE_MS = 60_000;
const TARGET_GROUP = 'targetgroup/';

interface Name {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** Finds the group of a request, and keeps the durations of those that were indexed. */
export class MetricGroups {
  readonly groups: MetricGroup[] = [];
  readonly #numbers = new Map<string, number>();
  /** The same by numbers, for lines of bytes. */
  readonly #quick = new Map<number, number>();
  readonly #names: Name[] = [];
  readonly #read: ReadLatin1;

  constructor(read: ReadLatin1) {
    this.#read = read;
  }

  /** Group of the ALB line that was scanned last. */
  ofBytes(bytes: Uint8Array): number {
    const time = starts[1] as number;
    const minuteOfDay =
      (((bytes[time + 11] as number) - 48) * 10 + (bytes[time + 12] as number) - 48) * 60 +
      ((bytes[time + 14] as number) - 48) * 10 +
      (bytes[time + 15] as number) -
      48;
    const loadBalancer = this.#nameAt(bytes, 2);
    const arn = this.#nameAt(bytes, 16);
    const statusClass = (bytes[starts[8] as number] as number) - 48;
    const key = ((arn * 1_000 + loadBalancer) * 10 + statusClass) * 1440 + minuteOfDay;
    const known = this.#quick.get(key);
    if (known !== undefined) return known;
    const minuteMs = Date.parse(`${this.#read(bytes, time, time + 16)}:00Z`);
    const number = this.#numberOf(minuteMs, (this.#names[loadBalancer] as Name).text, (this.#names[arn] as Name).text, `${statusClass}xx`);
    this.#quick.set(key, number);
    return number;
  }

  /** Group of a parsed line; -1 for one without a status. */
  ofLine({ timestamp, members }: ParsedLine): number {
    if (timestamp === undefined || !members.includes('"status_class":"')) return -1;
    const record = JSON.parse(`{${members}}`) as {
      readonly http?: { readonly response?: { readonly status_class?: string } };
      readonly alb?: { readonly name?: string; readonly target_group_arn?: string };
    };
    const statusClass = record.http?.response?.status_class;
    if (statusClass === undefined) return -1;
    const minuteMs = Math.floor(Date.parse(timestamp) / MINUTE_MS) * MINUTE_MS;
    return this.#numberOf(minuteMs, record.alb?.name ?? '', record.alb?.target_group_arn ?? '', statusClass);
  }

  /** Counts a request that was indexed. A duration of -1 is none. */
  add(number: number, durationNs: number): void {
    const group = this.groups[number];
    if (group === undefined) return;
    group.requests++;
    if (durationNs >= 0) group.durations.add(durationNs / 1e6);
  }

  #numberOf(minuteMs: number, loadBalancer: string, arn: string, statusClass: string): number {
    const at = arn.indexOf(`:${TARGET_GROUP}`);
    const full = this.groups.length >= MAX_GROUPS;
    const targetGroup = full ? 'other' : at < 0 ? 'none' : arn.slice(at + 1);
    const key = `${minuteMs} ${loadBalancer} ${targetGroup} ${statusClass}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.groups.length;
    this.groups.push({ minuteMs, loadBalancer, targetGroup, statusClass, requests: 0, durations: new Histogram() });
    this.#numbers.set(key, number);
    return number;
  }

  /** Number of the field's text among those that were seen. */
  #nameAt(bytes: Uint8Array, field: number): number {
    const start = starts[field] as number;
    const size = (ends[field] as number) - start;
    const names = this.#names;
    for (let number = 0; number < names.length; number++) if (isSame((names[number] as Name).bytes, bytes, start, size)) return number;
    // A load balancer has some hundred target groups at most; somebody who invents more gets no number of his own.
    if (names.length >= 900) return 0;
    names.push({ bytes: bytes.slice(start, start + size), text: this.#read(bytes, start, start + size) });
    return names.length - 1;
  }
}

/** From the end, where names differ. */
function isSame(name: Uint8Array, bytes: Uint8Array, start: number, size: number): boolean {
  if (name.length !== size) return false;
  for (let i = size - 1; i >= 0; i--) if (name[i] !== bytes[start + i]) return false;
  return true;
}
