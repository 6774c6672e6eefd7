/** An address as its bits. */
export interface IpAddress {
  readonly version: 4 | 6;
  readonly bits: bigint;
}

/** Reads four numbers with dots; leading zeros are refused, since some read them as octal. */
export function parseIpv4(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  let bits = 0n;
  for (let i = 1; i <= 4; i++) {
    const part = match[i] as string;
    if (Number(part) > 255 || (part.length > 1 && part[0] === '0')) return undefined;
    bits = (bits << 8n) | BigInt(part);
  }
  return bits;
}

/** Reads an IPv6 address, with `::` and a trailing IPv4 part; zones are refused. */
export function parseIpv6(text: string): bigint | undefined {
  if (text.length > 45 || !text.includes(':')) return undefined;
  let source = text;
  const lastColon = text.lastIndexOf(':');
  if (text.includes('.')) {
    const tail = parseIpv4(text.slice(lastColon + 1));
    if (tail === undefined) return undefined;
    source = `${text.slice(0, lastColon + 1)}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`;
  }
  const halves = source.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const count = groups.reduce((sum, group) => sum + group.length, 0);
  if (halves.length === 2 ? count > 7 : count !== 8) return undefined;
  const all =
    halves.length === 2
      ? [...(groups[0] as string[]), ...Array<string>(8 - count).fill('0'), ...(groups[1] as string[])]
      : (groups[0] as string[]);
  let bits = 0n;
  for (const group of all) {
    if (!/^[0-9A-Fa-f]{1,4}$/.test(group)) return undefined;
    bits = (bits << 16n) | BigInt(`0x${group}`);
  }
  return bits;
}

/** Reads an address of either version. */
export function parseIp(text: string): IpAddress | undefined {
  const four = parseIpv4(text);
  if (four !== undefined) return { version: 4, bits: four };
  const six = parseIpv6(text);
  return six === undefined ? undefined : { version: 6, bits: six };
}

/** A block in CIDR notation as a test; undefined when the text is none. */
export function parseSubnet(text: string): { readonly version: 4 | 6; readonly has: (bits: bigint) => boolean } | undefined {
  const slash = text.indexOf('/');
  if (slash < 0 || !/^\d{1,3}$/.test(text.slice(slash + 1))) return undefined;
  const address = parseIp(text.slice(0, slash));
  const length = Number(text.slice(slash + 1));
  const width = address?.version === 4 ? 32 : 128;
  if (!address || length > width) return undefined;
  const shift = BigInt(width - length);
  const prefix = address.bits >> shift;
  return { version: address.version, has: (bits) => bits >> shift === prefix };
}

const blocks = (...texts: string[]) => texts.map((text) => parseSubnet(text) as NonNullable<ReturnType<typeof parseSubnet>>);

/** RFC 1918. */
const PRIVATE = blocks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16');
/** IANA's special-purpose registries, without the private ranges. */
const RESERVED = blocks(
  '0.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/127',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
);

function inAny(list: typeof PRIVATE, address: IpAddress): boolean {
  return list.some((block) => block.version === address.version && block.has(address.bits));
}

export function isPrivate(address: IpAddress): boolean {
  return inAny(PRIVATE, address);
}

export function isReserved(address: IpAddress): boolean {
  return inAny(RESERVED, address);
}
