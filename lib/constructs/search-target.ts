/** A search domain as functions see it. */
export interface SearchTarget {
  /** `https://` and the host. */
  readonly endpoint: string;
  /** ARN of the domain, without a path. */
  readonly domainArn: string;
  /** False where the host does not tell the domain's name, so that the ARN ends in a wildcard. */
  readonly isExactDomain: boolean;
}

const MANAGED_HOST = /^(?:search|vpc)-([a-z][a-z0-9-]{2,27})-[a-z0-9]{26}\.([a-z0-9-]+)\.es\.amazonaws\.com$/;

/** An existing domain by its endpoint. AWS's own host names tell the domain; a custom host does not. */
export function existingSearch(endpoint: string, place: { partition: string; region: string; account: string }): SearchTarget {
  const match = MANAGED_HOST.exec(new URL(endpoint).hostname);
  const arn = `arn:${place.partition}:es:${match?.[2] ?? place.region}:${place.account}:domain/`;
  return { endpoint, domainArn: `${arn}${match?.[1] ?? '*'}`, isExactDomain: match !== null };
}
