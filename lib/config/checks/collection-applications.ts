import { reportWildcard } from './collection-files.ts';
import { checkNodeRegex } from './collection-regexes.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';
import { groupNames } from './regexes.ts';

type Application = CheckContext['config']['applications'][number];
type Collect = NonNullable<Application['collect']>;

/** An application whose `collect` is looked at. */
interface Looked {
  readonly application: Application;
  readonly collect: Collect;
  readonly at: (...steps: (string | number)[]) => (string | number)[];
}

/** Members of a record that the document's id is made of, and the line. */
const OURS: readonly string[] = ['time', 'stream', 'kubernetes', 'log'];

/** `applications[].collect`: how the node reads, drops and sends an application's lines. */
export const checkCollectedApplications: Check = (context, report) => {
  const { config } = context;
  const tags = new Map<string, string>();
  for (const [index, application] of config.applications.entries()) {
    checkLabels(context, application, index, report);
    const { collect } = application;
    if (collect === undefined) continue;
    const looked: Looked = { application, collect, at: (...steps) => ['applications', index, 'collect', ...steps] };
    checkTag(looked, tags, report);
    checkMatch(looked, context, index, report);
    checkLines(looked, context, report);
    checkParse(looked, context, report);
    checkSinks(looked, report);
  }
};

/** Labels are not in a file's name. */
function checkLabels({ config }: CheckContext, { match, collect }: Application, index: number, report: CheckReport): void {
  if (match.labels === undefined) return;
  const path = ['applications', index, 'match', 'labels'];
  const { logs, fluentBit } = config.collection;
  if (fluentBit.kubernetesMetadata === 'fileName' && logs === 'own') {
    const what = 'records have no labels with kubernetesMetadata: fileName, so nothing matches';
    report.warning({ path, atKey: true, what, limit: 'collection.fluentBit.kubernetesMetadata: kubelet' });
  }
  if (collect !== undefined && Object.keys(match.labels).length > 1) {
    const what = 'the node can choose records by one label; take the most telling one, or leave collect out';
    report.problem({ path, atKey: true, what, limit: 'one label' });
  }
}

function checkTag({ application, collect, at }: Looked, tags: Map<string, string>, report: CheckReport): void {
  const tag = collect.tag ?? application.name;
  const path = collect.tag === undefined ? at() : at('tag');
  const before = tags.get(tag);
  if (before !== undefined) {
    const what = `application ${before} has this tag too: filters of one would take the lines of both`;
    report.problem({ path, what, value: tag });
  }
  tags.set(tag, application.name);
  if (tag === 'var')
    report.problem({ path, what: 'tags of all other containers begin with application.var.', limit: 'another word', value: tag });
}

function checkMatch({ application }: Looked, { config }: CheckContext, index: number, report: CheckReport): void {
  const { namespace, pod, container, labels } = application.match;
  const path = ['applications', index, 'match', 'namespace'];
  if (namespace !== undefined && namespace === config.collection.namespace) {
    const what = 'our own agents run there: one that reads its own complaints sends them, fails, and complains';
    report.problem({ path, what, limit: 'another namespace than collection.namespace', value: namespace });
  } else if (namespace !== undefined && config.collection.excludeNamespaces.includes(namespace)) {
    const what = 'collection.excludeNamespaces leaves this namespace out, collect reads it; take it out of one of the two';
    report.problem({ path, what, value: namespace });
  }
  if ([namespace, pod, container, labels].some((part) => part !== undefined)) return;
  const what = 'collect needs to know which containers: namespace, pod or container (their files are chosen by name), or a label';
  report.problem({ path: ['applications', index, 'match'], what });
}

function checkLines({ collect, at }: Looked, context: CheckContext, report: CheckReport): void {
  const { multiline, start, exclude } = collect;
  if (multiline !== undefined && start !== undefined) {
    report.problem({ path: at('start'), what: 'multiline names the beginning of a record already; keep one of the two', value: start });
  }
  if (start !== undefined) {
    const compiled = checkNodeRegex({ source: start, path: at('start') }, context, report);
    if (matchesEverything(compiled)) {
      report.problem({ path: at('start'), what: 'the expression matches every line, so nothing is joined', value: start });
    }
  }
  for (const [index, { regex }] of exclude.entries()) {
    const compiled = checkNodeRegex({ source: regex, path: at('exclude', index, 'regex') }, context, report);
    if (matchesEverything(compiled)) {
      const what = 'the expression matches every line: nothing of this application would leave the node';
      report.problem({ path: at('exclude', index, 'regex'), what, value: regex });
    }
  }
}

function checkParse({ collect, at }: Looked, context: CheckContext, report: CheckReport): void {
  const { parseOnNode, sinks } = collect;
  if (parseOnNode === undefined) return;
  const { format, regex, timeKey, timeFormat, types } = parseOnNode;
  const path = (...steps: (string | number)[]) => at('parseOnNode', ...steps);
  if ((format === 'regex') !== (regex !== undefined)) {
    report.problem({ path: path(), what: format === 'regex' ? 'format regex needs its regex' : `format ${format} takes no regex` });
  }
  if (regex !== undefined && checkNodeRegex({ source: regex, path: path('regex') }, context, report) !== undefined) {
    const groups = groupNames(regex);
    if (groups.length === 0) report.problem({ path: path('regex'), what: 'the expression names no group; write (?<name>…)', value: regex });
    const taken = groups.filter((group) => OURS.includes(group));
    if (taken.length > 0) {
      const what = 'groups of these names are dropped: time, stream, kubernetes and log are the collector’s, and the id is made of them';
      report.problem({ path: path('regex'), what, limit: 'other names', value: taken.join(', ') });
    }
    for (const name of Object.keys(types)) {
      if (groups.includes(name)) continue;
      report.problem({
        path: path('types', name),
        atKey: true,
        what: 'the expression has no group of this name',
        limit: groups.join(' '),
        value: name,
      });
    }
  }
  if (format !== 'regex' && Object.keys(types).length > 0) {
    report.warning({ path: path('types'), atKey: true, what: `format ${format} has its own types` });
  }
  if (timeFormat !== undefined && timeKey === undefined) {
    report.problem({ path: path('timeFormat'), what: 'a time format needs the field that holds the time: add timeKey', value: timeFormat });
  }
  if (timeKey !== undefined && timeFormat === undefined) {
    report.problem({ path: path('timeKey'), what: 'a time needs its format: add timeFormat', value: timeKey });
  }
  if (timeKey !== undefined && (sinks.application || sinks.cloudWatch !== undefined)) {
    const what =
      'the program’s own time becomes the event’s: CloudWatch drops events more than 14 days old or 2 hours ahead without a word';
    report.warning({ path: path('timeKey'), what, limit: 'only with sinks past CloudWatch', value: timeKey });
  }
  if (sinks.application && Object.values(sinks).filter((sink) => typeof sink === 'object').length === 0) {
    const what = 'our functions read the line themselves: its fields are sent and paid twice';
    report.warning({ path: path(), what, limit: 'only with sinks past our functions' });
  }
}

function checkSinks({ collect, at }: Looked, report: CheckReport): void {
  const { application, cloudWatch, openSearch, kafka } = collect.sinks;
  const others = Object.values(collect.sinks).filter((sink) => typeof sink === 'object').length;
  if (!application && others === 0) {
    const what = 'its lines would go nowhere; to drop them, leave its namespace out with collection.excludeNamespaces';
    report.problem({ path: at('sinks'), what });
  }
  reportWildcard(cloudWatch?.logGroup, at('sinks', 'cloudWatch', 'logGroup'), report);
  if (openSearch !== undefined) {
    const what = 'records go there as they are: without redaction, parsers, counts and dead letters of our functions';
    report.warning({ path: at('sinks', 'openSearch'), atKey: true, what });
  }
  if (kafka !== undefined) {
    const what =
      'its client keeps up to 16 MiB in memory that Fluent Bit counts as sent: a kill loses them; keep a second sink where that matters';
    report.warning({ path: at('sinks', 'kafka'), atKey: true, what });
    if (kafka.mskIam && kafka.clusterArn === undefined) {
      const what = 'signing in with a role needs the Region and the rights of the cluster: add clusterArn';
      report.problem({ path: at('sinks', 'kafka', 'mskIam'), what, value: true });
    }
  }
}

/** Whether an expression fits lines that have nothing in common. */
function matchesEverything(expression: RegExp | undefined): boolean {
  return expression !== undefined && ['', 'x', '7', '\u00E9 \t~'].every((line) => expression.test(line));
}
