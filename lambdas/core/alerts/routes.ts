import type { Labels } from './alert.ts';
import { canonicalLabels, labelOf } from './labels.ts';
import { compileMatchers, formatMatchers, type LabelTest, type Matcher } from './matchers.ts';
import type { RouteTimes } from './time-intervals.ts';

/** A node of the routing tree as data; what is absent comes from the parent. */
export interface RouteRule {
  /** Where messages go; the root has one. */
  readonly receiver?: string;
  readonly matchers?: readonly Matcher[];
  /** Whether the siblings after it are tried as well. @default false */
  readonly continue?: boolean;
  /** Labels that make a group; `...` is every label. */
  readonly groupBy?: readonly string[];
  /** From the first alert of a group to its first message, in ms. */
  readonly groupWaitMs?: number;
  /** Between two looks at a group, in ms. */
  readonly groupIntervalMs?: number;
  /** After which an unchanged group is told again, in ms. */
  readonly repeatIntervalMs?: number;
  /** Names of time intervals in which the route is quiet; not inherited, as in Alertmanager. */
  readonly muteTimes?: readonly string[];
  /** Names of time intervals outside of which it is quiet; not inherited. */
  readonly activeTimes?: readonly string[];
  readonly routes?: readonly RouteRule[];
}

/** Alertmanager's defaults, but for the repeat interval: there it is 4 hours, here 1. */
export const ROUTE_DEFAULTS = {
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 3_600_000,
  groupBy: ['alertname', 'cluster'],
};

/** A node with everything it inherits. */
export interface Route {
  readonly receiver: string;
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly continue: boolean;
  /** When it is quiet. */
  readonly times: RouteTimes;
  /** Unique in the tree and the same as long as its own matchers and its place do not change. */
  readonly id: string;
  /** The matchers on the way down, for people: `{}/{team="web"}`. */
  readonly path: string;
  readonly matches: LabelTest;
  readonly children: readonly Route[];
}

/** Makes a tree ready to run. Throws where the root has no receiver. */
export function compileRoutes(root: RouteRule): Route {
  if (root.receiver === undefined) throw new Error('the first route needs a receiver: it gets what no other route takes');
  return compile(root, { ...ROUTE_DEFAULTS, receiver: root.receiver }, '', '');
}

type Inherited = Pick<Route, 'receiver' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs'>;

function compile(rule: RouteRule, parent: Inherited, parentPath: string, parentId: string, place?: number): Route {
  const matchers = rule.matchers ?? [];
  const own: Inherited = {
    receiver: rule.receiver ?? parent.receiver,
    // An empty list of a child replaces the parent's: everything in one group.
    groupBy: rule.groupBy ?? parent.groupBy,
    groupWaitMs: rule.groupWaitMs ?? parent.groupWaitMs,
    groupIntervalMs: rule.groupIntervalMs ?? parent.groupIntervalMs,
    repeatIntervalMs: rule.repeatIntervalMs ?? parent.repeatIntervalMs,
  };
  const text = formatMatchers(matchers);
  const path = place === undefined ? text : `${parentPath}/${text}`;
  // Two siblings may have the same matchers (`continue`): the place tells them apart.
  const id = place === undefined ? text : `${parentId}/${text}/${place}`;
  return {
    ...own,
    continue: rule.continue ?? false,
    times: { mute: rule.muteTimes ?? [], active: rule.activeTimes ?? [] },
    id,
    path,
    matches: compileMatchers(matchers),
    children: (rule.routes ?? []).map((child, index) => compile(child, own, path, id, index)),
  };
}

/** The routes that an alert takes: depth first, a child that matches ends the search among its siblings unless it says `continue`, and the node itself where no child matches. */
export function matchRoutes(route: Route, labels: Labels): Route[] {
  if (!route.matches(labels)) return [];
  const all: Route[] = [];
  for (const child of route.children) {
    const found = matchRoutes(child, labels);
    all.push(...found);
    if (found.length > 0 && !child.continue) break;
  }
  return all.length > 0 ? all : [route];
}

/** Every node, parents first. */
export function walkRoutes(route: Route): Route[] {
  return [route, ...route.children.flatMap(walkRoutes)];
}

/** Labels that an alert's group is made of. An absent label stays absent: such alerts are a group of their own. */
export function groupLabels(route: Pick<Route, 'groupBy'>, labels: Labels): Labels {
  if (route.groupBy.includes('...')) return labels;
  return Object.fromEntries(route.groupBy.map((name) => [name, labelOf(labels, name)] as const).filter(([, value]) => value !== ''));
}

/** What tells groups apart: the route, its receiver and the labels. */
export function groupKey(route: Pick<Route, 'id' | 'receiver'>, labels: Labels): string {
  return `${route.receiver}:${route.id}:${canonicalLabels(labels)}`;
}
