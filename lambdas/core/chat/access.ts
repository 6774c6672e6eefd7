import type { Caller } from './request.ts';
import type { ChatAccess } from './rules.ts';

/** What a call wants to do. */
export type Intent = 'ask' | 'silence' | 'approve';

/** Why a call is refused; the same word stands in the log. */
export type Refusal = 'no-users-listed' | 'workspace' | 'foreign-workspace' | 'channel' | 'user' | 'silencer' | 'approver';

const ANYBODY = '*';

/**
 * Says why somebody may not do something; undefined where he may. Every list must name him: the workspace, the channel and the person. Of a channel that is
 * shared with another workspace, people of that workspace are refused unless it is listed too. Who may silence or approve may ask as well.
 */
export function refusalOf({ channel, team, user, userTeam }: Caller, access: ChatAccess, intent: Intent): Refusal | undefined {
  const { approvers, channels, silencers, users, workspaces } = access;
  if (users.length + silencers.length + approvers.length === 0) return 'no-users-listed';
  if (team === '' || !workspaces.includes(team)) return 'workspace';
  if (userTeam !== '' && !workspaces.includes(userTeam)) return 'foreign-workspace';
  if (channel === '' || !channels.includes(channel)) return 'channel';
  const isListed = (list: readonly string[]): boolean => user !== '' && (list.includes(user) || list.includes(ANYBODY));
  if (!isListed(users) && !isListed(silencers) && !isListed(approvers)) return 'user';
  if (intent === 'approve') return isListed(approvers) ? undefined : 'approver';
  return intent === 'silence' && !isListed(silencers) ? 'silencer' : undefined;
}
