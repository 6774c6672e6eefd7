import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** A provider's metadata, or why it cannot be used. */
export type SamlMetadata =
  | { readonly ok: true; readonly xml: string /** Entities that it describes. */; readonly entityIds: readonly string[] }
  | { readonly ok: false; readonly what: string; readonly limit?: string };

/** Largest metadata in bytes. It travels in the template of the search stack, and CloudFormation takes 1 MB of template. */
export const MAX_METADATA_BYTES = 512 * 1024;

/** Reads the metadata file of an identity provider; `file` is relative to the config's folder. */
export function readSamlMetadata(folder: string, file: string): SamlMetadata {
  try {
    return checkSamlMetadata(readFileSync(resolve(folder, file), 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no such file beside the config' : `the file cannot be read: ${message}`;
    return { ok: false, what, limit: 'a path relative to the config file' };
  }
}

/** Looks for what makes XML the metadata of an identity provider; it is no XML parser, the domain has one. */
export function checkSamlMetadata(text: string): SamlMetadata {
  const xml = text.replace(/^\uFEFF/, '').trim();
  const refuse = (what: string, limit?: string): SamlMetadata => ({ ok: false, what, ...(limit === undefined ? {} : { limit }) });
  const bytes = Buffer.byteLength(xml);
  if (bytes > MAX_METADATA_BYTES) return refuse(`the metadata has ${bytes} bytes`, `at most ${MAX_METADATA_BYTES} bytes`);
  if (xml.includes('PRIVATE KEY'))
    return refuse('the file holds a private key; metadata has public ones only, and it ends up in a template');
  if (/<!DOCTYPE/i.test(xml)) return refuse('a document type has no place in metadata, and parsers refuse it');
  const bare = xml.replaceAll(/<!--[\s\S]*?-->/g, '');
  const root = /^(?:<\?xml[^>]*\?>\s*)?<(?:[\w.-]+:)?(\w+)[\s>]/.exec(bare)?.[1];
  if ((root !== 'EntityDescriptor' && root !== 'EntitiesDescriptor') || !bare.includes('urn:oasis:names:tc:SAML:2.0:metadata'))
    return refuse('this is not SAML 2.0 metadata', 'XML whose first element is EntityDescriptor');
  if (!/<(?:[\w.-]+:)?IDPSSODescriptor[\s>]/.test(bare))
    return refuse('the metadata describes no identity provider (IDPSSODescriptor); that of the domain itself is the wrong way round');
  if (!/<(?:[\w.-]+:)?X509Certificate[\s>]/.test(bare)) return refuse('the metadata has no certificate, so no sign-in could be proven');
  const entities = bare.matchAll(/<(?:[\w.-]+:)?EntityDescriptor\s[^>]*?\bentityID\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return { ok: true, xml, entityIds: [...entities].map(([, double, single]) => unescapeXml(double ?? single ?? '')) };
}

const XML_ENTITIES: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replaceAll(/&(\w+);/g, (whole, name: string) => XML_ENTITIES[name] ?? whole);
}
