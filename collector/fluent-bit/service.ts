import { changed, entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { backlogMemoryMiB, graceSeconds, maxChunksUp } from './sizes.ts';
import { STATE_FOLDER } from './values.ts';

/** Settings of the process: flushing, buffers on disk, retries, its own port. */
export function serviceSection({ config, target }: RenderContext): Section {
  const { fluentBit, events } = config.collection;
  const memoryMiB = target === 'events' ? events.memoryLimitMiB : fluentBit.memoryLimitMiB;
  const seconds = graceSeconds(config, target);
  const ends =
    target === 'addon'
      ? 'the chart of the add-on gives the pod 10 seconds and no more; what is left stays on disk for the next start.'
      : 'less than the pod’s terminationGracePeriodSeconds, or the kubelet kills it in the middle of a flush (officially 30 in a pod that has 10).';
  return {
    name: 'SERVICE',
    entries: [
      fluentBit.flushSeconds === 5 ? entry('Flush', 5) : changed('Flush', fluentBit.flushSeconds, 'collection.fluentBit.flushSeconds.'),
      changed('Grace', seconds, ends),
      fluentBit.logLevel === 'error'
        ? entry('Log_Level', 'error')
        : changed(
            'Log_Level',
            fluentBit.logLevel,
            'error hides retries, which are warnings; its own lines are never collected, so they cannot feed themselves.',
          ),
      entry('Daemon', 'off'),
      entry('Parsers_File', 'parsers.conf'),
      changed('HTTP_Server', 'On', 'health for the probes, counts for the metrics.'),
      changed(
        'HTTP_Listen',
        '127.0.0.1',
        'the pod has the network of the node: 0.0.0.0 would show its counts on every address of the node.',
      ),
      fluentBit.httpPort === 2020 ? entry('HTTP_Port', 2020) : changed('HTTP_Port', fluentBit.httpPort, 'collection.fluentBit.httpPort.'),
      changed('Health_Check', 'On', 'officially off, and then /api/v1/health is not there for a probe.'),
      changed(
        'HC_Errors_Count',
        500,
        'unhealthy means stuck, not that CloudWatch said “slower” five times: a restart helps nobody who is throttled.',
      ),
      changed(
        'HC_Retry_Failure_Count',
        500,
        'as above; retries have no end here, so failed ones are chunks that were given up for the disk’s sake.',
      ),
      changed('HC_Period', 300, 'seconds over which the two are counted.'),
      entry('storage.path', `${STATE_FOLDER}/flb-storage/`),
      entry('storage.sync', 'normal'),
      entry('storage.checksum', 'off'),
      changed(
        'storage.keep.rejected',
        'On',
        'what a service refuses for good (its log group was deleted, say) is kept on disk instead of being dropped.',
      ),
      changed('storage.rejected.path', 'rejected', 'its folder under storage.path.'),
      changed('storage.rejected.limit', '64M', 'enough to see what it was; more is counted as dropped only.'),
      changed('storage.metrics', 'On', 'chunks in memory and on disk, for the alarms.'),
      changed(
        'storage.max_chunks_up',
        maxChunksUp(memoryMiB),
        `chunks in memory; the default of 128 with up to 2 MB each does not fit into ${memoryMiB} MiB. The others wait on disk.`,
      ),
      changed(
        'storage.backlog.mem_limit',
        `${backlogMemoryMiB(memoryMiB)}M`,
        'old chunks that are read at once after a start: enough to catch up, little enough to stay within the memory.',
      ),
      changed('scheduler.base', 2, 'seconds before the first retry; the default is 5.'),
      changed(
        'scheduler.cap',
        60,
        'longest wait between retries: the default of 2,000 s leaves chunks on disk for half an hour after an outage.',
      ),
    ],
  };
}
