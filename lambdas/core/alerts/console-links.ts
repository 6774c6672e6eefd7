/** Host of the console of a Region, by partition. */
export function consoleHost(region: string): string {
  if (region.startsWith('cn-')) return `${region}.console.amazonaws.cn`;
  if (region.startsWith('us-gov-')) return `${region}.console.amazonaws-us-gov.com`;
  if (region.startsWith('eusc-')) return `${region}.console.amazonaws-eusc.eu`;
  return `${region}.console.aws.amazon.com`;
}

/** Slack refuses a button whose address is longer, in characters. */
export const MAX_URL = 3000;

const REGION = /^[a-z]{2,5}(?:-[a-z]+)+-\d{1,2}$/;

/** Whether a text from outside may stand as a Region inside an address. */
export function isRegion(text: string): boolean {
  return REGION.test(text);
}

/** RFC 3986: what encodeURIComponent leaves alone although Markdown and consoles read it is encoded too. Lone surrogates become U+FFFD. */
export function encodePart(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const home = (region: string, service: string): string => `https://${consoleHost(region)}/${service}/home?region=${region}`;

/** The page of an alarm. */
export function alarmLink(region: string, alarmName: string): string {
  return `${home(region, 'cloudwatch')}#alarmsV2:alarm/${encodePart(alarmName)}`;
}

/** The list of alarms that fire. */
export function alarmsLink(region: string): string {
  return `${home(region, 'cloudwatch')}#alarmsV2:?~(alarmStateFilter~'ALARM)`;
}

/** A dashboard over a window. */
export function dashboardLink(region: string, name: string, window?: { readonly fromMs: number; readonly toMs: number }): string {
  const range = window === undefined ? '' : `?start=${isoSeconds(window.fromMs)}&end=${isoSeconds(window.toMs)}`;
  return `${home(region, 'cloudwatch')}#dashboards/dashboard/${encodePart(name)}${range}`;
}

const isoSeconds = (ms: number): string => new Date(ms).toISOString();

/** A question for Logs Insights. */
export interface InsightsQuestion {
  readonly region: string;
  readonly logGroups: readonly string[];
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Logs Insights with the query, the log groups and the window filled in. The console keeps its state behind `#` in a notation of its own: `~(…)` for objects
 * and lists, `~'` before texts, `*xx` for characters. Comments are left out, then lines from the end, until the address fits a button; undefined where not even the
 * groups do.
 */
export function insightsLink({ region, logGroups, query, fromMs, toMs }: InsightsQuestion): string | undefined {
  const make = (text: string): string => {
    const state = {
      end: new Date(toMs).toISOString(),
      start: new Date(fromMs).toISOString(),
      timeType: 'ABSOLUTE',
      tz: 'UTC',
      editorString: text,
      source: logGroups,
      lang: 'CWLI',
    };
    return `${home(region, 'cloudwatch')}#logsV2:logs-insights$3FqueryDetail$3D${jsurl(state)}`;
  };
  const full = make(query);
  if (full.length <= MAX_URL) return full;
  const bare = make(
    query
      .split('\n')
      .filter((line) => !/^\s*#/.test(line) && line.trim() !== '')
      .join('\n'),
  );
  if (bare.length <= MAX_URL) return bare;
  const empty = make('fields @timestamp, @message | sort @timestamp desc | limit 100');
  return empty.length <= MAX_URL ? empty : undefined;
}

/** The console's notation of a value: like JSON, but of characters that may stand in an address. */
export function jsurl(
  value: string | number | boolean | readonly string[] | { readonly [name: string]: string | number | boolean | readonly string[] },
): string {
  if (typeof value === 'string') return `~'${escapeJsurl(value)}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `~${value}`;
  if (Array.isArray(value)) return `~(${value.length === 0 ? '~' : value.map((item) => jsurl(item)).join('')})`;
  const members = Object.entries(value).map(([name, member]) => `${escapeJsurl(name)}${jsurl(member)}`);
  return `~(${members.join('~')})`;
}

function escapeJsurl(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `*${code.toString(16).padStart(2, '0')}` : `**${code.toString(16).padStart(4, '0')}`;
  });
}
