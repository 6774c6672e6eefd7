import type { RunClock } from '../clock/run-clock.ts';
import { resourceArn, uuidOf } from '../template/attributes.ts';
import { isObject, listAt, textAt } from '../template/json.ts';
import type { Resolver, Resource } from '../template/resolver.ts';

/** A function that a rule starts again and again. */
export interface Schedule {
  readonly rule: Resource;
  /** Such as `rate(15 minutes)`. */
  readonly expression: string;
  readonly everyMs: number;
  readonly functionArn: string;
  /** What the function is invoked with, where the target gives it. @default - EventBridge's own event */
  readonly input: string | undefined;
}

/** A rule that does not run here, and why. */
export interface IdleRule {
  readonly path: string;
  readonly reason: string;
}

const UNIT_MS: { readonly [unit: string]: number } = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Reads the rules of the templates, except those that others run: what runs at a steady rate, and what has no counterpart here. */
export function readRules(
  resolver: Resolver,
  isOthers: (rule: Resource) => boolean = () => false,
): { readonly schedules: Schedule[]; readonly idle: IdleRule[] } {
  const schedules: Schedule[] = [];
  const idle: IdleRule[] = [];
  for (const rule of resolver.resources((type) => type === 'AWS::Events::Rule')) {
    if (isOthers(rule)) continue;
    const read = readRule(rule);
    if (typeof read === 'string') idle.push({ path: rule.path, reason: read });
    else schedules.push(...read);
  }
  return { schedules, idle };
}

function readRule(rule: Resource): Schedule[] | string {
  const { properties } = rule;
  if (textAt(properties, 'State') === 'DISABLED') return 'it is turned off in the template';
  const expression = textAt(properties, 'ScheduleExpression');
  if (expression === undefined) return 'it waits for events of AWS, which do not happen on this machine';
  const [, count, unit = ''] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count === undefined) return `${expression} is no steady rate, and only these run here`;
  const targets = listAt(properties, 'Targets').filter(isObject);
  const arns = targets.map((target) => textAt(target, 'Arn') ?? '');
  const other = arns.find((arn) => !arn.includes(':lambda:'));
  if (other !== undefined) return `its target ${other} is no function`;
  const everyMs = Number(count) * (UNIT_MS[unit] ?? 0);
  return targets.map((target, at) => ({ rule, expression, everyMs, functionArn: arns[at] ?? '', input: textAt(target, 'Input') }));
}

/** What a start hands over: the target's input, else EventBridge's own event. https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduled-events.html */
export function scheduledEvent({ rule, input }: Schedule, nowMs: number): object {
  if (input !== undefined) return JSON.parse(input) as object;
  return {
    version: '0',
    id: uuidOf(`${rule.path}/${nowMs}`),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: rule.account,
    time: new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: rule.region,
    resources: [resourceArn(rule) ?? rule.path],
    detail: {},
  };
}

/** What schedules need. */
export interface SchedulePorts {
  readonly clock: Pick<RunClock, 'now' | 'at' | 'atPassing' | 'track' | 'drain'>;
  /** Starts the function and waits for its end. A function that fails is no failure of the run. */
  invoke(schedule: Schedule, nowMs: number): Promise<unknown>;
}

/** Starts functions at their rate on the run's clock, the first time one interval after the run's begin, as EventBridge does. */
export class ScheduleRunner {
  readonly schedules: readonly Schedule[];
  /** How often each was started. */
  readonly starts = new Map<Schedule, number>();
  readonly #ports: SchedulePorts;
  readonly #next = new Map<Schedule, number>();

  constructor(schedules: readonly Schedule[], ports: SchedulePorts) {
    this.schedules = schedules;
    this.#ports = ports;
    for (const schedule of schedules) this.#arm(schedule, ports.clock.now() + schedule.everyMs);
  }

  /**
   * Lets time pass until the schedules that care have done what waits for them, and ends where a start of theirs changed nothing:
   * a run has no later in which it would.
   */
  async settle(waiting: () => number, cares: (schedule: Schedule) => boolean): Promise<void> {
    const { clock } = this.#ports;
    const caring = this.schedules.filter(cares);
    if (caring.length === 0) return;
    for (let left = waiting(); left > 0; ) {
      clock.at(Math.max(...caring.map((schedule) => this.#next.get(schedule) ?? 0)), () => undefined);
      await clock.drain();
      const now = waiting();
      if (now >= left) return;
      left = now;
    }
  }

  #arm(schedule: Schedule, atMs: number): void {
    this.#next.set(schedule, atMs);
    const { clock } = this.#ports;
    clock.atPassing(atMs, () => {
      const nowMs = clock.now();
      this.starts.set(schedule, (this.starts.get(schedule) ?? 0) + 1);
      clock.track(this.#ports.invoke(schedule, nowMs).then(() => undefined));
      // Where the clock was moved past some starts, these are left out.
      this.#arm(schedule, atMs + schedule.everyMs * Math.floor((nowMs - atMs) / schedule.everyMs + 1));
    });
  }
}
