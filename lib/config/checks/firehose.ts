import { familyStreams, firehoseSources } from '../firehose-plan.ts';
import type { Check } from './context.ts';

/** Longest index name of a delivery stream, in characters (AmazonopensearchserviceDestinationConfiguration, API reference of 2026). */
const MAX_INDEX_NAME = 80;

/** Sources with route: firehose. */
export const checkFirehose: Check = ({ config, isGiven, isIncomplete }, report) => {
  for (const [index, source] of config.sources.entries()) {
    if (source.route !== 'firehose') continue;
    if (source.kind === 'controlPlane') {
      const what =
        'audit events by Firehose: a payload that CloudWatch delivers twice is there twice, and each event is billed as 5 KB; take stream, which indexes each event once';
      report.warning({ path: ['sources', index, 'route'], what, limit: 'stream', value: 'firehose' });
    }
    if (source.subscription === 'account') {
      const what = 'the account policy has one destination, and each family needs a delivery stream of its own; use perGroup';
      report.problem({ path: ['sources', index, 'subscription'], what, limit: 'perGroup', value: 'account' });
    }
  }
  if (isIncomplete(['clusters']) || isIncomplete(['sources'])) return;
  for (const { name } of config.clusters) {
    if (firehoseSources(config, name).length === 0) continue;
    for (const { family, indexName } of familyStreams(config, name)) {
      if (indexName.length <= MAX_INDEX_NAME) continue;
      const at = config.sources.findIndex((source) => source.cluster === name && source.route === 'firehose');
      const what = `a delivery stream would write to index ${indexName}; take a shorter family, or cluster indexName`;
      report.problem({ path: ['sources', at, 'route'], what, limit: `${MAX_INDEX_NAME} characters`, value: family });
    }
  }
  const { backup } = config.delivery.firehose;
  const isUsed = config.sources.some(({ route }) => route === 'firehose');
  if (!isUsed && isGiven(['delivery', 'firehose'])) {
    report.warning({ path: ['delivery', 'firehose'], atKey: true, what: 'no source has route: firehose; these settings are not used' });
  } else if (isUsed && backup === 'all') {
    const what =
      'every document is kept in the dead-letter bucket as well, for deadLetters.retentionDays; originals belong into the archive';
    report.warning({ path: ['delivery', 'firehose', 'backup'], what, limit: 'failed', value: backup });
  }
};
