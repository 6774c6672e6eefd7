import type { Check } from './context.ts';

/** Memory of log-indexer before a request, in MiB, and how often the bytes of one request are in memory at once (growing buffer, body, answer). */
const BASE_MEMORY_MIB = 150;
const COPIES_OF_A_REQUEST = 4;

/** The function log-indexer and its stacks' safety. */
export const checkDelivery: Check = ({ config }, report) => {
  const { delivery } = config;
  const neededMib = Math.ceil(BASE_MEMORY_MIB + (COPIES_OF_A_REQUEST * delivery.bulk.maxBytes) / 1024 / 1024);
  if (neededMib > delivery.memoryMb) {
    const what = 'a function of this size may run out of memory with requests of bulk.maxBytes';
    const limit = `memoryMb of at least ${neededMib} for this maxBytes`;
    report.warning({ path: ['delivery', 'memoryMb'], what, limit, value: delivery.memoryMb });
  }
  if (delivery.deadLetters.retentionDays < 7) {
    const what = 'dead letters are gone before a week is over: too short to mend a parser and replay';
    report.warning({
      path: ['delivery', 'deadLetters', 'retentionDays'],
      what,
      limit: 'at least 7',
      value: delivery.deadLetters.retentionDays,
    });
  }
};
