import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type AlarmHistories, alarmHistories } from '../alarms/history.ts';
import { LOCAL_PEOPLE, type LocalPerson } from '../chat/chat-run.ts';
import { listen, type RunningServer, readBody } from '../http/server.ts';
import { queryDefinitions } from '../queries/definitions.ts';
import { runQuery } from '../queries/run-queries.ts';
import { readDeadLetters } from '../report/dead-letters.ts';
import type { LocalRun } from '../run/run.ts';
import type { StatePaths } from '../run/state.ts';
import { SearchClient } from '../search/client.ts';
import { SLACK_CSS, type SlackPageContent, slackPage } from '../slack/page.ts';
import { listIndices, type SearchRequest, searchEvents } from './search.ts';

/** Files of the page, by path. */
const FILES: { readonly [path: string]: readonly [file: string, type: string] } = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/app.js': ['app.js', 'text/javascript; charset=utf-8'],
  '/alarms.js': ['alarms.js', 'text/javascript; charset=utf-8'],
  '/search.js': ['search.js', 'text/javascript; charset=utf-8'],
  '/rows.js': ['rows.js', 'text/javascript; charset=utf-8'],
  '/queries.js': ['queries.js', 'text/javascript; charset=utf-8'],
  '/pipeline.js': ['pipeline.js', 'text/javascript; charset=utf-8'],
  '/report.js': ['report.js', 'text/javascript; charset=utf-8'],
  '/slack.js': ['slack.js', 'text/javascript; charset=utf-8'],
  '/dom.js': ['dom.js', 'text/javascript; charset=utf-8'],
  '/base.css': ['base.css', 'text/css; charset=utf-8'],
  '/search.css': ['search.css', 'text/css; charset=utf-8'],
  '/pipeline.css': ['pipeline.css', 'text/css; charset=utf-8'],
  '/alarms.css': ['alarms.css', 'text/css; charset=utf-8'],
};

/** Nothing but our own files may run or be fetched: a log line that gets into the page as markup could still do nothing. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Serves the page of a run on 127.0.0.1. Rejects where the port is taken. */
export async function serveWeb(run: LocalRun, paths: StatePaths, port: number): Promise<RunningServer> {
  const server = createServer((request, response) => {
    answer(run, paths, request, response).catch((error: unknown) => {
      sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  return listen(server, port);
}

async function answer(run: LocalRun, paths: StatePaths, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A page elsewhere that has its name point to 127.0.0.1 must not read logs through the browser.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
    sendJson(response, 403, { error: 'this page is served to 127.0.0.1 only' });
    return;
  }
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const file = FILES[pathname];
  if (file && request.method === 'GET') {
    response.writeHead(200, { ...HEADERS, 'content-type': file[1] }).end(readFileSync(join(import.meta.dirname, file[0])));
    return;
  }
  if (request.method === 'GET' && pathname === '/slack') {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(slackPage(slackOf(run)));
    return;
  }
  if (request.method === 'GET' && pathname === '/slack.css') {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/css; charset=utf-8' }).end(SLACK_CSS);
    return;
  }
  sendJson(response, 200, await api(run, paths, pathname, request));
}

async function api(run: LocalRun, paths: StatePaths, pathname: string, request: IncomingMessage): Promise<unknown> {
  switch (`${request.method} ${pathname}`) {
    case 'GET /api/status':
      return run.status;
    case 'GET /api/report':
      return JSON.parse(readFileSync(paths.report, 'utf8')) as unknown;
    case 'GET /api/dead-letters':
      return run.wired ? readDeadLetters(run.wired.store) : [];
    case 'GET /api/alarms':
      return histories(run);
    case 'GET /api/indices':
      return listIndices(client(run));
    case 'GET /api/queries':
      return run.wired ? queryDefinitions(run.wired.resolver) : [];
    case 'POST /api/query':
      return answerQuery(run, JSON.parse((await readBody(request)).toString('utf8')) as QueryRequest);
    case 'POST /api/slack/command':
    case 'POST /api/slack/press':
      return talk(run, pathname, request);
    case 'POST /api/search':
      return searchEvents(client(run), JSON.parse((await readBody(request)).toString('utf8')) as SearchRequest);
    default:
      throw new Error(`nothing at ${request.method} ${pathname}`);
  }
}

function histories({ wired }: LocalRun): AlarmHistories {
  if (wired?.alarms === undefined) return { startMs: 0, nowMs: 0, alarms: [] };
  return alarmHistories(wired.alarms, wired.startMs, wired.clock.now());
}

function slackOf({ wired }: LocalRun): SlackPageContent {
  const { chat } = wired ?? {};
  const { files = [], messages = [] } = wired?.alerts?.sink ?? {};
  return { messages, files, command: chat?.rules.command };
}

/** What somebody writes or presses on the page of messages. */
async function talk(run: LocalRun, pathname: string, request: IncomingMessage): Promise<unknown> {
  // A page elsewhere can send text without asking, but not this type.
  if (!String(request.headers['content-type'] ?? '').startsWith('application/json')) throw new Error('send JSON');
  const chat = run.wired?.chat;
  if (!chat) throw new Error('nobody answers: the config has no slack.chat, or the run is still starting');
  const { action, person = 'you', text = '', ts = '' } = JSON.parse((await readBody(request)).toString('utf8')) as TalkRequest;
  const who = LOCAL_PEOPLE[person === 'guest' ? 'guest' : 'you'] as LocalPerson;
  if (pathname.endsWith('/command')) return { status: await chat.command(text, who) };
  if (action === undefined) throw new Error('name the button');
  return { status: await chat.press({ ts, action }, who) };
}

interface TalkRequest {
  readonly person?: string;
  readonly text?: string;
  readonly ts?: string;
  readonly action?: { readonly action_id: string; readonly value?: string };
}

/** A saved query by its name, with values for its parameters. */
interface QueryRequest {
  readonly name: string;
  readonly values?: { readonly [name: string]: string };
}

async function answerQuery(run: LocalRun, { name, values }: QueryRequest): Promise<unknown> {
  const { wired } = run;
  if (!wired) throw new Error('the run is still starting');
  const definition = queryDefinitions(wired.resolver).find((each) => each.name === name);
  if (!definition) throw new Error(`the templates hold no saved query ${name}`);
  return runQuery(definition, { files: wired.events.files, nowMs: wired.clock.now() }, values);
}

function client(run: LocalRun): SearchClient {
  const target = run.search;
  if (!target) throw new Error('the search is still starting');
  if (target.kind === 'files') throw new Error(`nothing can be searched in this run: ${target.reason}`);
  return new SearchClient(target.url);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
