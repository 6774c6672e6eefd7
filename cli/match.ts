import type { Io } from './io.ts';
import { readMatchEvents } from './match/events.ts';
import { readOptions } from './match/options.ts';
import { foundSome, type MatchTotals, printMatches } from './match/print.ts';

export const summary = "the events that a CloudWatch filter pattern matches, by CloudWatch's grammar";
export const usage = `Usage: eks-telemetry match --pattern 'P' [options] [FILE…|-]

Prints the messages of the events that a subscription filter, metric filter, \`aws logs filter-log-events\` or Live Tail with
this pattern would match. The grammar is the one that is deployed with this project.

Options:
  -p, --pattern P  the filter pattern; quote it for your shell
  --value V        print what a metric filter with the metric value V would publish, one number a line:
                   1, $.property of a JSON event, $field of a space-delimited one
  --count          print only how many events match (with --value: how many numbers are published)
  --json           one JSON object a line: timestamp, message and what else the input tells of an event; with --value also
                   value; for a space-delimited pattern also extractedFields; with --count {"count":N}
  --record         match container lines as the JSON records that Fluent Bit sends to CloudWatch (see below)
  --help           this text

Patterns:
  ERROR "not found"            all of these terms and phrases; ?A ?B any of them; -A not this one
  %error|fail[0-9]+%           a regular expression
  { $.code = 4* && $.user.name != "bob" }              properties of a JSON event; IS NULL|TRUE|FALSE, NOT EXISTS
  [ip, user, ..., status >= 500, bytes]                fields of a space-delimited event

Input: plain lines, containerd (CRI) files, either gzipped, or CloudWatch events as JSON. One line is one event, as an agent ships it.
A container line is its text: the framing is taken off and its pieces are joined. In /aws/containerinsights/… the event is not that
text but a JSON record that holds it; to try the pattern of a filter on such a group, add --record and ask for { $.log = "*ERROR*" }.
Pod, namespace and container of the record are read from the file's name, POD_NAMESPACE_CONTAINER-ID.log.

Exit codes: 0 some event matches, 1 none, 2 an invalid pattern (with its column), a file that
cannot be read, or used wrongly.`;

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') return usedWrongly(io, options);
  for (const warning of options.warnings) io.stderr.write(`match: warning: ${warning}\n`);
  let isUnreadable = false;
  const events = readMatchEvents(options, io, (problem) => {
    isUnreadable = true;
    io.stderr.write(`match: ${problem}\n`);
  });
  const totals = await printMatches(events, options, io.stdout);
  if (options.metric !== undefined) tellUnpublished(totals, io);
  if (isUnreadable) return 2;
  return foundSome(totals, options) ? 0 : 1;
}

function tellUnpublished({ matched, published, withoutValue, notNumbers }: MatchTotals, io: Io): void {
  if (matched === published) return;
  const reasons = [withoutValue > 0 ? `${withoutValue} have no value there` : '', notNumbers > 0 ? `${notNumbers} hold no number` : ''];
  io.stderr.write(`match: ${matched - published} of ${matched} matching events publish nothing: ${reasons.filter(Boolean).join(', ')}\n`);
}

function usedWrongly(io: Io, what: string): number {
  io.stderr.write(`match: ${what}\n`);
  return 2;
}
