import { logGroupOf } from '../../lib/config/log-groups.ts';
import { type ConfFile, changed } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { cloudWatch } from './output.ts';
import { serviceSection } from './service.ts';
import { aliasEntry, ownDatabase } from './tail.ts';

/** Configuration of the one pod that reads the cluster's events. */
export function eventFiles(context: RenderContext): ConfFile[] {
  const { config, cluster } = context;
  const { plugin, entries } = cloudWatch(context, {
    group: logGroupOf('events', cluster.name),
    prefix: 'kubernetes-',
    days: cluster.retentionDays.events,
  });
  return [
    {
      path: 'fluent-bit.conf',
      about: `Kubernetes events of ${cluster.name}, read by one pod. Written by eks-telemetry; change the config, not this text.`,
      sections: [
        serviceSection(context),
        {
          name: 'INPUT',
          entries: [
            changed('Name', 'kubernetes_events', 'officially events are not collected.'),
            aliasEntry('in-events'),
            changed('Tag', 'events', 'the end of the log stream’s name.'),
            changed('Kube_URL', 'https://kubernetes.default.svc:443', 'as the kubernetes filter.'),
            changed('Interval_Sec', config.collection.events.intervalSeconds, 'collection.events.intervalSeconds.'),
            changed('Kube_Request_Limit', 500, 'pages of 500: a list of a large cluster at once is megabytes.'),
            changed('Kube_Retention_Time', '1h', 'the default, and how long the cluster keeps events.'),
            ownDatabase('events.db'),
            changed('storage.type', 'filesystem', 'outages of CloudWatch do not fill the memory.'),
          ],
        },
        {
          name: 'OUTPUT',
          entries: [
            plugin,
            aliasEntry('out-events'),
            changed('Match', 'events', 'nothing else comes.'),
            ...entries,
            changed(
              'net.io_timeout',
              '60s',
              'the default is none: a call whose answer a dead connection swallowed keeps its chunk for ever.',
            ),
            changed('Retry_Limit', 'no_limits', 'the default of 1 drops a chunk that is throttled twice.'),
            changed('storage.total_limit_size', '128M', 'days of events; the pod’s own disk has no more.'),
          ],
        },
      ],
    },
    { path: 'parsers.conf', about: 'Nothing is parsed on the way.', sections: [] },
  ];
}
