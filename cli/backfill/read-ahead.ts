/** Reads one piece ahead: while a page is sent, the next one is on its way. */
export function ahead<T>(source: AsyncGenerator<T>): { next(): Promise<IteratorResult<T, unknown>>; return(): Promise<void> } {
  let following: Promise<IteratorResult<T, unknown>> | undefined;
  const start = (): Promise<IteratorResult<T, unknown>> => {
    const next = source.next();
    // Heard of when it is asked for.
    next.catch(() => undefined);
    return next;
  };
  return {
    async next() {
      const result = await (following ?? start());
      following = result.done ? Promise.resolve(result) : start();
      return result;
    },
    async return() {
      await following?.catch(() => undefined);
      await source.return(undefined);
    },
  };
}
