import { compileFilterPattern } from '../../../lambdas/core/filter-pattern/compile.ts';
import { MAX_PATTERN_LENGTH } from '../../../lambdas/core/filter-pattern/types.ts';
import { FORGETTING_MARGIN_HOURS, otelLogGroupOf, type SourceConfig } from '../resolve.ts';
import { FIELD_FORMATS } from './applications.ts';
import { type Check, type CheckContext, type CheckReport, reportDuplicates } from './context.ts';

/** A limit of attempts that gives up on shorter outages than this is worth a warning, in minutes. */
const SHORT_OUTAGE_MINUTES = 6 * 60;

/** Sources one by one: what belongs to their kind and route. */
export const checkSources: Check = (context, report) => {
  const { config } = context;
  const path = (index: number) => ['sources', index, 'name'];
  reportDuplicates(config.sources, { key: ({ name }) => name, path, what: 'two sources have this name' }, report);
  for (const [index, source] of config.sources.entries()) {
    if (!context.isIncomplete(['clusters']) && !config.clusters.some(({ name }) => name === source.cluster)) {
      const limit = config.clusters.map(({ name }) => name).join(' ');
      report.problem({ path: ['sources', index, 'cluster'], what: 'no cluster has this name', limit, value: source.cluster });
    }
    checkKind(context, source, index, report);
    checkRoute(context, source, index, report);
    checkStream(context, source, index, report);
    checkPattern(source, index, report);
  }
};

function checkKind(context: CheckContext, source: SourceConfig, index: number, report: CheckReport): void {
  const at = (field: string) => ['sources', index, field];
  if (source.kind === 'logGroup') {
    if (source.logGroup === '' && !context.isIncomplete(at('logGroup'))) {
      report.problem({ path: at('kind'), what: 'kind logGroup needs the group’s name: add logGroup', value: source.kind });
    }
    checkGroupName(context, source, index, report);
  } else if (context.isGiven(at('logGroup')) && source.logGroup !== otelLogGroupOf(source.kind, source.cluster)) {
    const otel = otelLogGroupOf(source.kind, source.cluster);
    const groups = `${source.logGroup}${otel === undefined ? '' : ` or, of the OTel variant, ${otel}`}`;
    const what = `kind ${source.kind} has its group, ${groups}; use kind: logGroup for another one, or remove logGroup`;
    report.problem({ path: at('logGroup'), what });
  }
  if (source.kind !== 'controlPlane') {
    checkFields(source, index, report);
    return;
  }
  for (const field of ['format', 'family', 'fields'] as const) {
    if (!context.isGiven(at(field))) continue;
    const what = 'streams of the control plane have formats and families of their own; remove this field';
    report.problem({ path: at(field), what, value: source[field] });
  }
}

function checkFields(source: SourceConfig, index: number, report: CheckReport): void {
  const fields = Object.keys(source.fields);
  if (fields.length === 0 || FIELD_FORMATS.test(source.format)) return;
  const what = `format ${source.format} has fixed fields; declared ones stay empty`;
  report.warning({ path: ['sources', index, 'fields'], atKey: true, what, limit: 'json, auto or regex:NAME', value: fields.join(', ') });
}

function checkGroupName({ config }: CheckContext, source: SourceConfig, index: number, report: CheckReport): void {
  const path = ['sources', index, 'logGroup'];
  const name = source.logGroup;
  if (name.startsWith('aws/')) {
    report.problem({ path, what: 'CloudWatch Logs keeps names that start with aws/ for itself', limit: 'such as /aws/…', value: name });
  }
  if (name.startsWith(`/aws/lambda/${config.prefix}-`)) {
    const what = 'this group holds the logs of our own functions: indexing them would write new ones without end';
    report.problem({ path, what, value: name });
  }
  if (name.endsWith('*') && source.subscription !== 'account') {
    const what = 'a filter sits on one group; a prefix needs subscription: account';
    report.problem({ path, what, limit: 'a whole name', value: name });
  }
}

function checkRoute({ config }: CheckContext, source: SourceConfig, index: number, report: CheckReport): void {
  const path = ['sources', index, 'route'];
  if (source.route !== 'none' && config.search.mode === 'none') {
    const what = `route ${source.route} writes to an index, but search.mode is none; set route: none or a search`;
    report.problem({ path, what, limit: 'none', value: source.route });
  }
}

function checkStream({ config, isGiven, isIncomplete }: CheckContext, source: SourceConfig, index: number, report: CheckReport): void {
  const at = (field: string) => ['sources', index, 'stream', field];
  const { stream } = source;
  if (source.route !== 'stream') {
    if (isGiven(['sources', index, 'stream'])) {
      const what = `route ${source.route} has no stream; these settings are not used`;
      report.warning({ path: ['sources', index, 'stream'], atKey: true, what });
    }
    return;
  }
  if (stream.mode === 'provisioned' && stream.shards === undefined && !isIncomplete(at('shards'))) {
    report.problem({ path: at('mode'), what: 'mode provisioned needs shards', limit: 'shards: 1 to 6000', value: stream.mode });
  }
  if (stream.mode === 'onDemand' && stream.shards !== undefined) {
    report.problem({
      path: at('shards'),
      what: 'mode onDemand chooses its shards itself; remove shards or set mode: provisioned',
      value: stream.shards,
    });
  }
  const oldest = stream.retentionHours - FORGETTING_MARGIN_HOURS;
  if (stream.maximumRecordAgeHours > oldest) {
    report.problem({
      path: at('maximumRecordAgeHours'),
      what: 'the stream may forget a record before it is old enough for the dead letters: it would be lost without a trace; lower this, or raise retentionHours',
      limit: `at most ${oldest}, an hour less than retentionHours`,
      value: stream.maximumRecordAgeHours,
    });
  }
  // While the search is away the function tries until its time-out, so an attempt takes about as long.
  const minutes = Math.round(((stream.maximumRetryAttempts + 1) * config.delivery.timeoutSeconds) / 60);
  if (stream.maximumRetryAttempts >= 0 && minutes < SHORT_OUTAGE_MINUTES) {
    report.warning({
      path: at('maximumRetryAttempts'),
      what: `when the search is away for more than about ${minutes} minutes, events go to the dead letters and somebody must replay them; -1 retries until maximumRecordAgeHours`,
      limit: '-1',
      value: stream.maximumRetryAttempts,
    });
  }
}

/** Read by the grammar that the local run and `match` use; what it refuses, PutSubscriptionFilter refuses. */
function checkPattern(source: SourceConfig, index: number, report: CheckReport): void {
  const path = ['sources', index, 'filterPattern'];
  const value = source.filterPattern;
  if (value.length > MAX_PATTERN_LENGTH) {
    const what = `the filter pattern has ${value.length} characters`;
    report.problem({ path, what, limit: `at most ${MAX_PATTERN_LENGTH}`, value });
    return;
  }
  const pattern = compileFilterPattern(value);
  if (!pattern.ok) {
    report.problem({ path, what: `not a filter pattern, at its column ${pattern.column}: ${pattern.reason}`, value });
    return;
  }
  for (const { column, reason } of pattern.warnings) report.warning({ path, what: `at the pattern’s column ${column}: ${reason}`, value });
}
