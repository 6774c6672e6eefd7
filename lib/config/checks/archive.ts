import { MAX_BUCKET_NAME } from '../bucket-names.ts';
import type { Config } from '../resolve.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';

/** Days for which S3 charges at least, by class (S3 pricing, 2026); whoever moves or deletes sooner pays for them all the same. */
const MINIMUM_DAYS = { infrequentAccess: 30, instantRetrieval: 90, flexibleRetrieval: 90, deepArchive: 180 } as const;
/** Partitions that a delivery stream has open at a time (Firehose quotas, 2026): more records go to the error prefix. */
const MAX_PARTITIONS = 500;
/** Hours of events that arrive together: this one, the last one, and stragglers. */
const HOURS_AT_A_TIME = 3;
/** Kinds of a cluster's archive. */
const KINDS = 12;

/** The archive: what S3 and Firehose refuse in the middle of a deploy, or charge for without need. */
export const checkArchive: Check = (context, report) => {
  const { config } = context;
  checkSources(context, report);
  if (!config.archive.enabled) return;
  checkLifecycle(config.archive, report);
  checkObjectLock(config.archive, report);
  checkFormat(config, report);
  const name = `${config.prefix}-archive-${config.account}-${config.region}`;
  if (name.length > MAX_BUCKET_NAME) {
    const what = 'the archive’s bucket would have too long a name; take a shorter prefix';
    report.problem({ path: ['prefix'], what, limit: `${MAX_BUCKET_NAME} characters`, value: name });
  }
  if (!config.sources.some(({ archive }) => archive)) {
    const what = 'the archive is made, but no source says archive: true, so nothing goes into it';
    report.warning({ path: ['archive', 'enabled'], what, value: true });
  }
};

function checkSources({ config }: CheckContext, report: CheckReport): void {
  for (const [index, source] of config.sources.entries()) {
    if (!source.archive) continue;
    const path = ['sources', index, 'archive'];
    if (!config.archive.enabled) {
      const what = 'there is no archive: set archive.enabled: true';
      report.problem({ path, what, value: true });
      continue;
    }
    if (source.logGroup.endsWith('*')) {
      const what = 'the archive takes a filter on one group; a prefix cannot have one';
      report.problem({ path, what, limit: 'a source with a whole name', value: source.logGroup });
    }
    const twin = config.sources.findIndex((other, at) => at < index && other.archive && other.logGroup === source.logGroup);
    if (twin >= 0) {
      const what = `source ${config.sources[twin]?.name} archives ${source.logGroup} already: each event would be kept and paid twice`;
      report.problem({ path, what, value: true });
    }
    if (source.kind === 'performance') {
      const what = 'performance events are metrics as text: the largest of all after a year, and nobody asks for them one by one';
      report.warning({ path, what, value: true });
    }
    if (source.filterPattern !== '') {
      const what = 'the archive takes every event of the group; filterPattern is for the index only';
      report.warning({ path, what });
    }
  }
}

function checkLifecycle({ infrequentAccessDays, glacier, retentionDays }: Config['archive'], report: CheckReport): void {
  const ends = { glacier: glacier?.afterDays, deleted: retentionDays };
  if (
    infrequentAccessDays !== undefined &&
    glacier !== undefined &&
    glacier.afterDays < infrequentAccessDays + MINIMUM_DAYS.infrequentAccess
  ) {
    const what = 'S3 refuses to move objects on before they were in Standard-IA for 30 days';
    const limit = `at least ${infrequentAccessDays + MINIMUM_DAYS.infrequentAccess}`;
    report.problem({ path: ['archive', 'glacier', 'afterDays'], what, limit, value: glacier.afterDays });
  }
  if (retentionDays === undefined) return;
  const last = ends.glacier ?? infrequentAccessDays;
  if (last !== undefined && retentionDays <= last) {
    const what = 'objects would be deleted before they move';
    report.problem({ path: ['archive', 'retentionDays'], what, limit: `more than ${last}`, value: retentionDays });
    return;
  }
  const kept = glacier === undefined ? 'infrequentAccess' : glacier.storageClass;
  const from = glacier?.afterDays ?? infrequentAccessDays;
  if (from !== undefined && retentionDays - from < MINIMUM_DAYS[kept]) {
    const what = `S3 charges ${MINIMUM_DAYS[kept]} days of ${kept} for each object, and objects would be deleted sooner`;
    report.warning({ path: ['archive', 'retentionDays'], what, limit: `at least ${from + MINIMUM_DAYS[kept]}`, value: retentionDays });
  }
}

function checkObjectLock({ objectLock, retentionDays, versioning }: Config['archive'], report: CheckReport): void {
  if (objectLock === undefined) return;
  if (!versioning) {
    const what = 'object lock locks versions: it needs versioning';
    report.problem({ path: ['archive', 'versioning'], what, limit: 'true', value: false });
  }
  if (retentionDays !== undefined && retentionDays < objectLock.days) {
    const what = 'objects stay locked beyond their retention: they are hidden then, not deleted, and paid on';
    report.problem({ path: ['archive', 'retentionDays'], what, limit: `at least ${objectLock.days}`, value: retentionDays });
  }
  if (objectLock.mode === 'compliance') {
    const what = 'nobody can shorten or undo a compliance lock, not even AWS: a mistake is paid until its last day';
    report.warning({ path: ['archive', 'objectLock', 'mode'], what, value: 'compliance' });
  }
}

function checkFormat({ archive, applications, athena }: Config, report: CheckReport): void {
  if (archive.format === 'parquet' && !athena.enabled) {
    const what = 'Firehose converts by a table of Glue, which athena.enabled: true makes';
    report.problem({ path: ['archive', 'format'], what, limit: 'ndjson without athena', value: 'parquet' });
  }
  if (archive.glacier !== undefined && archive.glacier.storageClass !== 'instantRetrieval' && athena.enabled) {
    const what =
      'Athena leaves out objects of this class until somebody restores them: queries of older days find nothing, without an error';
    report.warning({ path: ['archive', 'glacier', 'storageClass'], what, limit: 'instantRetrieval', value: archive.glacier.storageClass });
  }
  const partitions = HOURS_AT_A_TIME * (archive.partitionByApplication ? applications.length + KINDS : KINDS);
  if (partitions > MAX_PARTITIONS) {
    const what = `${applications.length} applications by hour may open ${partitions} partitions at a time; what is beyond goes to the error prefix`;
    report.problem({ path: ['archive', 'partitionByApplication'], what, limit: `${MAX_PARTITIONS} partitions`, value: true });
  }
}
