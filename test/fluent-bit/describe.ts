import { FLUENT_BIT } from '../../bench/fluent-bit/agent.ts';

/** `describe` for tests that need the real Fluent Bit. Without FLUENT_BIT_BIN they are skipped, and the reason is said. */
export function describeWithFluentBit(title: string, body: () => void): void {
  if (FLUENT_BIT !== undefined) {
    describe(title, body);
    return;
  }
  const skipped = describe.skip;
  skipped(`${title} (skipped: FLUENT_BIT_BIN names no Fluent Bit)`, body);
}
