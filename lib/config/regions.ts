import { editDistance } from './nearest-name.ts';

/** Regions by partition, as AWS lists them (CDK's region data of November 2026). A newer one only gets a warning. */
const REGIONS: { readonly [partition: string]: string } = {
  aws:
    'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ' +
    'ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 ' +
    'eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 ' +
    'sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2',
  'aws-cn': 'cn-north-1 cn-northwest-1',
  'aws-us-gov': 'us-gov-east-1 us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1 us-iso-west-1',
  'aws-iso-b': 'us-isob-east-1 us-isob-west-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-east-1 us-isof-south-1',
};

/** Starts of the names of Regions outside of the partition `aws`; longer ones first where one starts another. */
const PARTITION_STARTS: readonly (readonly [start: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-isob-', 'aws-iso-b'],
  ['us-isof-', 'aws-iso-f'],
  ['us-iso-', 'aws-iso'],
  ['eu-isoe-', 'aws-iso-e'],
];

/** Every known Region. */
export const KNOWN_REGIONS: readonly string[] = Object.values(REGIONS).flatMap((names) => names.split(' '));

/** Partition of a Region: part of every ARN in it. */
export function partitionOf(region: string): string {
  return PARTITION_STARTS.find(([start]) => region.startsWith(start))?.[1] ?? 'aws';
}

/**
 * The known Region that a name most likely means: fewest letters to change, and among equals the one that shares more of the beginning and the number at
 * the end. Undefined where none is near (`us-mars-1` is: people who get a direction wrong still know the continent).
 */
export function nearestRegion(name: string): string | undefined {
  let best: string | undefined;
  let bestScore = Number.POSITIVE_INFINITY;
  for (const region of KNOWN_REGIONS) {
    const sameEnd = region.at(-1) === name.at(-1) ? 0 : 0.5;
    const sameStart = region.split('-')[0] === name.split('-')[0] ? 0 : 1;
    const score = editDistance(name, region) + sameEnd + sameStart;
    if (score < bestScore) {
      best = region;
      bestScore = score;
    }
  }
  return bestScore <= 6 ? best : undefined;
}
