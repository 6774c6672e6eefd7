import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfigText } from '../../../lib/config/load.ts';
import { checkSamlMetadata, MAX_METADATA_BYTES, readSamlMetadata } from '../../../lib/config/saml.ts';
import { yamlWith } from './texts.ts';

const FOLDER = join(__dirname, 'saml');
const XML = readFileSync(join(FOLDER, 'idp-metadata.xml'), 'utf8');
const ENTITY = 'https://idp.example.com/saml?tenant=1&app=logs';
const ADMIN = 'arn:aws:iam::111122223333:role/admin';

const saml = (more: object = {}) => ({ entityId: ENTITY, metadataFile: 'idp-metadata.xml', rolesKey: 'groups', ...more });

function load(domain: object, access: object = { admins: { samlGroups: ['ops'] } }, more: object = {}) {
  return loadConfigText(yamlWith({ search: { domain, access, ...more } }), 'test.yaml', { provesRegexes: false, folder: FOLDER });
}
const problems = (...input: Parameters<typeof load>): string[] => {
  const loaded = load(...input);
  return loaded.ok ? [] : loaded.problems.map(({ field, what }) => `${field}: ${what}`);
};

describe('metadata', () => {
  test('of a provider is read, with its entity', () => {
    expect(checkSamlMetadata(XML)).toEqual({ ok: true, xml: XML.trim(), entityIds: [ENTITY] });
  });

  test('may hold several entities, stand in single quotes and have no prefixes', () => {
    const plain = XML.replaceAll('md:', '')
      .replace('xmlns:md', 'xmlns')
      .replace(/entityID="[^"]*"/, "entityID='urn:one'");
    const both = `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${plain.replace(/<\?xml.*\?>/, '')}<EntityDescriptor entityID="urn:two"/></EntitiesDescriptor>`;

    expect(checkSamlMetadata(both)).toMatchObject({ ok: true, entityIds: ['urn:one', 'urn:two'] });
  });

  test('with a byte order mark and a comment before the first element is taken', () => {
    expect(checkSamlMetadata(`\uFEFF${XML.replace('<md:Entity', '<!-- from the provider -->\n<md:Entity')}`).ok).toBe(true);
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'not SAML 2.0 metadata'],
    ['a page of HTML', '<!doctype html><html></html>', 'a document type'],
    ['other XML', '<root/>', 'not SAML 2.0 metadata'],
    ['an element that only a comment names', `<!-- ${XML.replace(/<\?xml.*\?>/, '')} --><a/>`, 'not SAML 2.0 metadata'],
    ['a service provider', XML.replaceAll('IDPSSODescriptor', 'SPSSODescriptor'), 'describes no identity provider'],
    ['no certificate', XML.replaceAll('X509Certificate', 'X509SerialNumber'), 'has no certificate'],
    ['a private key', `${XML}<!-- -----BEGIN PRIVATE KEY----- -->`, 'holds a private key'],
    ['more than a template holds', XML + ' '.repeat(9) + '<a/>'.repeat(MAX_METADATA_BYTES / 4), 'the metadata has'],
  ])('is refused when it is %s', (_name, text, what) => {
    expect(checkSamlMetadata(text)).toEqual({ ok: false, what: expect.stringContaining(what), ...limitOf(text) });
  });

  test('that cannot be read says so', () => {
    expect(readSamlMetadata(FOLDER, 'absent.xml')).toMatchObject({ ok: false, what: 'there is no such file beside the config' });
    expect(readSamlMetadata(FOLDER, '.')).toMatchObject({ ok: false, what: expect.stringContaining('cannot be read') });
  });
});

function limitOf(text: string): { limit?: unknown } {
  const refused = checkSamlMetadata(text);
  return 'limit' in refused ? { limit: expect.any(String) } : {};
}

describe('the config', () => {
  test('takes a provider, its file relative to the config', () => {
    const loaded = load({ saml: saml() });

    expect(loaded.ok && loaded.config.search.domain.saml).toMatchObject({ sessionTimeoutMinutes: 60, metadata: { ok: true } });
    expect(loaded.warnings).toEqual([]);
  });

  test('refuses SAML groups without a provider, wherever they stand', () => {
    const access = { admins: { samlGroups: ['ops'] }, readers: [{ family: '*', samlGroups: ['dev'] }] };

    expect(problems({}, access)).toEqual([
      expect.stringContaining('search.access.admins.samlGroups: nobody can come with a SAML group'),
      expect.stringContaining('search.access.readers[0].samlGroups: nobody can come with a SAML group'),
    ]);
  });

  test('allows SAML groups of an existing domain, whose owner has the provider', () => {
    const loaded = loadConfigText(
      yamlWith({ search: { mode: 'existing', endpoint: 'https://a.example.com', access: { admins: { samlGroups: ['ops'] } } } }),
      'test.yaml',
      { provesRegexes: false },
    );

    expect(loaded.ok).toBe(true);
  });

  test.each<[string, object, string]>([
    [
      'a provider without the attribute of the groups',
      { entityId: ENTITY, metadataFile: 'idp-metadata.xml' },
      'saml.rolesKey: this field is required',
    ],
    ['a file that is not there', saml({ metadataFile: 'absent.xml' }), 'saml.metadataFile: there is no such file'],
    ['a file that is no metadata', saml({ metadataFile: '../texts.ts' }), 'saml.metadataFile: this is not SAML 2.0 metadata'],
    ['another entity', saml({ entityId: 'https://other.example.com' }), 'saml.entityId: the metadata describes another'],
    ['too long a session', saml({ sessionTimeoutMinutes: 1441 }), 'saml.sessionTimeoutMinutes: the number is too large'],
  ])('refuses %s', (_name, settings, start) => {
    expect(problems({ saml: settings })).toEqual([expect.stringContaining(`search.domain.${start}`)]);
  });

  test('warns where people could sign in and see nothing', () => {
    expect(load({ saml: saml() }, { admins: { roles: [ADMIN] } }).warnings.map(({ what }) => what)).toEqual([
      expect.stringContaining('see nothing'),
    ]);
  });
});
