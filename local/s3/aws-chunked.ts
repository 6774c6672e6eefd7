import type { IncomingHttpHeaders } from 'node:http';

/** Takes the frames off an `aws-chunked` body (`<size hex>[;chunk-signature=…]CRLF data CRLF … 0 CRLF trailers`); another body stays as it is. */
export function unchunk(body: Buffer, headers: IncomingHttpHeaders): Buffer {
  const framed =
    headers['content-encoding']?.includes('aws-chunked') || String(headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  if (!framed) return body;
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    if (end < 0) throw new Error('aws-chunked: a frame has no end of line');
    const size = Number.parseInt(body.toString('latin1', at, end).split(';')[0] ?? '', 16);
    if (!Number.isSafeInteger(size) || size < 0 || end + 2 + size > body.length) throw new Error('aws-chunked: a frame has a wrong size');
    if (size === 0) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
