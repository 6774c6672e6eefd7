import { checkAccount } from './account.ts';
import { checkAlarms } from './alarms.ts';
import { checkApplications } from './applications.ts';
import { checkArchive } from './archive.ts';
import { checkAthena } from './athena.ts';
import { checkChat } from './chat.ts';
import { checkClusters } from './clusters.ts';
import { checkCollection } from './collection.ts';
import { checkCollectedApplications } from './collection-applications.ts';
import { checkCollectionDeploy } from './collection-deploy.ts';
import { checkCollectionFargate } from './collection-fargate.ts';
import type { Check } from './context.ts';
import { checkDelivery } from './delivery.ts';
import { checkDomain } from './domain.ts';
import { checkExclusions } from './exclusions.ts';
import { checkFamilies } from './families.ts';
import { checkFields } from './fields.ts';
import { checkFirehose } from './firehose.ts';
import { checkLoadBalancers } from './load-balancers.ts';
import { checkOverlaps } from './overlaps.ts';
import { checkPartitions } from './partitions.ts';
import { checkPatterns } from './patterns.ts';
import { checkQueries } from './queries.ts';
import { checkRedaction } from './redaction.ts';
import { checkSaml } from './saml.ts';
import { checkSearch } from './search.ts';
import { checkSlack } from './slack.ts';
import { checkSources } from './sources.ts';
import { checkSubscriptions } from './subscriptions.ts';
import { checkTimeIntervals } from './time-intervals.ts';

/** Every check; the loader sorts what they find by its place in the file. */
export const CHECKS: readonly Check[] = [
  checkAccount,
  checkPartitions,
  checkClusters,
  checkSources,
  checkSubscriptions,
  checkApplications,
  checkOverlaps,
  checkExclusions,
  checkFamilies,
  checkFields,
  checkPatterns,
  checkRedaction,
  checkDomain,
  checkSaml,
  checkSearch,
  checkDelivery,
  checkFirehose,
  checkArchive,
  checkLoadBalancers,
  checkQueries,
  checkAthena,
  checkAlarms,
  checkSlack,
  checkTimeIntervals,
  checkChat,
  checkCollection,
  checkCollectedApplications,
  checkCollectionDeploy,
  checkCollectionFargate,
];
