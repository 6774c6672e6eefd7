import { matchesPattern } from '../../../local/events/pattern.ts';

const EVENT = { source: 'aws.ec2', detail: { state: 'FAILED', severity: 4.5, services: ['EKS', 'EC2'], name: 'a*b', none: null } };

test.each<[string, object, boolean]>([
  ['a value of a list', { source: ['aws.eks', 'aws.ec2'] }, true],
  ['no value of a list', { source: ['aws.eks'] }, false],
  ['all members, and one does not fit', { source: ['aws.ec2'], detail: { state: ['OK'] } }, false],
  ['one of several values of the event', { detail: { services: ['EKS'] } }, true],
  ['either of both', { detail: { $or: [{ state: ['OK'] }, { severity: [{ numeric: ['>=', 4] }] }] } }, true],
  ['a range, both sides', { detail: { severity: [{ numeric: ['>', 4.5, '<=', 7] }] } }, false],
  ['a prefix', { source: [{ prefix: 'aws.' }] }, true],
  ['a suffix', { source: [{ suffix: '.eks' }] }, false],
  ['what is not there', { detail: { other: [{ exists: false }] } }, true],
  ['what is there', { detail: { state: [{ exists: false }] } }, false],
  ['anything but', { detail: { state: [{ 'anything-but': ['OK', 'FAILED'] }] } }, false],
  ['anything but, of what is not there', { detail: { other: [{ 'anything-but': ['OK'] }] } }, false],
  ['a star is any text, other signs are themselves', { detail: { name: [{ wildcard: 'a*b' }] }, source: [{ wildcard: 'aws*ec' }] }, false],
  ['letters of any size', { detail: { state: [{ 'equals-ignore-case': 'failed' }] } }, true],
  ['null', { detail: { none: [null] } }, true],
  ['a member of no object', { source: { a: ['b'] } }, false],
])('%s', (_name, pattern, expected) => {
  expect(matchesPattern(pattern, EVENT)).toBe(expected);
});

test('a filter that is not known here is no match in silence, but an error', () => {
  expect(() => matchesPattern({ source: [{ cidr: '10.0.0.0/24' }] }, EVENT)).toThrow('cidr has no counterpart');
});
