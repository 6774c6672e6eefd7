import { renderFluentBit } from '../../collector/fluent-bit.ts';
import { readsNodes } from '../../collector/reads-nodes.ts';
import type { FluentBitTarget } from '../../collector/types.ts';
import type { RenderPart } from './part.ts';

/** Fluent Bit's configuration for everything that is switched on, a folder for each place it runs in. */
export const part: RenderPart = {
  summary: 'Fluent Bit: fluent-bit.conf, parsers.conf and what they include, for nodes, events and Fargate',
  render(config, cluster) {
    const { logs, events, fargate } = config.collection;
    const targets: FluentBitTarget[] = [];
    if (logs === 'addon') targets.push('addon');
    else if (readsNodes(config)) targets.push('daemonset');
    if (events.enabled) targets.push('events');
    if (fargate) targets.push('fargate');
    if (targets.length === 0)
      throw new Error('the config reads nothing with Fluent Bit: no inputs and files, and events and fargate are off');
    return targets.flatMap((target) =>
      renderFluentBit(config, cluster, target).map(({ path, text }) => ({ path: `fluent-bit/${target}/${path}`, text })),
    );
  },
};
