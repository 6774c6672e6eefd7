import type { FileTransformPorts } from '../../../../lambdas/core/access-logs/file-transform.ts';
import { writeUtf8 } from '../../../../lambdas/events/utf8.ts';

/** Bytes and texts as the function reads and writes them. */
export const TEXT_PORTS: FileTransformPorts = {
  write: writeUtf8,
  readLatin1: (bytes, start, end) => Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1'),
  readUtf8: (bytes, start, end) => Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'),
};
