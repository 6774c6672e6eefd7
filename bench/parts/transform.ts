import type { Part } from './part.ts';
import { measurePayloads, PAYLOAD_BYTES } from './payload-speeds.ts';

const CONTENDERS = {
  reference: { module: './reference.ts', name: 'reference' },
  blueprint: { module: './blueprint.ts', name: 'blueprint' },
  ours: { module: './out/adapter.mjs', name: 'transform' },
};

/** Payload to `_bulk` body by process CPU time: the ordinary design, the blueprint and ours, one after another in fresh processes. */
export const measureTransform: Part = async (context) => {
  const { done, rows } = await measurePayloads(context, CONTENDERS, 'reference');
  const what = `Payload of ${PAYLOAD_BYTES / 1024} KB gzip to bulk body, MB of text per second of CPU time`;
  return { title: `${what}, median of ${done} repetitions`, rows };
};
