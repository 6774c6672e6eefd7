/** A value of a MaxMind database. */
export type Value = string | number | { readonly [key: string]: Value } | readonly Value[];

const RECORD_BYTES = 3;
const SEPARATOR = Buffer.alloc(16);
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const TYPE = { string: 2, double: 3, uint32: 6, map: 7, array: 11 } as const;

/** A database of IPv4 that knows one network, written by the format's description: the tree of bits, the data, what is true of both. */
export function smallDatabase(network: readonly number[], value: Value): Buffer {
  const bits = network.flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> (7 - bit)) & 1));
  const nodes = bits.length;
  const tree = Buffer.alloc(nodes * RECORD_BYTES * 2);
  for (const [node, bit] of bits.entries()) {
    const last = node === nodes - 1;
    const records = [nodes, nodes];
    records[bit] = last ? nodes + SEPARATOR.length : node + 1;
    for (const [side, record] of records.entries()) tree.writeUIntBE(record, (node * 2 + side) * RECORD_BYTES, RECORD_BYTES);
  }
  const about = {
    ...{ binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 1, database_type: 'Test', description: {} },
    ...{ ip_version: 4, languages: ['en'], node_count: nodes, record_size: RECORD_BYTES * 8 },
  };
  return Buffer.concat([tree, SEPARATOR, encoded(value), MARKER, encoded(about)]);
}

function encoded(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([head(TYPE.string, text.length), text]);
  }
  if (typeof value === 'number') {
    const isWhole = Number.isInteger(value) && value >= 0;
    const bytes = Buffer.alloc(isWhole ? 4 : 8);
    if (isWhole) bytes.writeUInt32BE(value);
    else bytes.writeDoubleBE(value);
    return Buffer.concat([head(isWhole ? TYPE.uint32 : TYPE.double, bytes.length), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([head(TYPE.array, value.length), ...value.map(encoded)]);
  const entries = Object.entries(value);
  return Buffer.concat([head(TYPE.map, entries.length), ...entries.flatMap(([key, member]) => [encoded(key), encoded(member)])]);
}

/** Type and size, of which the small ones stand in one byte; types from 8 on stand in the next. */
function head(type: number, size: number): Buffer {
  const first = Math.min(size, 29);
  const kind = type > 7 ? [first, type - 7] : [(type << 5) | first];
  return Buffer.from(size < 29 ? kind : [...kind, size - 29]);
}
