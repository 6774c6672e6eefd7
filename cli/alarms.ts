import { listAlarms } from './alarms/list.ts';
import { readOptions } from './alarms/options.ts';
import { testAlarms } from './alarms/test-command.ts';
import type { Io } from './io.ts';

export const summary = 'test alarms on scenarios, by the rules that CloudWatch evaluates with, or list them';
export const usage = `Usage: eks-telemetry alarms test [--json] SCENARIO.yaml…
       eks-telemetry alarms list [--config FILE] [--json]

test   Replays metric points, log events and states of other alarms against alarms, and compares states at times with those expected.
       What decides is what the deployed alarm is made of: M of N, missing data, windows, metric math, contributors, composites,
       suppressors, mute rules. Without a file, the catalogue's own scenarios run.
list   The alarms that a config deploys, and those that it leaves out with the reason.

Options:
  --config FILE   a config; default for list: that of the scenarios
  --json          one JSON object a line on stdout
  --help          this text

A scenario:
  config: ../config/prod.yaml          # optional; relative to the file
  scenarios:
    - name: a crash loop of a quarter of an hour
      alarm: crash-loop                # as in docs/alarms.md; log-silence:prod-application where there are several
      values: 0x4 1x20 0x20            # of its metric, a minute apart: 0 five times, 1 twenty-one times, …; _x3 is none, 1+2x3 is 1 3 5 7
      expect: { 5m: OK, 16m: ALARM, 60m: OK }
      tells: { 0s: OK, 16m: ALARM, 31m: OK }
      messages: [{ at: 16m, state: firing, severity: warning, value: 1, labels: { team: platform } }]     # as alert-notifier reads them
  Several metrics: values by their ids, or metrics: [{metric: AWS/EKS apiserver_request_total, dimensions: {…}, values: …}].
  Others: logs (source, at, message, count, every), series (what the PromQL gives, a minute each), states (of other alarms), bands, quota, alarms (changes of the config).
  PromQL: input: [{metric: kube_node_info, labels: {node: a}, values: "1x30"}] are samples, evaluated by a real Prometheus: promtool, of Debian's
  package prometheus. Without it such scenarios are skipped by name; with CI=true they fail.

Exit codes: 0 all as expected, 1 something was otherwise, 2 a file that cannot be read, or used wrongly.`;

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    io.stderr.write(`alarms: ${options}\n`);
    return 2;
  }
  return options.verb === 'test' ? testAlarms(options, io) : listAlarms(options, io);
}
