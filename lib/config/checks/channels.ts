import { partitionOf } from '../regions.ts';
import type { Config } from '../resolve.ts';
import { type CheckReport, reportDuplicates } from './context.ts';

/** Managed policies that make a guardrail none: whoever is in the channel could do nearly everything that his role can. */
const NO_GUARDRAIL = /:policy\/(?:AdministratorAccess|PowerUserAccess|IAMFullAccess|job-function\/SystemAdministrator)$/;
/** It reads objects of S3, parameters and log lines, into a channel. */
const READS_ALL = /:policy\/(?:ReadOnlyAccess|job-function\/ViewOnlyAccess|SecurityAudit)$/;

/** Channels besides the receivers: e-mails, Amazon Q, approvals, workflows of GitHub. */
export function checkChannels(config: Config, report: CheckReport): void {
  checkEmails(config, report);
  checkAmazonQ(config, report);
  const { approvals, chat } = config.slack;
  if (approvals.pipelines.length > 0 && !approvals.tell) {
    const what = 'buttons stand in the request for an approval, and nobody is told of it: set tell';
    report.problem({ path: ['slack', 'approvals', 'tell'], what, limit: 'true', value: false });
  }
  if (approvals.pipelines.length > 0 && !chat.enabled) {
    const what = 'nobody answers to the buttons of these pipelines: switch on slack.chat';
    report.problem({ path: ['slack', 'approvals', 'pipelines'], what, limit: 'slack.chat.enabled: true' });
  }
  if (approvals.pipelines.length > 0 && approvals.approvers.length === 0) {
    const what = 'nobody may press the buttons of these pipelines';
    report.problem({ path: ['slack', 'approvals', 'pipelines'], what, limit: 'approvers: [U…]' });
  }
}

function checkEmails({ slack }: Config, report: CheckReport): void {
  reportDuplicates(
    slack.emails,
    {
      key: ({ address }) => address.toLowerCase(),
      path: (index) => ['slack', 'emails', index, 'address'],
      what: 'this address is there already: put its severities together',
    },
    report,
  );
}

function checkAmazonQ({ region, slack }: Config, report: CheckReport): void {
  const { amazonQ, receivers } = slack;
  if (amazonQ.length === 0) return;
  const path = (index: number, ...rest: (string | number)[]): (string | number)[] => ['slack', 'amazonQ', index, ...rest];
  if (partitionOf(region) !== 'aws')
    report.problem({
      path: ['slack', 'amazonQ'],
      what: 'Amazon Q in chat applications is not in this partition',
      limit: 'aws',
      value: region,
    });
  reportDuplicates(
    amazonQ,
    { key: ({ name }) => name, path: (index) => path(index, 'name'), what: 'two configurations have this name' },
    report,
  );
  reportDuplicates(
    amazonQ,
    {
      key: ({ channel, workspace }) => `${workspace}/${channel}`,
      path: (index) => path(index, 'channel'),
      what: 'a channel has one configuration of Amazon Q',
    },
    report,
  );
  for (const [index, { channel, guardrails = [] }] of amazonQ.entries()) {
    for (const [at, policy] of guardrails.entries()) {
      if (NO_GUARDRAIL.test(policy)) {
        const what = 'this policy is no guardrail: whoever is in the channel may do what his role may';
        report.problem({ path: path(index, 'guardrails', at), what, limit: 'a policy that names what the channel is for', value: policy });
      } else if (READS_ALL.test(policy)) {
        const what = 'everybody in the channel may read nearly everything: objects, parameters, log lines';
        report.warning({ path: path(index, 'guardrails', at), what, limit: 'a policy that names what the channel is for', value: policy });
      }
    }
    if (receivers.some((receiver) => receiver.channel === channel))
      report.warning({
        path: path(index, 'channel'),
        what: 'a receiver tells this channel too: every alarm stands there twice',
        value: channel,
      });
  }
}
