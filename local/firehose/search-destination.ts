import type { DeliveredCounts, Destination, DestinationPorts, OutgoingRecord } from './destination.ts';
import { evaluatePrefix, objectName, rotationSuffix } from './prefix.ts';
import type { DeliveryStreamSpec, DestinationSpec } from './spec.ts';

type SearchSpec = Extract<DestinationSpec, { kind: 'search' }>;

/** Posts a `_bulk` body; rejects where there was no answer. */
export type PostBulk = (body: string) => Promise<{ readonly status: number; readonly text: string }>;

/** What this destination needs besides. */
export interface SearchDestinationPorts extends DestinationPorts {
  readonly post: PostBulk;
  readonly onRefused: (record: OutgoingRecord, errorType: string, message: string) => void;
}

/** First wait before a retry, on the run's clock; it doubles. */
const FIRST_BACKOFF_MS = 5_000;

/** Documents of OpenSearch: bulk requests of the buffer's size, into the index of the records' arrival. */
export class SearchDestination implements Destination {
  readonly counts: DeliveredCounts = { delivered: 0, refused: 0, objects: 0 };
  readonly #spec: DeliveryStreamSpec;
  readonly #search: SearchSpec;
  readonly #ports: SearchDestinationPorts;
  #buffer: OutgoingRecord[] = [];
  #bytes = 0;
  #round = 0;
  /** Records of requests that are under way or wait for another attempt. */
  #sending = 0;

  constructor(spec: DeliveryStreamSpec, search: SearchSpec, ports: SearchDestinationPorts) {
    this.#spec = spec;
    this.#search = search;
    this.#ports = ports;
  }

  get waiting(): number {
    return this.#buffer.length + this.#sending;
  }

  add(record: OutgoingRecord): void {
    if (this.#buffer.length === 0) {
      const round = ++this.#round;
      this.#ports.atPassing(this.#ports.now() + this.#spec.bufferMs, () => {
        if (this.#round === round) this.flush();
      });
    }
    this.#buffer.push(record);
    this.#bytes += record.data.length;
    if (this.#bytes >= this.#spec.bufferBytes) this.flush();
  }

  flush(): void {
    if (this.#buffer.length === 0) return;
    const records = this.#buffer;
    this.#buffer = [];
    this.#bytes = 0;
    this.#round++;
    this.#sending += records.length;
    if (this.#search.backsUpAll) this.#backUp(records);
    this.#ports.track(this.#send(records, this.#ports.now() + this.#search.retryMs, FIRST_BACKOFF_MS));
  }

  async #send(records: readonly OutgoingRecord[], untilMs: number, backoffMs: number): Promise<void> {
    let body = '';
    for (const record of records) {
      // The id that FIREHOSE_DEFAULT makes is the record's: the same in each attempt.
      const target = { _index: this.#indexOf(record), _id: record.recordId };
      body += `${JSON.stringify({ index: target })}\n${record.data.toString('utf8')}\n`;
    }
    const outcomes = await this.#outcomes(records, body);
    const again: OutgoingRecord[] = [];
    for (const [position, record] of records.entries()) {
      const outcome = outcomes[position] ?? 'retry';
      if (outcome === 'retry') again.push(record);
      else {
        this.#sending--;
        if (outcome === 'done') this.counts.delivered++;
        else this.#refuse(record, outcome);
      }
    }
    if (again.length === 0) return;
    const now = this.#ports.now();
    if (now + backoffMs <= untilMs) {
      this.#ports.at(now + backoffMs, () => this.#ports.track(this.#send(again, untilMs, backoffMs * 2)));
      return;
    }
    this.#sending -= again.length;
    for (const record of again) this.#refuse(record, 'the search took none of it in the time of retries');
  }

  async #outcomes(records: readonly OutgoingRecord[], body: string): Promise<readonly string[]> {
    try {
      const { status, text } = await this.#ports.post(body);
      if (status === 429 || status >= 500) return [];
      if (status >= 400) return records.map(() => `HTTP ${status}: ${text.slice(0, 300)}`);
      const { items } = JSON.parse(text) as {
        readonly items: readonly { readonly [action: string]: { readonly status: number; readonly error?: unknown } }[];
      };
      return items.map((item) => {
        const [answer] = Object.values(item);
        if (answer === undefined || answer.status === 429 || answer.status >= 500) return 'retry';
        return answer.status < 300 ? 'done' : `HTTP ${answer.status}: ${JSON.stringify(answer.error).slice(0, 300)}`;
      });
    } catch {
      return [];
    }
  }

  #indexOf({ arrivalMs }: OutgoingRecord): string {
    return this.#search.indexName + rotationSuffix(this.#search.rotation, arrivalMs);
  }

  #refuse(record: OutgoingRecord, message: string): void {
    this.counts.refused++;
    this.#ports.onRefused(record, 'AmazonOpenSearchService-failed', message);
  }

  #backUp(records: readonly OutgoingRecord[]): void {
    const { bucket, prefix } = this.#search.backup;
    const timeMs = this.#ports.now();
    const name = objectName(this.#spec.name, timeMs, this.#ports.nextId());
    const body = Buffer.from(records.map(({ data }) => `${data.toString('utf8')}\n`).join(''));
    this.counts.objects++;
    this.#ports.putObject(bucket, `${evaluatePrefix(prefix, { timeMs }) ?? ''}${name}`, body, false);
  }
}
