/** Largest HTTP request that a domain takes, by the instance type of its data nodes (OpenSearch Service quotas, 2026). */
const SMALL_REQUEST_BYTES = 10 * 1024 * 1024;
const LARGE_REQUEST_BYTES = 100 * 1024 * 1024;
const SMALL_REQUEST_TYPES = /^(?:t[23]\.|m3\.(?:medium|large)\.|(?:m4|m5|m6g|c4|c5|c6g|r3)\.large\.|or1\.medium\.|om2\.large\.)/;

/** Largest HTTP request in bytes; the small one where the type is not known. */
export function maxRequestBytes(instanceType: string | undefined): number {
  return instanceType === undefined || SMALL_REQUEST_TYPES.test(instanceType) ? SMALL_REQUEST_BYTES : LARGE_REQUEST_BYTES;
}

/** Generations of data nodes that OpenSearch Service has offered, with a local disk where EBS is refused. */
export const INSTANCE_FAMILIES: readonly string[] =
  'c4 c5 c6g c7g c7i c8g i2 i3 i4g i4i im4gn i7i i8g m3 m4 m5 m6g m7g m7i m8g oi2 om2 or1 or2 r3 r4 r5 r6g r6gd r7g r7gd r7i r8g r8gd t2 t3'.split(
    ' ',
  );
/** They have local disks and refuse EBS volumes, which this app always sets. */
export const LOCAL_DISK_FAMILIES: readonly string[] = 'i2 i3 i4g i4i im4gn i7i i8g oi2 r6gd r7gd r8gd'.split(' ');
/** They cannot encrypt at rest, which this app always turns on. */
export const UNENCRYPTED_FAMILIES: readonly string[] = ['m3', 'r3', 't2'];
/** They cannot be combined with warm storage. */
export const NO_WARM_FAMILIES: readonly string[] = ['t2', 't3'];

/** Sizes that instances of OpenSearch Service come in. */
export const INSTANCE_SIZE = /^(?:micro|small|medium|large|xlarge|(?:2|4|8|9|10|12|16|18|24|32)xlarge)$/;

/** The part before the first dot: `m7g` of `m7g.large.search`. */
export function instanceFamily(instanceType: string): string {
  return instanceType.split('.')[0] ?? '';
}

/** What gp3 gives at least and at most to a volume of a size in GiB. */
export interface VolumeLimits {
  readonly minIops: number;
  readonly maxIops: number;
  /** MiB per second. */
  readonly minThroughput: number;
  readonly maxThroughput: number;
}

/**
 * gp3 on OpenSearch Service: 3,000 IOPS, from 1,024 GiB on 3 per GiB up to 16,000; 125 MiB/s below 170 GiB, else 250 for
 * each 3 TiB begun up to 1,000; both are part of the storage's price, and less is refused. At most 500 IOPS per GiB up to 80,000, and a
 * quarter MiB/s per IOPS up to 2,000 (EBS, September 2025).
 */
export function gp3Limits(volumeGiB: number): VolumeLimits {
  const blocks = Math.ceil(volumeGiB / 3072);
  return {
    minIops: volumeGiB > 1024 ? Math.min(16_000, 3 * volumeGiB) : 3000,
    maxIops: Math.min(80_000, 500 * volumeGiB),
    minThroughput: volumeGiB < 170 ? 125 : Math.min(1000, 250 * blocks),
    maxThroughput: 2000,
  };
}
