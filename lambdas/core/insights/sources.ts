import type { ControlPlaneKind, SourceKind } from '../rules/rules.ts';
import type { FieldCatalogue } from './check-expression.ts';
import { catalogueOf, type FieldInfo } from './fields.ts';
import { AUDIT } from './fields-audit.ts';
import { APPLICATION, DATAPLANE, HOST } from './fields-container.ts';
import { API, TEXT } from './fields-control-plane.ts';
import { EVENTS } from './fields-events.ts';
import { PERFORMANCE } from './fields-performance.ts';
import { PIPELINE } from './fields-pipeline.ts';

/** A kind of log that a saved query can ask, by the name that its header uses. */
export interface QuerySource {
  readonly name: string;
  /** Where it lies: a kind of source of the config, or the log groups of this app's own functions. */
  readonly kind: Exclude<SourceKind, 'logGroup'> | 'pipeline';
  /** Only for what shares the control-plane group: the type that EKS must deliver, and how its streams begin. */
  readonly logType?: ControlPlaneKind;
  readonly streamPrefixes?: readonly string[];
  /** One line: what it holds. */
  readonly about: string;
  readonly fields: readonly FieldInfo[];
}

/** Every source, in the order in which documents list them. */
export const QUERY_SOURCES: readonly QuerySource[] = [
  {
    name: 'audit',
    kind: 'controlPlane',
    logType: 'audit',
    streamPrefixes: ['kube-apiserver-audit'],
    about: 'who did what to the API, one JSON event per request and stage',
    fields: AUDIT,
  },
  {
    name: 'api',
    kind: 'controlPlane',
    logType: 'api',
    // The audit streams begin alike: a query leaves them out with `not like /^kube-apiserver-audit/`.
    streamPrefixes: ['kube-apiserver'],
    about: 'the API server itself: klog text, JSON of its etcd client, panics',
    fields: API,
  },
  {
    name: 'authenticator',
    kind: 'controlPlane',
    logType: 'authenticator',
    streamPrefixes: ['authenticator'],
    about: 'which IAM principal became which user: key=value text',
    fields: TEXT,
  },
  {
    name: 'controllerManager',
    kind: 'controlPlane',
    logType: 'controllerManager',
    streamPrefixes: ['kube-controller-manager', 'cloud-controller-manager'],
    about: 'node lifecycle, deployments, garbage collection: klog text',
    fields: TEXT,
  },
  {
    name: 'scheduler',
    kind: 'controlPlane',
    logType: 'scheduler',
    streamPrefixes: ['kube-scheduler'],
    about: 'which pod went where, and why not: klog text',
    fields: TEXT,
  },
  { name: 'application', kind: 'application', about: 'lines of containers with their pod, JSON of Fluent Bit', fields: APPLICATION },
  { name: 'events', kind: 'events', about: 'Kubernetes events, JSON', fields: EVENTS },
  { name: 'performance', kind: 'performance', about: 'metrics of Container Insights as JSON, one object a minute', fields: PERFORMANCE },
  { name: 'dataplane', kind: 'dataplane', about: 'kubelet, container runtime, aws-node and kube-proxy, JSON', fields: DATAPLANE },
  { name: 'host', kind: 'host', about: 'kernel, messages and secure of the nodes, JSON', fields: HOST },
  {
    name: 'pipeline',
    kind: 'pipeline',
    about: "this app's own functions: counts per source, errors, and Lambda's reports",
    fields: PIPELINE,
  },
];

/** Names of all sources. */
export const QUERY_SOURCE_NAMES: readonly string[] = QUERY_SOURCES.map(({ name }) => name);

/** The source of a name. */
export function querySource(name: string): QuerySource | undefined {
  return QUERY_SOURCES.find((source) => source.name === name);
}

/** The fields of several sources together, with further ones such as those that applications of the config declare. */
export function fieldsOf(names: readonly string[], more: readonly string[] = []): FieldCatalogue {
  const known = QUERY_SOURCES.filter(({ name }) => names.includes(name)).flatMap(({ fields }) => fields);
  return catalogueOf([...known, ...more.map((name): FieldInfo => ({ name, kind: 'text', about: 'declared by the config' }))]);
}
