import type { LocalAccount } from '../account/account.ts';
import type { CustomRun } from '../account/custom-resources.ts';
import type { Forwarder } from '../account/forwarder.ts';
import type { Ledger } from '../account/ledger.ts';
import type { MetricsLog } from '../account/metrics.ts';
import type { Scheduled } from '../account/scheduled.ts';
import type { AlarmRun } from '../alarms/alarm-run.ts';
import type { AlertRun } from '../alerts/alert-run.ts';
import type { ApiServer } from '../aws/api-server.ts';
import type { LogsApi } from '../aws/logs-api.ts';
import type { ChatRun } from '../chat/chat-run.ts';
import type { RunClock } from '../clock/run-clock.ts';
import type { EventStore } from '../logs/event-store.ts';
import type { BucketStore } from '../s3/bucket-store.ts';
import type { Synthesized } from '../synth/synthesize.ts';
import type { Resolver } from '../template/resolver.ts';
import type { SearchTarget } from './search-target.ts';

/** Everything that runs. */
export interface Wired {
  readonly account: LocalAccount;
  /** Alarms on the run's events; undefined where the templates have none. */
  readonly alarms: AlarmRun | undefined;
  /** Topics, the functions of alerts and Slack; undefined where the templates have no table of alerts. */
  readonly alerts: AlertRun | undefined;
  readonly apis: ApiServer;
  /** Documents by index before the run: an engine that was there may hold some. */
  readonly baseline: ReadonlyMap<string, number>;
  /** The slash command and the buttons; undefined where the templates have no URL for them. */
  readonly chat: ChatRun | undefined;
  readonly clock: RunClock;
  readonly customRuns: readonly CustomRun[];
  readonly forwarder: Forwarder;
  /** The events of the log groups. */
  readonly events: EventStore;
  readonly ledger: Ledger;
  readonly logs: LogsApi;
  readonly metrics: MetricsLog;
  readonly resolver: Resolver;
  readonly scheduled: Scheduled;
  readonly search: SearchTarget;
  readonly store: BucketStore;
  readonly synthesized: Synthesized;
  /** Time of the first event: where the run's clock began. */
  readonly startMs: number;
}
