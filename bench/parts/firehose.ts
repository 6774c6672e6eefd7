import type { Part } from './part.ts';
import { measurePayloads, PAYLOAD_BYTES } from './payload-speeds.ts';

const CONTENDERS = {
  floor: { module: './firehose.ts', name: 'firehoseFloor' },
  ours: { module: './out/adapter.mjs', name: 'transformFirehose' },
};

/**
 * Payload to the answer for the archive, by process CPU time, against the floor: the messages alone, joined and made base64. Ours writes id, time, group,
 * stream and application of each event besides.
 */
export const measureFirehose: Part = async (context) => {
  const { done, rows } = await measurePayloads(context, CONTENDERS, 'floor');
  const what = `Payload of ${PAYLOAD_BYTES / 1024} KB gzip to archive lines in base64, MB of text per second of CPU time`;
  return { title: `${what}, median of ${done} repetitions`, rows };
};
