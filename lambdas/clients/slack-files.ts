import type { HttpClient } from './signed-http.ts';
import { callSlack, type SlackAnswer } from './slack-api.ts';

/** A file for a conversation. */
export interface SlackFile {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly title: string;
  readonly contentType: string;
  /** Id of a channel, or of a conversation with one person. */
  readonly channel: string;
  readonly threadTs?: string;
  /** For screen readers: of pictures. */
  readonly altText?: string;
}

/** Where Slack is, and as whom. */
export interface SlackPlace {
  readonly http: HttpClient;
  readonly api: string;
  readonly token: string;
  readonly now: () => number;
  /** Slack of the local run: its uploads go to itself. */
  readonly isLocal: boolean;
}

/** Uploads a file in Slack's three steps (the one-step upload is gone). Resolves to why it is not there, undefined where it is. */
export async function uploadFile(file: SlackFile, { api, http, isLocal, now, token }: SlackPlace): Promise<string | undefined> {
  const place = { api, token };
  const failed = (step: string, answer: SlackAnswer): string => `file ${step}: ${answer.ok ? 'odd answer' : answer.reason}`;
  const ask = { filename: file.name, length: file.bytes.length, ...(file.altText === undefined ? {} : { alt_txt: file.altText }) };
  const ticket = await callSlack(http, place, 'files.getUploadURLExternal', ask, now());
  const address = ticket.ok ? ticket.body['upload_url'] : undefined;
  if (!ticket.ok || typeof address !== 'string' || !isUploadAddress(address, isLocal ? api : undefined)) return failed('ticket', ticket);
  try {
    const headers = { 'content-type': file.contentType };
    const answer = await http({ method: 'POST', url: new URL(address), headers, body: [file.bytes], timeoutMs: 10_000 });
    if (answer.status !== 200) return `file upload: HTTP ${answer.status}`;
  } catch {
    return 'file upload: no answer';
  }
  const done = await callSlack(
    http,
    place,
    'files.completeUploadExternal',
    {
      files: [{ id: ticket.body['file_id'], title: file.title }],
      channel_id: file.channel,
      ...(file.threadTs === undefined ? {} : { thread_ts: file.threadTs }),
    },
    now(),
  );
  return done.ok ? undefined : failed('completion', done);
}

/** Opens the app's conversation with one person; gives its id, or why there is none. */
export async function openConversation(
  user: string,
  { api, http, now, token }: SlackPlace,
): Promise<{ readonly channel: string } | { readonly reason: string }> {
  const answer = await callSlack(http, { api, token }, 'conversations.open', { users: user }, now());
  if (!answer.ok) return { reason: `conversation: ${answer.reason}` };
  const channel = (answer.body['channel'] as { readonly id?: unknown } | undefined)?.id;
  return typeof channel === 'string' ? { channel } : { reason: 'conversation: odd answer' };
}

/** Files go to Slack only. */
function isUploadAddress(address: string, localApi: string | undefined): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname, origin, protocol } = new URL(address);
  if (localApi !== undefined && origin === new URL(localApi).origin) return true;
  return protocol === 'https:' && /(?:^|\.)slack(?:-gov)?\.com$/.test(hostname);
}
