import { loadConfig } from '../../../../lib/config/load.ts';
import { summarize } from '../../../../lib/config/summary.ts';
import { configWith, problemsWith, warningsWith } from '../texts.ts';

const app = (more: object = {}) => ({ name: 'app', cluster: 'prod', kind: 'application', ...more });
const archived = (archive: object = {}, source: object = {}) => ({
  sources: [app({ archive: true, ...source })],
  archive: { enabled: true, ...archive },
});

test.each<[string, object, string[]]>([
  ['an archived source', archived(), []],
  ['one without an archive', { sources: [app({ archive: true })] }, ['sources[0].archive: there is no archive: set archive.enabled: true']],
  ['an archived source that is not indexed', archived({}, { route: 'none' }), []],
  [
    'two sources that archive one group',
    { sources: [app({ archive: true }), app({ name: 'b', route: 'stream', archive: true })], archive: { enabled: true } },
    [
      'sources[1]: log group /aws/containerinsights/prod/application would have 4 subscription filters',
      'sources[1].archive: source app archives',
    ],
  ],
  [
    'a filter of somebody else beside an index and an archive',
    archived({}, { foreignFilters: 1 }),
    [
      'sources[0]: log group /aws/containerinsights/prod/application would have 3 subscription filters (app with its archive and 1 of others)',
    ],
  ],
  ['the same without an index', archived({}, { foreignFilters: 1, route: 'none' }), []],
  [
    'Glacier sooner than S3 allows behind Standard-IA',
    archived({ infrequentAccessDays: 30, glacier: { afterDays: 59 } }),
    ['archive.glacier.afterDays: S3 refuses to move objects on'],
  ],
  ['Glacier as soon as it does', archived({ infrequentAccessDays: 30, glacier: { afterDays: 60 } }), []],
  ['Standard-IA under 30 days', archived({ infrequentAccessDays: 29 }), ['archive.infrequentAccessDays']],
  [
    'an end before the move',
    archived({ infrequentAccessDays: 30, retentionDays: 30 }),
    ['archive.retentionDays: objects would be deleted before they move'],
  ],
  [
    'a lock without versions',
    archived({ objectLock: { mode: 'governance', days: 10 }, versioning: false }),
    ['archive.versioning: object lock locks versions'],
  ],
  [
    'a lock beyond the retention',
    archived({ objectLock: { mode: 'governance', days: 400 }, retentionDays: 365 }),
    ['archive.retentionDays: objects stay locked beyond their retention'],
  ],
  ['Parquet without tables', archived({ format: 'parquet' }), ['archive.format: Firehose converts by a table of Glue']],
  ['Parquet with tables', { ...archived({ format: 'parquet' }), athena: { enabled: true } }, []],
  ['a buffer that partitions do not allow', archived({ bufferMiB: 63 }), ['archive.bufferMiB']],
  ['an invocation of more than Firehose sends', archived({ transform: { bufferMiB: 3.1 } }), ['archive.transform.bufferMiB']],
  ['an invocation of less than it can', archived({ transform: { bufferMiB: 0.1 } }), ['archive.transform.bufferMiB']],
  ['a function slower than Firehose waits', archived({ transform: { timeoutSeconds: 301 } }), ['archive.transform.timeoutSeconds']],
])('%s', (_name, members, expected) => {
  const found = problemsWith(members as { [member: string]: unknown });

  expect(found).toHaveLength(expected.length);
  for (const [i, part] of expected.entries()) expect(found[i]).toContain(part);
});

test('more applications by hour than Firehose has partitions are refused', () => {
  const applications = Array.from({ length: 160 }, (_, i) => ({ name: `app-${i}`, match: { namespace: `n${i}` }, format: 'json' }));

  expect(problemsWith({ ...archived({ partitionByApplication: true }), applications })).toEqual([
    expect.stringContaining('archive.partitionByApplication: 160 applications by hour may open 516 partitions at a time'),
  ]);
  expect(problemsWith({ ...archived(), applications })).toEqual([]);
});

test.each<[string, object, string]>([
  ['an archive that nothing goes into', { archive: { enabled: true } }, 'no source says archive: true'],
  ['a lock that nobody can undo', archived({ objectLock: { mode: 'compliance', days: 1 } }), 'nobody can shorten or undo'],
  [
    'days that are paid all the same',
    archived({ glacier: { afterDays: 60 }, retentionDays: 100 }),
    'S3 charges 90 days of instantRetrieval',
  ],
  [
    'a class that Athena leaves out',
    { ...archived({ glacier: { afterDays: 60, storageClass: 'deepArchive' } }), athena: { enabled: true } },
    'Athena leaves out objects of this class',
  ],
  ['a pattern that the archive does not follow', archived({}, { filterPattern: 'ERROR' }), 'filterPattern is for the index only'],
])('%s is worth a warning', (_name, members, what) => {
  expect(warningsWith(members as { [member: string]: unknown })).toEqual(expect.arrayContaining([expect.stringContaining(what)]));
});

test('route firehose says what it cannot do, and refuses what it must', () => {
  const firehose = (more: object = {}) => ({ sources: [app({ route: 'firehose', ...more })] });

  expect(problemsWith(firehose())).toEqual([]);
  expect(warningsWith(firehose())).toEqual([]);
  expect(summarize(configWith(firehose()), 0).clusters[0]?.byFirehose[0]).toContain(
    'a payload that CloudWatch delivers twice is indexed twice',
  );
  expect(warningsWith({ sources: [{ name: 'audit', cluster: 'prod', kind: 'controlPlane', route: 'firehose' }] })).toEqual([
    expect.stringContaining('sources[0].route: audit events by Firehose'),
  ]);
  expect(problemsWith(firehose({ subscription: 'account' }))).toEqual([expect.stringContaining('the account policy has one destination')]);
  expect(problemsWith({ ...firehose(), search: { mode: 'none' } })).toEqual([expect.stringContaining('route firehose writes to an index')]);
  expect(problemsWith({ ...firehose({ family: `f${'x'.repeat(90)}` }), search: { families: { [`f${'x'.repeat(90)}`]: {} } } })).toEqual([
    expect.stringContaining('a delivery stream would write to index'),
  ]);
  expect(warningsWith({ delivery: { firehose: { bufferMiB: 10 } } })).toEqual([expect.stringContaining('no source has route: firehose')]);
});

test('the archive is off unless asked for, and the example uses both', () => {
  expect(configWith({}).archive).toMatchObject({ enabled: false, format: 'ndjson' });
  const example = loadConfig('config/example.yaml');
  expect(example.ok && example.config.archive).toMatchObject({ enabled: true, objectLock: { mode: 'governance', days: 365 } });
});
