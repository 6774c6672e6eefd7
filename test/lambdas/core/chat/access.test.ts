import { refusalOf } from '../../../../lambdas/core/chat/access.ts';
import { CALLER, RULES } from './support.ts';

const { access } = RULES;

test.each<[string, Parameters<typeof refusalOf>, ReturnType<typeof refusalOf>]>([
  ['somebody who is listed asks', [CALLER, access, 'ask'], undefined],
  ['and silences', [CALLER, access, 'silence'], undefined],
  ['somebody who may only ask', [{ ...CALLER, user: 'U0456EFGH' }, access, 'silence'], 'silencer'],
  ['somebody else', [{ ...CALLER, user: 'U0789IJKL' }, access, 'ask'], 'user'],
  ['nobody', [{ ...CALLER, user: '' }, access, 'ask'], 'user'],
  ['nobody, where everybody may', [{ ...CALLER, user: '' }, { ...access, users: ['*'] }, 'ask'], 'user'],
  ['everybody may ask', [{ ...CALLER, user: 'U0789IJKL' }, { ...access, users: ['*'] }, 'ask'], undefined],
  ['but not silence', [{ ...CALLER, user: 'U0789IJKL' }, { ...access, users: ['*'] }, 'silence'], 'silencer'],
  ['who may silence may ask', [CALLER, { ...access, users: [] }, 'ask'], undefined],
  ['another workspace', [{ ...CALLER, team: 'T0OTHER' }, access, 'ask'], 'workspace'],
  ['no workspace', [{ ...CALLER, team: '' }, { ...access, workspaces: [''] }, 'ask'], 'workspace'],
  ['a guest of another workspace in a shared channel', [{ ...CALLER, userTeam: 'T0OTHER' }, access, 'ask'], 'foreign-workspace'],
  ['another channel', [{ ...CALLER, channel: 'C0OTHER' }, access, 'ask'], 'channel'],
  ['no users at all are nobody, not everybody', [CALLER, { ...access, users: [], silencers: [] }, 'ask'], 'no-users-listed'],
  ['no channels are none', [CALLER, { ...access, channels: [] }, 'ask'], 'channel'],
])('%s', (_name, args, expected) => {
  expect(refusalOf(...args)).toBe(expected);
});
