import {
  gp3Limits,
  INSTANCE_FAMILIES,
  INSTANCE_SIZE,
  instanceFamily,
  LOCAL_DISK_FAMILIES,
  NO_WARM_FAMILIES,
  UNENCRYPTED_FAMILIES,
} from '../instances.ts';
import { nearestName } from '../nearest-name.ts';
import type { DomainConfig } from '../resolve.ts';
import { maxVolumeGiB, usualVolumeGiB } from '../volume-sizes.ts';
import type { Check, CheckReport } from './context.ts';

const at = (...steps: (string | number)[]) => ['search', 'domain', ...steps];
/** Data nodes of T types in one domain (OpenSearch Service quotas). */
const MAX_T_NODES = 10;

/** The managed domain: combinations that OpenSearch Service refuses. */
export const checkDomain: Check = ({ config, isIncomplete }, report) => {
  if (config.search.mode !== 'managed' || isIncomplete(['search', 'mode'])) return;
  const isWhole = (...parts: string[]): boolean => !parts.some((part) => isIncomplete(at(part)));
  const { domain } = config.search;
  if (domain.name.length > 28 && isWhole('name') && !isIncomplete(['prefix'])) {
    const what = 'the domain takes the prefix as its name, which is too long; set search.domain.name';
    report.problem({ path: at('name'), what, limit: '3 to 28 characters', value: domain.name });
  } else if (domain.name.length < 3 && isWhole('name') && !isIncomplete(['prefix'])) {
    const what = 'the domain takes the prefix as its name, which is too short; set search.domain.name';
    report.problem({ path: at('name'), what, limit: '3 to 28 characters', value: domain.name });
  }
  if (isWhole('dataNodes')) checkInstance(domain.dataNodes.instanceType, 'dataNodes', report);
  if (domain.masterNodes) checkInstance(domain.masterNodes.instanceType, 'masterNodes', report);
  if (isWhole('dataNodes')) {
    checkVolumeSize(domain, report);
    checkVolume(domain, report);
  }
  if (isWhole('dataNodes', 'zones', 'masterNodes')) checkNodes(domain, report);
  if (isWhole('dataNodes', 'masterNodes', 'warm', 'cold')) checkTiers(domain, report);
  if (isWhole('vpc', 'zones')) checkVpc(domain, report);
};

function checkInstance(instanceType: string, nodes: 'dataNodes' | 'masterNodes', report: CheckReport): void {
  const path = at(nodes, 'instanceType');
  const family = instanceFamily(instanceType);
  if (!INSTANCE_FAMILIES.includes(family)) {
    const nearest = nearestName(family, INSTANCE_FAMILIES);
    const what = `OpenSearch Service has no instances of family ${family}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
    report.problem({ path, what, limit: INSTANCE_FAMILIES.join(' '), value: instanceType });
  } else if (!INSTANCE_SIZE.test(instanceType.split('.')[1] ?? '')) {
    const limit = 'small medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge';
    report.problem({ path, what: 'OpenSearch Service has no instances of this size', limit, value: instanceType });
  } else if (UNENCRYPTED_FAMILIES.includes(family)) {
    report.problem({
      path,
      what: 'this family cannot encrypt at rest, which is always on',
      limit: 'any but m3 r3 t2',
      value: instanceType,
    });
  } else if (nodes === 'dataNodes' && LOCAL_DISK_FAMILIES.includes(family)) {
    const what = 'this family has local disks and refuses the EBS volume that the domain is made with';
    report.problem({ path, what, limit: 'a family without local disks, such as m7g or or1', value: instanceType });
  }
}

function checkVolumeSize({ dataNodes: { instanceType, volumeGiB } }: DomainConfig, report: CheckReport): void {
  // Families that are refused for another reason need no second one.
  if ([...UNENCRYPTED_FAMILIES, ...LOCAL_DISK_FAMILIES].includes(instanceFamily(instanceType))) return;
  const path = at('dataNodes', 'volumeGiB');
  const most = maxVolumeGiB(instanceType);
  if (most === 0) {
    const what = 'this type takes no gp3 volume, which the domain is made with';
    report.problem({ path: at('dataNodes', 'instanceType'), what, limit: 'a newer family, such as m7g', value: instanceType });
  } else if (most !== undefined && volumeGiB > most) {
    report.problem({
      path,
      what: `a node of ${instanceType} takes no volume of this size`,
      limit: `at most ${most} GiB`,
      value: volumeGiB,
    });
  } else if (most === undefined && volumeGiB > usualVolumeGiB(instanceType)) {
    const what = `how large a volume ${instanceType} takes is not known here, and similar types take less; see the quotas of EBS volumes in the guide`;
    report.warning({ path, what, limit: `${usualVolumeGiB(instanceType)} GiB are safe`, value: volumeGiB });
  }
}

function checkVolume({ dataNodes }: DomainConfig, report: CheckReport): void {
  const { volumeGiB, iops, throughput } = dataNodes;
  const limits = gp3Limits(volumeGiB);
  if (iops < limits.minIops || iops > limits.maxIops) {
    const what = `gp3 refuses these IOPS for a volume of ${volumeGiB} GiB; leave iops out for what the size includes`;
    report.problem({ path: at('dataNodes', 'iops'), what, limit: `${limits.minIops} to ${limits.maxIops}`, value: iops });
  }
  if (throughput < limits.minThroughput || throughput > limits.maxThroughput) {
    const what = `gp3 refuses this throughput for a volume of ${volumeGiB} GiB; leave throughput out for what the size includes`;
    const limit = `${limits.minThroughput} to ${limits.maxThroughput} MiB/s`;
    report.problem({ path: at('dataNodes', 'throughput'), what, limit, value: throughput });
  } else if (throughput > iops / 4) {
    const what = `gp3 gives at most a quarter MiB/s per IOPS; ${throughput} MiB/s need ${throughput * 4} IOPS`;
    report.problem({ path: at('dataNodes', 'throughput'), what, limit: `${iops / 4} MiB/s`, value: throughput });
  }
}

function checkNodes({ dataNodes, masterNodes, zones }: DomainConfig, report: CheckReport): void {
  const { count } = dataNodes;
  if (count < zones) {
    const what = `every zone needs a data node; add nodes or set zones: ${count >= 2 ? 2 : 1}`;
    report.problem({ path: at('dataNodes', 'count'), what, limit: `at least ${zones}, one per zone`, value: count });
  } else if (zones === 2 && count % 2 !== 0) {
    report.problem({
      path: at('dataNodes', 'count'),
      what: 'two zones need an even number of data nodes',
      limit: `${count - 1} or ${count + 1}`,
      value: count,
    });
  } else if (zones === 3 && count % 3 !== 0) {
    const what = 'the nodes do not divide by three zones: one zone holds more shards and fills first';
    report.warning({ path: at('dataNodes', 'count'), what, limit: 'a multiple of 3', value: count });
  }
  if (/^t[23]\./.test(dataNodes.instanceType) && count > MAX_T_NODES) {
    report.problem({
      path: at('dataNodes', 'count'),
      what: 'a domain of T instances is small',
      limit: `at most ${MAX_T_NODES} data nodes`,
      value: count,
    });
  }
  if (masterNodes && masterNodes.count !== 3 && masterNodes.count !== 5) {
    const what = 'dedicated masters vote, so their number is odd and more than one';
    report.problem({ path: at('masterNodes', 'count'), what, limit: '3 or 5', value: masterNodes.count });
  }
  if (zones === 1) {
    report.warning({
      path: at('zones'),
      what: 'in one zone the search is away whenever the zone is; logs wait in the stream meanwhile',
      value: zones,
    });
  }
}

function checkTiers({ warm, cold, masterNodes, dataNodes }: DomainConfig, report: CheckReport): void {
  if (warm && !masterNodes) {
    report.problem({
      path: at('warm'),
      atKey: true,
      what: 'warm storage needs dedicated masters: add masterNodes',
      limit: 'masterNodes with count 3 or 5',
    });
  }
  if (warm && NO_WARM_FAMILIES.includes(instanceFamily(dataNodes.instanceType))) {
    const what = 'warm storage cannot be combined with T data nodes';
    report.problem({ path: at('warm'), atKey: true, what, limit: 'another dataNodes.instanceType', value: dataNodes.instanceType });
  }
  if (cold && !warm) {
    report.problem({ path: at('cold'), what: 'indexes go to cold storage from warm storage: add warm', limit: 'false', value: cold });
  }
}

function checkVpc({ vpc, zones }: DomainConfig, report: CheckReport): void {
  if (!vpc) return;
  if (vpc.subnetIds.length !== zones) {
    const what = `a domain takes one subnet per zone; there are ${vpc.subnetIds.length} subnets and ${zones} zones`;
    report.problem({ path: at('vpc', 'subnetIds'), what, limit: `${zones} subnets of different zones`, value: vpc.subnetIds });
  }
  if (new Set(vpc.subnetIds).size !== vpc.subnetIds.length) {
    report.problem({ path: at('vpc', 'subnetIds'), what: 'a subnet stands in the list twice', value: vpc.subnetIds });
  }
}
