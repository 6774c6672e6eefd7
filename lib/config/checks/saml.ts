import type { Config } from '../resolve.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';

const SAML = ['search', 'domain', 'saml'];

/** Signing in by an identity provider: its metadata, and groups that nobody could bring along. */
export const checkSaml: Check = (context, report) => {
  if (context.config.search.mode !== 'managed' || context.isIncomplete(SAML)) return;
  checkGroups(context, report);
  checkMetadata(context.config, report);
};

function checkGroups({ config, isIncomplete }: CheckContext, report: CheckReport): void {
  const { access, domain } = config.search;
  const lists = [
    { path: ['search', 'access', 'admins', 'samlGroups'], groups: access.admins.samlGroups },
    ...access.readers.map(({ samlGroups }, index) => ({ path: ['search', 'access', 'readers', index, 'samlGroups'], groups: samlGroups })),
  ].filter(({ groups }) => groups.length > 0);
  if (domain.saml === undefined) {
    for (const { path, groups } of lists) {
      const what = 'nobody can come with a SAML group: the domain has no identity provider; add search.domain.saml, or use roles';
      report.problem({ path, what, limit: 'search.domain.saml', value: groups });
    }
  } else if (lists.length === 0 && !isIncomplete(['search', 'access'])) {
    const what = 'people who sign in by SAML see nothing: no samlGroups stand in search.access';
    report.warning({ path: SAML, atKey: true, what, limit: 'samlGroups of admins or readers' });
  }
}

function checkMetadata({ search }: Config, report: CheckReport): void {
  const { saml } = search.domain;
  if (saml === undefined) return;
  const { metadata, metadataFile, entityId } = saml;
  if (!metadata.ok) {
    const { what, limit } = metadata;
    report.problem({ path: [...SAML, 'metadataFile'], what, value: metadataFile, ...(limit === undefined ? {} : { limit }) });
  } else if (!metadata.entityIds.includes(entityId)) {
    const what = 'the metadata describes another identity provider';
    report.problem({ path: [...SAML, 'entityId'], what, limit: metadata.entityIds.join(' '), value: entityId });
  }
}
