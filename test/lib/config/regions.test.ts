import { RegionInfo } from 'aws-cdk-lib/region-info';
import { KNOWN_REGIONS, nearestRegion, partitionOf } from '../../../lib/config/regions.ts';
import { problemsWith, setting, warningsWith } from './texts.ts';

test('every Region that CDK knows is known, with its partition', () => {
  const regions = RegionInfo.regions;

  expect([...KNOWN_REGIONS].sort()).toEqual(regions.map(({ name }) => name).sort());
  for (const { name, partition } of regions) expect(`${name} ${partitionOf(name)}`).toBe(`${name} ${partition}`);
});

/** A config in a Region, its roles in the Region's partition. */
const inRegion = (region: string): { [member: string]: unknown } =>
  JSON.parse(JSON.stringify(setting(['region'], region)).replaceAll('arn:aws:', `arn:${partitionOf(region)}:`)) as {
    [member: string]: unknown;
  };

test('every known Region passes, without a warning', () => {
  for (const region of KNOWN_REGIONS) {
    expect(problemsWith(inRegion(region))).toEqual([]);
    expect(warningsWith(inRegion(region))).toEqual([]);
  }
});

test.each([
  ['eu-wst-1', 'eu-west-1'],
  ['us-mars-1', 'us-east-1'],
  ['us-esat-2', 'us-east-2'],
  ['ap-norteast-2', 'ap-northeast-2'],
  ['eu-west-4', 'eu-west-1'],
  ['us-gov-est-1', 'us-gov-east-1'],
])('%s is a warning that asks for %s', (wrong, right) => {
  expect(nearestRegion(wrong)).toBe(right);
  expect(problemsWith(inRegion(wrong))).toEqual([]);
  expect(warningsWith(inRegion(wrong))).toEqual([
    expect.stringContaining(`region: no Region of this name is known; did you mean ${right}?`),
  ]);
});

test('a name that is like none gets no suggestion', () => {
  expect(nearestRegion('xy-abcdefghijklmnop-7')).toBeUndefined();
  expect(warningsWith(setting(['region'], 'xy-abcdefghijklmnop-7'))).toEqual([
    expect.stringContaining('no Region of this name is known; a deploy'),
  ]);
});

test.each(['EU West', 'us-east-1a', 'us_east_1', 'useast1', 'us-east-0', 'us-east-100', '', ' us-east-1', 'US-EAST-1', 'us-east'])(
  '%j cannot be a Region at all',
  (region) => {
    expect(problemsWith(setting(['region'], region))).toEqual([expect.stringContaining('region: this is not the name of an AWS Region')]);
  },
);
