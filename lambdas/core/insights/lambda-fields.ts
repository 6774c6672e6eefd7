import type { Value } from './value.ts';

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const BYTES_PER_MB = 1_000_000;
/** Lines that Lambda itself writes: `REPORT RequestId: 0d5b…\tDuration: 12.3 ms\t…`. */
const PLATFORM_LINE = /^(START|END|REPORT) RequestId: (\S+)/;
/** A line that a function's runtime wrote: time, request id, level, text. */
const RUNTIME_LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t([0-9a-f]{8}-[0-9a-f-]{27})\t/;

const ofReport = (pattern: string, factor: number) => {
  const regex = new RegExp(`\\t${pattern}`);
  return (message: string): Value => {
    if (!message.startsWith('REPORT RequestId: ')) return undefined;
    const found = regex.exec(message);
    return found ? Number(found[1]) * factor : undefined;
  };
};
const ofTrace =
  (pattern: RegExp) =>
  (message: string): Value =>
    message.startsWith('REPORT RequestId: ') ? pattern.exec(message)?.[1] : undefined;

/**
 * Fields that CloudWatch discovers in the lines of Lambda functions ("Supported logs and discovered fields"), each read out of a message; undefined for
 * other lines. Memory is in bytes of which a million are a MB, as the documentation's sample queries divide it.
 */
export const LAMBDA_FIELDS: { readonly [name: string]: (message: string) => Value } = {
  '@type': (message) => PLATFORM_LINE.exec(message)?.[1],
  '@requestId': (message) => PLATFORM_LINE.exec(message)?.[2] ?? RUNTIME_LINE.exec(message)?.[1],
  '@duration': ofReport(`Duration: ${NUMBER} ms`, 1),
  '@billedDuration': ofReport(`Billed Duration: ${NUMBER} ms`, 1),
  '@initDuration': ofReport(`Init Duration: ${NUMBER} ms`, 1),
  '@memorySize': ofReport(`Memory Size: ${NUMBER} MB`, BYTES_PER_MB),
  '@maxMemoryUsed': ofReport(`Max Memory Used: ${NUMBER} MB`, BYTES_PER_MB),
  '@xrayTraceId': ofTrace(/\bXRAY TraceId: (\S+)/),
  '@xraySegmentId': ofTrace(/\bSegmentId: (\S+)/),
};
