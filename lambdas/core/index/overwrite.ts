import type { BulkBatch } from './types.ts';

const LINE_FEED = 10;
const BLANK = 32;
const C_SMALL = 99;
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
/** As long as `{"create"`: JSON allows the blank. */
const INDEX = bytesOf('{"index" ');
const VERSION = bytesOf('","version":');
/** Where an action's name starts. */
const NAME_AT = 2;

/**
 * Makes every action of a body `index`, without a version, in place: each document is written over what is there under its `_id`, whoever wrote it. For a
 * backfill after a parser was mended; nothing that is delivered live may do this.
 */
export function overwriteAll({ body, documents }: Pick<BulkBatch, 'body' | 'documents'>): void {
  for (const { start } of documents) {
    if (body[start + NAME_AT] === C_SMALL) body.set(INDEX, start);
    else dropVersion(body, start);
  }
}

/** `…","version":3,"version_type":"external"}}`: blanks behind the id. An id holds no quote, so the first find is the one. */
function dropVersion(body: Uint8Array, start: number): void {
  const end = body.indexOf(LINE_FEED, start);
  for (let at = start; at < end; at++) {
    if (!VERSION.every((byte, offset) => body[at + offset] === byte)) continue;
    body.fill(BLANK, at + 1, end - 2);
    return;
  }
}
