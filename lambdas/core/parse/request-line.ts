/** Parts of an HTTP request line as member texts; empty where the request was not one. */
export interface RequestParts {
  /** `"method":"GET"` */
  readonly method: string;
  /** `"version":"1.1"` */
  readonly version: string;
  /** Members of `url`. */
  readonly url: string;
}

const METHOD = /^[A-Z][A-Z-]{1,19}$/;
const PROTOCOL = /^HTTP\/(\d(?:\.\d)?)$/;

/** Reads `GET /path?query HTTP/1.1`; the URL may hold blanks. Anything else (TLS bytes, garbage) is kept whole as `url.original`. */
export function requestParts(request: string, quote: (text: string) => string): RequestParts {
  if (request === '' || request === '-') return { method: '', version: '', url: '' };
  const first = request.indexOf(' ');
  const last = request.lastIndexOf(' ');
  const method = first < 0 ? '' : request.slice(0, first);
  const protocol = last > first ? PROTOCOL.exec(request.slice(last + 1)) : null;
  const isHttp09 = protocol === null && METHOD.test(method) && first === last && request.charCodeAt(first + 1) === 47;
  if (!METHOD.test(method) || (protocol === null && !isHttp09)) return { method: '', version: '', url: `"original":${quote(request)}` };
  const target = request.slice(first + 1, protocol === null ? request.length : last);
  return {
    method: `"method":"${method}"`,
    version: protocol === null ? '' : `"version":"${protocol[1]}"`,
    url: urlParts(target, quote),
  };
}

/** Members of `url` for a request target: a path, an absolute URL, `*`, or a host and port. */
export function urlParts(target: string, quote: (text: string) => string): string {
  let members = `"original":${quote(target)}`;
  const scheme = target.indexOf('://');
  let rest = target;
  if (scheme > 0 && scheme < 12) {
    const slash = target.indexOf('/', scheme + 3);
    const authority = target.slice(scheme + 3, slash < 0 ? target.length : slash);
    const host = authority.replace(/:\d{0,5}-?$/, '');
    if (host !== '') members += `,"domain":${quote(host)}`;
    rest = slash < 0 ? '' : target.slice(slash);
  }
  if (!rest.startsWith('/')) return members;
  const mark = rest.indexOf('?');
  if (mark < 0) return `${members},"path":${quote(rest)}`;
  return `${members},"path":${quote(rest.slice(0, mark))},"query":${quote(rest.slice(mark + 1))}`;
}
