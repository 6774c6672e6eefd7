import { logGroupOf } from '../../lib/config/log-groups.ts';
import { type ConfFile, changed } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { eventRepeatsCode } from './event-repeats.ts';
import { cloudWatch } from './output.ts';
import { serviceSection } from './service.ts';
import { aliasEntry } from './tail.ts';
import { OLDEST_EVENT } from './values.ts';

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
            changed(
              'Kube_Retention_Time',
              OLDEST_EVENT,
              'the age of an event’s beginning: with the default of 1h one that goes on for longer, as the scheduler writes it, is no longer sent.',
            ),
            // No DB: with one an event is known by its uid alone, and none of its repeats, each with a higher count, is sent.
            changed(
              'net.tcp_keepalive',
              'On',
              'a watch whose connection died without a word would be waited on for ever. What the next list sends again is one document in the index.',
            ),
            changed('net.tcp_keepalive_time', 60, 'seconds of silence before the API server is asked whether it is there.'),
            changed('net.tcp_keepalive_interval', 10, 'seconds between questions.'),
            changed('net.tcp_keepalive_probes', 6, 'questions without an answer: two minutes in all.'),
            changed('storage.type', 'filesystem', 'outages of CloudWatch do not fill the memory.'),
          ],
        },
        {
          name: 'FILTER',
          entries: [
            changed('Name', 'lua', 'the input sends events of a burst several times, and after each break those of the last hour.'),
            aliasEntry('fresh-events'),
            changed('Match', 'events', 'nothing else comes.'),
            changed('call', 'fresh', 'the function below.'),
            changed(
              'code',
              eventRepeatsCode(),
              'an event in a version that was sent is dropped and counted; a newer one, with a higher count, passes.',
            ),
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
