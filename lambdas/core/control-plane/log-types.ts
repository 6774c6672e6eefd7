import { CONTROL_PLANE_KINDS, type ControlPlaneKind } from '../rules/rules.ts';

/** A part of EKS' `logging.clusterLogging`: some types and whether they are on. */
export interface LogSetup {
  readonly types?: readonly string[] | undefined;
  readonly enabled?: boolean | undefined;
}

/** Tag of the control-plane log group: the types that this app turned on, separated by spaces (a tag allows no comma). */
export const TURNED_ON_TAG = 'eks-telemetry:control-plane-logging';

/** Types that are on, always in the same order; where two parts name a type, the later one counts. */
export function enabledTypes(setups: readonly LogSetup[]): ControlPlaneKind[] {
  const on = new Set<string>();
  for (const { types = [], enabled } of setups) {
    for (const type of types) {
      if (enabled === true) on.add(type);
      else on.delete(type);
    }
  }
  return CONTROL_PLANE_KINDS.filter((kind) => on.has(kind));
}

/** Those of `wanted` that are not in `others`, always in the same order. */
export function typesWithout(wanted: readonly string[], others: readonly string[]): ControlPlaneKind[] {
  return CONTROL_PLANE_KINDS.filter((kind) => wanted.includes(kind) && !others.includes(kind));
}

/** Those of `wanted` that are in `others` too. */
export function typesWithin(wanted: readonly string[], others: readonly string[]): ControlPlaneKind[] {
  return CONTROL_PLANE_KINDS.filter((kind) => wanted.includes(kind) && others.includes(kind));
}

/** The tag's value; unknown words are dropped, because somebody may have edited it. */
export function typesFromTag(value: string | undefined): ControlPlaneKind[] {
  return typesWithin((value ?? '').split(/[\s,]+/), CONTROL_PLANE_KINDS);
}

/** Names that are no type of EKS. */
export function unknownTypes(types: readonly string[]): string[] {
  return types.filter((type) => !(CONTROL_PLANE_KINDS as readonly string[]).includes(type));
}
