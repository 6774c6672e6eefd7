import fc from 'fast-check';
import { MACHINE_CLOCK, type MachineClock, RunClock } from '../../../local/clock/run-clock.ts';

test('things happen in the order of their time, equal times in the order of the calls', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 })), async (times) => {
      const clock = new RunClock(0, MACHINE_CLOCK);
      const happened: [number, number][] = [];
      for (const [order, at] of times.entries()) clock.at(at, () => happened.push([clock.now(), order]));

      await clock.drain();

      const expected = times.map((at, order): [number, number] => [at, order]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(happened).toEqual(expected);
    }),
  );
});

test('the clock stands still while something is under way', async () => {
  const clock = new RunClock(0, MACHINE_CLOCK);
  const seen: number[] = [];
  clock.at(10, () => {
    clock.track(
      (async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        seen.push(clock.now());
        clock.at(15, () => seen.push(clock.now()));
      })(),
    );
  });
  clock.at(20, () => seen.push(clock.now()));

  await clock.drain();

  expect(seen).toEqual([10, 15, 20]);
});

test('what is past happens now', async () => {
  const clock = new RunClock(100, MACHINE_CLOCK);
  let at = 0;
  clock.at(5, () => {
    at = clock.now();
  });

  await clock.drain();

  expect(at).toBe(100);
});

test('a failure of tracked work ends the run with it', async () => {
  const clock = new RunClock(0, MACHINE_CLOCK);
  clock.at(1, () => clock.track(Promise.reject(new Error('broken'))));

  await expect(clock.drain()).rejects.toThrow('broken');
});

test('with a speed it waits its share of the way, and a stop is heard meanwhile', async () => {
  let slept = 0;
  const machine: MachineClock = {
    elapsedMs: () => slept,
    sleep: async (ms) => {
      slept += ms;
    },
  };
  const clock = new RunClock(0, machine, 10);
  clock.at(5_000, () => undefined);
  await clock.drain();
  expect(slept).toBe(500);

  let happened = false;
  const stopped: RunClock = new RunClock(0, { elapsedMs: () => 0, sleep: async (): Promise<void> => stopped.stop() }, 1);
  stopped.at(60_000, () => {
    happened = true;
  });
  await stopped.drain();
  expect(happened).toBe(false);
});

test('what comes again and again happens when the run gets that far, in its order, and no run goes on for it', async () => {
  const clock = new RunClock(0, MACHINE_CLOCK);
  const seen: string[] = [];
  const tick = (): void => {
    seen.push(`tick ${clock.now()}`);
    clock.atPassing(clock.now() + 10, tick);
  };
  clock.atPassing(10, tick);
  clock.at(25, () => seen.push('at 25'));

  await clock.drain();
  expect(seen).toEqual(['tick 10', 'tick 20', 'at 25']);
  expect(clock.now()).toBe(25);

  clock.at(30, () => seen.push('at 30'));
  await clock.drain();
  expect(seen.slice(3)).toEqual(['tick 30', 'at 30']);
});

describe('a long time in which nothing happens', () => {
  const HOUR_MS = 3_600_000;

  test('is jumped over after two hours: what comes again and again happens once at its end, and goes on from there', async () => {
    const clock = new RunClock(0, MACHINE_CLOCK);
    const starts: number[] = [];
    const arm = (atMs: number): void =>
      clock.atPassing(atMs, () => {
        starts.push(clock.now() / HOUR_MS);
        arm(clock.now() + HOUR_MS / 2);
      });
    arm(HOUR_MS / 2);
    clock.at(HOUR_MS, () => undefined);
    clock.at(5000 * HOUR_MS, () => undefined);
    clock.at(5001 * HOUR_MS, () => undefined);

    await clock.drain();

    expect(starts).toEqual([0.5, 1, 1.5, 2, 2.5, 3, 5000, 5000.5, 5001]);
    expect(clock.skippedMs).toBe(4997 * HOUR_MS);
  });

  test('is not jumped over while things happen', async () => {
    const clock = new RunClock(0, MACHINE_CLOCK);
    let starts = 0;
    const arm = (atMs: number): void =>
      clock.atPassing(atMs, () => {
        starts++;
        arm(atMs + HOUR_MS);
      });
    arm(HOUR_MS);
    for (let hour = 1; hour <= 100; hour++) clock.at(hour * HOUR_MS - 1, () => undefined);

    await clock.drain();

    expect(starts).toBe(99);
    expect(clock.skippedMs).toBe(0);
  });
});

test('a time that is no number is refused where it is given, instead of never coming', () => {
  expect(() => new RunClock(0, MACHINE_CLOCK).at(Number.NaN, () => undefined)).toThrow('no number');
});
