import { crc32 } from 'node:zlib';

/** A message of AWS's event stream encoding (prelude, headers of texts, payload, two checksums), as services send it. */
export function eventStreamMessage(eventType: string, payload: object): Buffer {
  const headers = Buffer.concat(
    Object.entries({ ':event-type': eventType, ':content-type': 'application/json', ':message-type': 'event' }).map(([name, value]) => {
      const head = Buffer.alloc(4 + Buffer.byteLength(name));
      head.writeUInt8(Buffer.byteLength(name), 0);
      head.write(name, 1);
      head.writeUInt8(7, head.length - 3);
      head.writeUInt16BE(Buffer.byteLength(value), head.length - 2);
      return Buffer.concat([head, Buffer.from(value)]);
    }),
  );
  const body = Buffer.from(JSON.stringify(payload));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + headers.length + body.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, headers, body]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(message), 0);
  return Buffer.concat([message, checksum]);
}
