import { ownsContainer } from '../index/applications.ts';
import { openContainerRecord } from '../parse/container-record.ts';
import type { ApplicationRule, SourceRule } from '../rules/rules.ts';

/** Name of the application that owns a message; '' where none does, undefined for a message that is no container's record. */
export type OwnerOf = (message: string) => string | undefined;

const MAX_REMEMBERED = 2_000;
const KUBERNETES = '"kubernetes":';
/** The same inside of a JSON string, as it is in a payload's bytes. */
export const ESCAPED_KUBERNETES = '\\"kubernetes\\":';

/**
 * Finds the application of a source's records. What decides is the record's metadata, which Fluent Bit writes behind the line and which is the same in all
 * records of a container: where it is known, nothing is read.
 */
export function createOwnerOf(source: Pick<SourceRule, 'kind' | 'cluster'>, applications: readonly ApplicationRule[]): OwnerOf | undefined {
  if (source.kind === 'controlPlane' || source.kind === 'performance' || applications.length === 0) return undefined;
  return (message) => {
    const record = openContainerRecord(message);
    if (record === undefined) return undefined;
    return applications.find(({ match }) => ownsContainer(match, source.cluster, record))?.name ?? '';
  };
}

/**
 * Remembers owners by the metadata at the end of a record. What a container prints cannot pass for another's metadata: in a record's own text quotes are
 * escaped once more, an object of its own inside of the record ends with one brace more, and a bare line, which could hold anything, is not remembered.
 */
export class KnownOwners {
  readonly #ownerOf: OwnerOf;
  readonly #key: string;
  readonly #known = new Map<string, string>();

  /** `key` is how the metadata begins in the texts that are asked for. */
  constructor(ownerOf: OwnerOf, key: string = KUBERNETES) {
    this.#ownerOf = ownerOf;
    this.#key = key;
  }

  /** The owner of the message in `text`; `read` makes the message of it where it is not known yet. */
  of(text: string, read: () => string): string {
    const at = text.charCodeAt(0) === 123 ? text.lastIndexOf(this.#key) : -1;
    if (at < 0) return this.#ownerOf(read()) ?? '';
    const metadata = text.slice(at);
    const known = this.#known.get(metadata);
    if (known !== undefined) return known;
    const owner = this.#ownerOf(read());
    if (owner === undefined) return '';
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(metadata, owner);
    return owner;
  }
}
