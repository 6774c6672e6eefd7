import { readFileSync } from 'node:fs';
import type BowserModule from 'bowser';
import type { AccessLogSource } from '../core/access-logs/rules.ts';
import type { LineEnrichment } from '../core/parse/access-fields.ts';
import { joinMembers } from '../core/parse/json-text.ts';

/** What a source's documents get besides: asked once per source. */
export type Enrich = (source: Pick<AccessLogSource, 'geoIp' | 'userAgents'>) => LineEnrichment;

/** Values of a database are for charts: a longer one is a mistake of the database. */
const MAX_VALUE = 200;

/**
 * Loads what the sources ask for: the database that the user put beside the function (`.mmdb`; City, Country, ASN or any other with these names), and the
 * reader of user agents. Both are loaded only where they are used. An enrichment adds or does nothing: it never throws.
 */
export async function createEnrichment(
  database: string | undefined,
  sources: readonly Pick<AccessLogSource, 'geoIp' | 'userAgents'>[],
): Promise<Enrich> {
  const source = database !== undefined && sources.some(({ geoIp }) => geoIp) ? await placesOf(database) : undefined;
  const userAgent = sources.some(({ userAgents }) => userAgents) ? await agents() : undefined;
  return ({ geoIp, userAgents }) => ({
    ...(geoIp && source !== undefined ? { source } : {}),
    ...(userAgents && userAgent !== undefined ? { userAgent } : {}),
  });
}

interface Place {
  readonly continent?: { readonly code?: unknown };
  readonly country?: { readonly iso_code?: unknown };
  readonly subdivisions?: readonly { readonly names?: { readonly en?: unknown } }[];
  readonly city?: { readonly names?: { readonly en?: unknown } };
  readonly location?: { readonly latitude?: unknown; readonly longitude?: unknown; readonly time_zone?: unknown };
  readonly autonomous_system_number?: unknown;
  readonly autonomous_system_organization?: unknown;
}

async function placesOf(database: string): Promise<(address: string) => string> {
  const { Reader } = await import('maxmind');
  const reader = new Reader<never>(readFileSync(database));
  return (address) => guarded(() => placeMembers(reader.get(address) as Place | null));
}

/** `,"geo":{…},"as":{…}` by ECS. */
export function placeMembers(place: Place | null): string {
  if (place === null) return '';
  const { continent, country, subdivisions, city, location } = place;
  const geo = joinMembers(
    member('continent_code', continent?.code),
    member('country_iso_code', country?.iso_code),
    member('region_name', subdivisions?.[0]?.names?.en),
    member('city_name', city?.names?.en),
    member('timezone', location?.time_zone),
    typeof location?.latitude === 'number' && typeof location.longitude === 'number'
      ? `"location":{"lat":${location.latitude},"lon":${location.longitude}}`
      : '',
  );
  const number = place.autonomous_system_number;
  const organization = member('name', place.autonomous_system_organization);
  const as = joinMembers(
    typeof number === 'number' ? `"number":${number}` : '',
    organization === '' ? '' : `"organization":{${organization}}`,
  );
  return `${geo === '' ? '' : `,"geo":{${geo}}`}${as === '' ? '' : `,"as":{${as}}`}`;
}

async function agents(): Promise<(userAgent: string) => string> {
  const { default: bowser } = (await import('bowser')) as unknown as {
    readonly default: { readonly parse: (text: string) => BowserModule.Parser.ParsedResult };
  };
  return (userAgent) => guarded(() => agentMembers(bowser.parse(userAgent)));
}

/** `,"name":…,"version":…,"os":{…},"device":{…}` by ECS. */
export function agentMembers({ browser, os, platform }: BowserModule.Parser.ParsedResult): string {
  const system = joinMembers(member('name', os.name), member('version', os.version));
  const device = joinMembers(
    member('name', [platform.vendor, platform.model].filter((part) => part !== undefined && part !== '').join(' ')),
    member('type', platform.type),
  );
  const members = joinMembers(
    member('name', browser.name),
    member('version', browser.version),
    system === '' ? '' : `"os":{${system}}`,
    device === '' ? '' : `"device":{${device}}`,
  );
  return members === '' ? '' : `,${members}`;
}

function member(name: string, value: unknown): string {
  return typeof value === 'string' && value !== '' ? `"${name}":${JSON.stringify(value.slice(0, MAX_VALUE).toWellFormed())}` : '';
}

/** A database with an odd record, a user agent that the reader does not like: the document goes without. */
function guarded(make: () => string): string {
  try {
    return make();
  } catch {
    return '';
  }
}
