import { formatMatchers, type Matcher } from '../core/alerts/matchers.ts';
import { isTooWide, newSilence, SILENCE_KEPT_MS } from '../core/alerts/new-silence.ts';
import { type ChatAnswer, tellAll } from '../core/chat/answer.ts';
import type { SilenceCommand } from '../core/chat/command.ts';
import type { Caller, PressRequest } from '../core/chat/request.ts';
import type { ChatRules } from '../core/chat/rules.ts';
import { endedSilence, findSilences, matchersOfGroup, spanOfButton, standingSilence } from '../core/chat/silence.ts';
import { matchersText, statusAnswer } from '../core/chat/status.ts';
import { CHAT_TEXTS } from '../core/chat/texts.ts';
import { code, inert, mention } from '../core/slack/escape.ts';
import { dateMark } from '../core/slack/format.ts';
import { type ChatPorts, type Result, refused } from './chat-ports.ts';

/** Groups that `status` looks into: more than anybody reads. */
const MAX_GROUPS = 100;
const AT_A_TIME = 10;
/** Longest comment of a silence, in characters. */
const MAX_COMMENT = 300;

/** What fires, what is silenced. */
export async function answerStatus(text: string, rules: ChatRules, { now, redact, table }: ChatPorts): Promise<Result> {
  const groups: string[] = [];
  for await (const { id } of table.openGroups()) {
    groups.push(id);
    if (groups.length >= MAX_GROUPS) break;
  }
  const alerts = [];
  for (let at = 0; at < groups.length; at += AT_A_TIME) {
    const found = await Promise.all(groups.slice(at, at + AT_A_TIME).map((id) => table.liveAlerts(id)));
    alerts.push(...found.flat().map(({ alert }) => alert));
  }
  const answer = statusAnswer({ alerts, silences: await table.silences(), nowMs: now() }, text, rules, redact);
  return { answer, outcome: 'answered', about: redact(text), rows: alerts.length };
}

/** Silences what somebody names. */
export async function answerSilence(
  { matchers, reason, spanMs }: SilenceCommand,
  caller: Caller,
  rules: ChatRules,
  ports: ChatPorts,
): Promise<Result> {
  return silence({ matchers, spanMs, comment: reason, caller, threadTs: '' }, rules, ports);
}

/** Silences what the message of a button tells of. */
export async function answerPress(
  { actionId, caller, messageTs, value }: PressRequest,
  rules: ChatRules,
  ports: ChatPorts,
): Promise<Result> {
  const texts = CHAT_TEXTS[rules.language];
  const spanMs = spanOfButton(actionId);
  if (spanMs === undefined) return refused('unknown-button', texts.alertGone);
  const group = value === '' ? undefined : await ports.table.group(value);
  if (group === undefined) return refused('alert-gone', texts.alertGone);
  const alerts = (await ports.table.liveAlerts(value)).map(({ alert }) => alert);
  // What is over and was told needs no silence; the group's row is kept for a while.
  if (alerts.length === 0) return refused('alert-gone', texts.alertGone);
  const matchers = matchersOfGroup(group.labels, alerts);
  if (matchers === undefined) return refused('group-too-wide', texts.groupTooWide);
  return silence({ matchers, spanMs, comment: '', caller, threadTs: messageTs }, rules, ports);
}

interface Wanted {
  readonly matchers: readonly Matcher[];
  readonly spanMs: number;
  readonly comment: string;
  readonly caller: Caller;
  readonly threadTs: string;
}

async function silence({ caller, comment, matchers, spanMs, threadTs }: Wanted, rules: ChatRules, ports: ChatPorts): Promise<Result> {
  const texts = CHAT_TEXTS[rules.language];
  const nowMs = ports.now();
  const shown = matchersText(matchers, ports.redact);
  const about = ports.redact(formatMatchers(matchers));
  if (isTooWide(matchers)) return refused('too-wide', texts.silenceTooWide, about);
  const silences = await ports.table.silences();
  const standing = standingSilence(silences, matchers, nowMs + spanMs, nowMs);
  if (standing !== undefined) {
    const text = texts.silenceStands(shown, dateMark(standing.endsAt), inert(standing.author, 60));
    return { ...refused('stands-already', text, about), outcome: 'answered' };
  }
  const made = newSilence(
    { matchers, spanMs, author: caller.user, comment: ports.redact(comment).slice(0, MAX_COMMENT).toWellFormed() },
    nowMs,
    ports.hash,
  );
  // The same that was ended in this very moment begins anew: of two versions the later one counts.
  const ended = silences.find((silence) => silence.id === made.id)?.updatedAt ?? 0;
  await ports.table.putSilence({ ...made, updatedAt: Math.max(made.updatedAt, ended + 1) }, SILENCE_KEPT_MS);
  const id = code(made.id, 20);
  const why = made.comment === '' ? '' : `\n“${inert(made.comment, 200)}”`;
  const text = `${texts.silenceMade(whoOf(caller), shown, dateMark(made.endsAt), id)}${why}\n${texts.howToUnsilence(rules.command, made.id)}`;
  return { answer: tellAll(text, threadTs), outcome: 'answered', about: `${about} ${made.id}` };
}

/** Ends silences. */
export async function answerUnsilence(target: string, caller: Caller, rules: ChatRules, ports: ChatPorts): Promise<Result> {
  const texts = CHAT_TEXTS[rules.language];
  const nowMs = ports.now();
  const found = findSilences(await ports.table.silences(), target, nowMs);
  if (found.length === 0) return refused('no-silence', texts.silenceUnknown(code(ports.redact(target), 100)), ports.redact(target));
  for (const one of found) await ports.table.putSilence(endedSilence(one, nowMs), SILENCE_KEPT_MS);
  const lines = found.slice(0, 5).map(({ matchers }) => texts.silenceEnded(whoOf(caller), matchersText(matchers, ports.redact)));
  if (found.length > 5) lines.push(texts.more(found.length - 5));
  return { answer: asAnswer(lines), outcome: 'answered', about: found.map(({ id }) => id).join(' ') };
}

function asAnswer(lines: readonly string[]): ChatAnswer {
  return tellAll(lines.join('\n'));
}

/** Who did it, by the id that Slack signed: the only mention in an answer. */
function whoOf({ user }: Caller): string {
  return mention(user) || inert(user, 30);
}
