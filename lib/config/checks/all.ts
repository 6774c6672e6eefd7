import type { Check } from './context.ts';

/** Every check, in the order of the file's parts. */
export const CHECKS: readonly Check[] = [];
