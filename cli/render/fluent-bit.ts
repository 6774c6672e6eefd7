import { renderFluentBit } from '../../collector/fluent-bit.ts';
import type { FluentBitTarget } from '../../collector/types.ts';
import type { RenderPart } from './part.ts';

/** Fluent Bit's configuration for everything that is switched on, a folder for each place it runs in. */
export const part: RenderPart = {
  summary: 'Fluent Bit: fluent-bit.conf, parsers.conf and what they include, for nodes, events and Fargate',
  render(config, cluster) {
    const { logs, events, fargate } = config.collection;
    const targets: FluentBitTarget[] = [logs === 'own' ? 'daemonset' : 'addon'];
    if (events.enabled) targets.push('events');
    if (fargate) targets.push('fargate');
    return targets.flatMap((target) =>
      renderFluentBit(config, cluster, target).map(({ path, text }) => ({ path: `fluent-bit/${target}/${path}`, text })),
    );
  },
};
