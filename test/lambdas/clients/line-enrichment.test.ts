import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnrichment, placeMembers } from '../../../lambdas/clients/line-enrichment.ts';
import { smallDatabase, type Value } from './small-mmdb.ts';

const BERLIN = {
  continent: { code: 'EU' },
  country: { iso_code: 'DE' },
  subdivisions: [{ names: { en: 'Land Berlin' } }],
  city: { names: { en: 'Berlin', de: 'Berlin' } },
  location: { latitude: 52.5196, longitude: 13.4069, time_zone: 'Europe/Berlin' },
  autonomous_system_number: 64_496,
  autonomous_system_organization: 'Example "Net" GmbH',
};
const BOTH = { geoIp: true, userAgents: true };
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enrichment-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function database(value: Value = BERLIN): string {
  const path = join(folder, 'test.mmdb');
  writeFileSync(path, smallDatabase([203, 0, 113], value));
  return path;
}

const json = (members: string | undefined) => JSON.parse(`{"first":0${members}}`) as unknown;

describe('places of clients', () => {
  it('come from the database that the user supplied', async () => {
    const enrich = await createEnrichment(database(), [BOTH]);
    expect(json(enrich(BOTH).source?.('203.0.113.7'))).toMatchObject({
      geo: {
        continent_code: 'EU',
        country_iso_code: 'DE',
        region_name: 'Land Berlin',
        city_name: 'Berlin',
        location: { lat: 52.5196, lon: 13.4069 },
      },
      as: { number: 64_496, organization: { name: 'Example "Net" GmbH' } },
    });
  });

  it.each(['198.51.100.1', '2001:db8::7', 'no address', ''])('add nothing for %p', async (address) => {
    const enrich = await createEnrichment(database(), [BOTH]);
    expect(enrich(BOTH).source?.(address)).toBe('');
  });

  it.each<Value>([{}, { country: 'DE' }, { location: { latitude: 'north' } }, { city: { names: [] } }, 'text', 7])(
    'add nothing for a record of another shape: %p',
    async (value) => {
      const enrich = await createEnrichment(database(value), [BOTH]);
      expect(enrich(BOTH).source?.('203.0.113.7')).toBe('');
    },
  );

  it('are cut where a name is a mistake, and stay JSON', () => {
    const members = placeMembers({ city: { names: { en: `${'x'.repeat(199)}😀` } } });
    expect(JSON.stringify(json(members))).toHaveLength(JSON.stringify({ first: 0, geo: { city_name: 'x'.repeat(200) } }).length);
  });

  it('are asked for by the sources that want them only', async () => {
    const enrich = await createEnrichment(database(), [BOTH]);
    expect(Object.keys(enrich({ geoIp: false, userAgents: true }))).toEqual(['userAgent']);
    expect(Object.keys(enrich({ geoIp: false, userAgents: false }))).toEqual([]);
    expect(await createEnrichment(join(folder, 'none.mmdb'), [{ geoIp: false, userAgents: false }])).toBeInstanceOf(Function);
  });
});

describe('user agents', () => {
  it('are read', async () => {
    const enrich = await createEnrichment(undefined, [BOTH]);
    expect(enrich(BOTH).source).toBeUndefined();
    expect(json(enrich(BOTH).userAgent?.(FIREFOX))).toMatchObject({ name: 'Firefox', version: '140.0', os: { name: 'Linux' } });
  });

  it.each(['', '-', '"', '\\', 'x'.repeat(20_000), '\ud800'])('never throw', async (text) => {
    const enrich = await createEnrichment(undefined, [BOTH]);
    expect(json(enrich(BOTH).userAgent?.(text))).toMatchObject({ first: 0 });
  });
});
