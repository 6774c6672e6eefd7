import type { Config } from '../resolve.ts';
import { checkCollectedFiles } from './collection-files.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';

/** Releases of aws-for-fluent-bit that know every option we render: 3.4 carries Fluent Bit 5.0. */
const FIRST_IMAGE = [3, 4] as const;
/** Below, eight chunks in memory are all that fits, and one burst fills them. */
const SMALL_MEMORY_MIB = 192;
/** Ports that others on a node of EKS listen on, with the network of the node. */
const PORTS_OF_NODES: ReadonlyMap<number, string> = new Map([
  [2703, 'the agent of EKS Pod Identity'],
  [10_248, 'the kubelet'],
  [10_249, 'kube-proxy'],
  [10_250, 'the kubelet'],
  [10_255, 'the kubelet'],
  [10_256, 'kube-proxy'],
  [50_051, 'aws-node'],
  [61_678, 'aws-node'],
  [61_679, 'aws-node'],
]);
/** Smallest queue of an output. */
const QUEUE_MIB = 16;

/** What is collected on every node: traps of the official configuration that a value of the file would open again. */
export const checkCollection: Check = (context, report) => {
  const { config } = context;
  checkAgent(context, report);
  checkCollectedFiles(context, report);
  checkPods(config, report);
  if (!config.collection.inputs.application && config.sources.some(({ kind }) => kind === 'application')) {
    const what = 'lines of containers are not read, but a source waits for them';
    report.warning({ path: ['collection', 'inputs', 'application'], what, value: false });
  }
};

function checkAgent({ config, isGiven }: CheckContext, report: CheckReport): void {
  const { fluentBit, logs } = config.collection;
  const at = (field: string) => ['collection', 'fluentBit', field];
  const tag = /:([^:/]+)$/.exec(fluentBit.image)?.[1] ?? '';
  if (/^(?:latest|stable|\d+)$/.test(tag)) {
    const what = 'this tag is another image tomorrow, and each node pulls its own; name a version';
    report.problem({ path: at('image'), what, limit: 'such as :3.4.8', value: fluentBit.image });
  } else if (/aws-for-fluent-bit:/.test(fluentBit.image) && isOlder(tag)) {
    const what =
      'this image has an older Fluent Bit, which does not start with options that it does not know (Truncate_Long_Lines and others)';
    report.problem({ path: at('image'), what, limit: '3.4.0 or later', value: fluentBit.image });
  }
  if (logs === 'own' && !/aws-for-fluent-bit[:@]/.test(fluentBit.image)) {
    const what =
      'an image of yours needs Fluent Bit 5.0 or later, a shell and curl: the agent’s own counts and the probe of the events pod are read with it';
    report.warning({ path: at('image'), what, limit: 'aws-for-fluent-bit:3.4 or later', value: fluentBit.image });
  }
  const owner = PORTS_OF_NODES.get(fluentBit.httpPort);
  if (owner !== undefined) {
    const what = `${owner} has this port on the node: the agent would start without its page, or not at all`;
    report.problem({ path: at('httpPort'), what, limit: 'a free port', value: fluentBit.httpPort });
  }
  if (logs === 'addon' && isGiven(at('image'))) {
    report.warning({ path: at('image'), what: 'with logs: addon the version of the add-on brings its own image', value: fluentBit.image });
  }
  if (fluentBit.memoryLimitMiB < SMALL_MEMORY_MIB) {
    const what = 'so little memory holds a handful of chunks: in a burst the pod is killed or falls behind';
    report.warning({ path: at('memoryLimitMiB'), what, limit: `${SMALL_MEMORY_MIB} or more`, value: fluentBit.memoryLimitMiB });
  }
  if (fluentBit.logLevel === 'error') {
    const what = 'retries are warnings: with error nobody sees that CloudWatch refuses chunks';
    report.warning({ path: at('logLevel'), what, limit: 'warn', value: fluentBit.logLevel });
  }
  if (!fluentBit.selfMetrics) {
    const what = 'nothing tells that records were retried or dropped on a node';
    report.warning({ path: at('selfMetrics'), what, limit: 'true', value: false });
  }
  const outputs = 4 + config.collection.files.length + config.applications.reduce((sum, { collect }) => sum + sinkCount(collect), 0);
  if (outputs * QUEUE_MIB > fluentBit.diskLimitMiB) {
    const what = `${outputs} outputs need a queue each`;
    report.problem({ path: at('diskLimitMiB'), what, limit: `${outputs * QUEUE_MIB} or more`, value: fluentBit.diskLimitMiB });
  }
}

function sinkCount(collect: Config['applications'][number]['collect']): number {
  return collect === undefined ? 0 : Object.values(collect.sinks).filter((sink) => typeof sink === 'object').length;
}

function isOlder(tag: string): boolean {
  const [major = 0, minor = 0] = tag.split('.').map(Number);
  return major < FIRST_IMAGE[0] || (major === FIRST_IMAGE[0] && minor < FIRST_IMAGE[1]);
}

function checkPods({ collection }: Config, report: CheckReport): void {
  const { namespace, tolerations } = collection;
  if (/^(?:kube-system|default)$/.test(namespace)) {
    const what = 'containers of our own namespace are not read: those of everything else that runs there neither';
    report.warning({ path: ['collection', 'namespace'], what, limit: 'a namespace of its own', value: namespace });
  }
  const path = ['collection', 'tolerations'];
  if (tolerations.length === 0) {
    const what = 'nodes with a taint are not collected, and nothing says so';
    report.warning({ path, what, limit: '[{ operator: Exists }] tolerates every taint' });
  }
  for (const [index, { operator, key, value }] of tolerations.entries()) {
    if (operator === 'Exists' && value !== undefined) {
      report.problem({ path: [...path, index, 'value'], what: 'operator Exists takes no value: Kubernetes refuses the pod', value });
    }
    if (operator === 'Equal' && (key === undefined || value === undefined)) {
      report.problem({ path: [...path, index], what: 'operator Equal needs key and value' });
    }
  }
}
