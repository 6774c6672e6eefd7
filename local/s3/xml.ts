import type { ListedObject } from './bucket-store.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
/** Most keys in one page of a listing. */
const MAX_KEYS = 1000;

/** Text inside an element or attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"'\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** S3's error document. */
export function errorXml(code: string, message: string): string {
  return `${DECLARATION}<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
}

/** One page of ListObjectsV2; the continuation token is the last key of the page before. */
export function listXml(bucket: string, objects: readonly ListedObject[], query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? MAX_KEYS) || MAX_KEYS, MAX_KEYS);
  const commonPrefixes = new Set<string>();
  const page: ListedObject[] = [];
  let last = '';
  let isTruncated = false;
  for (const object of objects) {
    if (object.key <= after || (after.endsWith(delimiter) && delimiter !== '' && object.key.startsWith(after))) continue;
    const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const group = cut < 0 ? undefined : object.key.slice(0, cut + delimiter.length);
    if (group !== undefined && commonPrefixes.has(group)) continue;
    if (page.length + commonPrefixes.size === limit) {
      isTruncated = true;
      break;
    }
    if (group === undefined) page.push(object);
    else commonPrefixes.add(group);
    last = group ?? object.key;
  }
  const contents = page.map(({ key, size }) => `<Contents><Key>${escapeXml(key)}</Key><Size>${size}</Size></Contents>`);
  const groups = [...commonPrefixes].map((group) => `<CommonPrefixes><Prefix>${escapeXml(group)}</Prefix></CommonPrefixes>`);
  return [
    `${DECLARATION}<ListBucketResult><Name>${escapeXml(bucket)}</Name><Prefix>${escapeXml(prefix)}</Prefix>`,
    `<KeyCount>${page.length + commonPrefixes.size}</KeyCount><MaxKeys>${limit}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>`,
    isTruncated ? `<NextContinuationToken>${escapeXml(last)}</NextContinuationToken>` : '',
    ...contents,
    ...groups,
    '</ListBucketResult>',
  ].join('');
}

/** Keys of a DeleteObjects request. */
export function keysToDelete(body: string): string[] {
  return [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => unescapeXml(match[1] ?? ''));
}

/** Answer to a DeleteObjects request. */
export function deletedXml(keys: readonly string[]): string {
  const deleted = keys.map((key) => `<Deleted><Key>${escapeXml(key)}</Key></Deleted>`).join('');
  return `${DECLARATION}<DeleteResult>${deleted}</DeleteResult>`;
}

function unescapeXml(text: string): string {
  const named: { readonly [name: string]: string } = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return named[name ?? ''] ?? whole;
  });
}
