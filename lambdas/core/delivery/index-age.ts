const DAY_MS = 86_400_000;
const SUFFIX = /-(\d{4})\.(?:w(\d{2})|(\d{2})(?:\.(\d{2})(?:\.(\d{2}))?)?)$/;

/** Start of ISO week `week` of `year`, in ms since the epoch: the Monday of the week that holds 4 January, plus whole weeks. */
function isoWeekStart(year: number, week: number): number {
  const fourth = Date.UTC(year, 0, 4);
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7;
  return fourth - weekday * DAY_MS + (week - 1) * 7 * DAY_MS;
}

/** Start of the period that an index name ends in (`…-2026.11.21`, `…-2026.11.21.08`, `…-2026.w47`, `…-2026.11`), in ms; undefined without one. */
export function periodStartMs(index: string): number | undefined {
  const match = SUFFIX.exec(index);
  if (!match) return undefined;
  const [, year, week, month, day, hour] = match;
  if (week !== undefined) return isoWeekStart(Number(year), Number(week));
  return Date.UTC(Number(year), Number(month) - 1, day === undefined ? 1 : Number(day), hour === undefined ? 0 : Number(hour));
}

/** Families with the age at which ISM makes their indices read-only. */
export interface WarmAges {
  readonly [family: string]: { readonly warmAfterDays?: number };
}

/**
 * Whether ISM may have made the index read-only: its period began longer ago than its family's warm age.
 * ISM counts from the index's creation, which is not before its period for live events. False for a name of no family.
 */
export function isPastWarmAge(index: string, families: WarmAges, nowMs: number): boolean {
  const start = periodStartMs(index);
  if (start === undefined) return false;
  let family = '';
  // The longest name wins: `eks` must not claim the indices of `eks-audit`.
  for (const name of Object.keys(families)) if (name.length > family.length && index.startsWith(`${name}-`)) family = name;
  const warmAfterDays = families[family]?.warmAfterDays;
  return warmAfterDays !== undefined && nowMs - start >= warmAfterDays * DAY_MS;
}
