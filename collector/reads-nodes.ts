import type { Config } from '../lib/config/resolve.ts';

/** Whether anything is read on nodes: without an input Fluent Bit does not start, and its own counts alone are of no use. */
export function readsNodes({ collection }: Pick<Config, 'collection'>): boolean {
  const { inputs, files } = collection;
  return inputs.application || inputs.dataplane || inputs.host || files.length > 0;
}
