/**
 * The sequence number that a Kinesis batch answers with: the lowest of the failed records. Lambda takes it as its checkpoint and
 * delivers it and everything after it again, so naming more would change nothing. Undefined where none failed.
 */
export function lowestSequenceNumber(failed: readonly string[]): string | undefined {
  let lowest: string | undefined;
  for (const sequence of failed) {
    // Up to 56 digits: compared as numbers of any length, never as text ("9" is lower than "10").
    if (lowest === undefined || BigInt(sequence) < BigInt(lowest)) lowest = sequence;
  }
  return lowest;
}
