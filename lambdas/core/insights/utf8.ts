const NOT_ASCII = /[\x80-\xff]/;

/** UTF-8 bytes as a text of one unit per byte: the way in which a reader can hand over bytes without decoding what no query looks at. */
export function toByteText(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return encodeURIComponent(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')).replace(
    /%([0-9A-F]{2})/g,
    (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** The text that such bytes mean; what is no UTF-8 becomes U+FFFD. */
export function fromByteText(bytes: string): string {
  if (!NOT_ASCII.test(bytes)) return bytes;
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes.charCodeAt(at);
    if (lead < 0x80) {
      const start = at;
      while (at < bytes.length && bytes.charCodeAt(at) < 0x80) at++;
      text += bytes.slice(start, at);
      continue;
    }
    const size = lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 1;
    let code = size === 1 ? -1 : lead & (0xff >> (size + 1));
    let read = 1;
    for (; code >= 0 && read < size; read++) {
      const next = bytes.charCodeAt(at + read);
      // The second byte also keeps out overlong forms, surrogates and what lies beyond U+10FFFF.
      const low = read > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const high = read > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      if (!(next >= low && next <= high)) {
        code = -1;
        break;
      }
      code = (code << 6) | (next & 0x3f);
    }
    text += code < 0 ? '\ufffd' : String.fromCodePoint(code);
    at += read;
  }
  return text;
}
