const TIB = 1024;
/** The least that any type of the table takes, in GiB. */
const SMALLEST_GIB = 100;

/**
 * Largest gp3 volume of a data node in GiB by family and size; 0 where the family takes no gp3. EBS volume size quotas of OpenSearch Service, from the
 * developer guide (https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html#ebsresource), as its public repository
 * awsdocs/amazon-opensearch-service-developer-guide held it last. Families that came later are not in it.
 */
const MAX_GP3_GIB: { readonly [family: string]: { readonly [size: string]: number } | 0 } = {
  t2: 0,
  t3: { small: 100, medium: 200 },
  m3: 0,
  m4: 0,
  m5: { large: TIB, xlarge: 2 * TIB, '2xlarge': 3 * TIB, '4xlarge': 6 * TIB, '12xlarge': 18 * TIB },
  m6g: { large: TIB, xlarge: 2 * TIB, '2xlarge': 3 * TIB, '4xlarge': 6 * TIB, '8xlarge': 12 * TIB, '12xlarge': 18 * TIB },
  c4: 0,
  c5: { large: 256, xlarge: 512, '2xlarge': TIB, '4xlarge': 1.5 * TIB, '9xlarge': 3.5 * TIB, '18xlarge': 7 * TIB },
  c6g: { large: 256, xlarge: 512, '2xlarge': TIB, '4xlarge': 1.5 * TIB, '8xlarge': 3 * TIB, '12xlarge': 4.5 * TIB },
  r3: 0,
  r4: 0,
  r5: { large: 2 * TIB, xlarge: 3 * TIB, '2xlarge': 6 * TIB, '4xlarge': 12 * TIB, '12xlarge': 24 * TIB },
  r6g: { large: 2 * TIB, xlarge: 3 * TIB, '2xlarge': 6 * TIB, '4xlarge': 12 * TIB, '8xlarge': 16 * TIB, '12xlarge': 24 * TIB },
};

/** Largest gp3 volume of an instance type in GiB, 0 where it takes none; undefined for a type that the table does not have. */
export function maxVolumeGiB(instanceType: string): number | undefined {
  const [family = '', size = ''] = instanceType.split('.');
  const sizes = Object.hasOwn(MAX_GP3_GIB, family) ? MAX_GP3_GIB[family] : undefined;
  if (sizes === undefined || sizes === 0) return sizes;
  return Object.hasOwn(sizes, size) ? sizes[size] : undefined;
}

/**
 * What families of the table take with this size, in GiB: those of the same class (m7g: m5 and m6g) where there are any, else all. Below it, a type that
 * the table does not have needs no word.
 */
export function usualVolumeGiB(instanceType: string): number {
  const [family = '', size = ''] = instanceType.split('.');
  const known = Object.keys(MAX_GP3_GIB).flatMap((name) => {
    const most = maxVolumeGiB(`${name}.${size}.search`);
    return most === undefined || most === 0 ? [] : [{ name, most }];
  });
  const alike = known.filter(({ name }) => /^[a-z]+/.exec(name)?.[0] === /^[a-z]+/.exec(family)?.[0]);
  const sizes = (alike.length > 0 ? alike : known).map(({ most }) => most);
  return sizes.length === 0 ? SMALLEST_GIB : Math.min(...sizes);
}
