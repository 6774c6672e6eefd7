import { albValues } from '../../../lambdas/core/parse/alb-values.ts';
import { OTHER_LINES } from '../../../scripts/athena/alb-shapes.ts';
import type { World } from '../../../scripts/athena/world.ts';
import { distinct, group, least, most, order, type Row, round, sum } from './count.ts';

/** A request as the tests read it: by the deployed parser's scanner, which shares nothing with the table's expression. */
interface Request {
  readonly time: string;
  readonly client: string;
  readonly target: string;
  readonly hasTarget: boolean;
  readonly times: readonly [number, number, number];
  readonly status: number | null;
  readonly targetStatus: string;
  readonly received: number;
  readonly sent: number;
  readonly verb: string;
  readonly url: string | null;
  readonly path: string | null;
  readonly agent: string;
  readonly cipher: string;
  readonly protocol: string;
  readonly targetGroup: string | null;
  readonly traceId: string;
  readonly domain: string;
  readonly actions: string | null;
  readonly error: string | null;
  readonly classification: string | null;
  readonly reason: string | null;
}

const MAX_BIGINT_DIGITS = 19;

/** `(?:[^:]*)` up to the last colon. */
function address(value: string): string {
  return value === '-' ? '' : value.slice(0, value.lastIndexOf(':'));
}

function whole(value: string): number | null {
  return /^-?\d+$/.test(value) && value.length <= MAX_BIGINT_DIGITS ? Number(value) : null;
}

/** Requests of the world's ALB lines, and how many lines are none. */
export function requestsOf({ lines }: World): { readonly requests: readonly Request[]; readonly others: readonly string[] } {
  const requests: Request[] = [];
  const others: string[] = [];
  for (const line of lines['alb'] ?? []) {
    const text = line.replace(/[ \r]+$/, '');
    const values = albValues(text);
    if (values === undefined || OTHER_LINES.includes(line)) {
      others.push(line);
      continue;
    }
    const v = (index: number): string => values[index] ?? '';
    const [, verb = '', url = null] = /^([^ ]*)(?: (.*) [^ ]*$)?/.exec(v(12)) ?? [];
    const group = /:targetgroup\/([^/]+)\//.exec(v(16))?.[1] ?? null;
    const isModern = v(21) !== '';
    requests.push({
      time: v(1),
      client: address(v(3)),
      target: address(v(4)),
      hasTarget: v(4) !== '-',
      times: [Number(v(5)), Number(v(6)), Number(v(7))],
      status: whole(v(8)),
      targetStatus: v(9),
      received: whole(v(10)) ?? 0,
      sent: whole(v(11)) ?? 0,
      verb,
      url,
      path: url === null ? null : pathOf(url),
      agent: v(13),
      cipher: v(14),
      protocol: v(15),
      targetGroup: group,
      traceId: v(17),
      domain: v(18),
      actions: isModern ? v(22) : null,
      error: isModern ? v(24) : null,
      classification: v(27) === '' ? null : v(27),
      reason: v(28) === '' ? null : v(28),
    });
  }
  return { requests, others };
}

/** What Java's URI says, for what these lines hold: no path where a character is not allowed, or a port is empty of digits. */
function pathOf(url: string): string | null {
  const match = /^[a-z]+:\/\/([^/?#]*)([^?#]*)/.exec(url);
  if (match === null || /[\p{Cc}\s"\\<>^`{|}]/u.test(url) || /%(?![0-9a-fA-F]{2})/.test(url) || /:\d*-/.test(match[1] ?? '')) return null;
  return match[2] ?? '';
}

const is5xx = ({ status }: Request): boolean => (status ?? 0) >= 500;
const is4xxOr5xx = ({ status }: Request): boolean => (status ?? 0) >= 400;
const minute = ({ time }: Request): string => time.slice(0, 16).replace('T', ' ');
const count = (items: readonly unknown[]): number => items.length;
const percent = (part: number, all: number): number => round((100 * part) / all, 2);

/** Rows that named queries of the table `alb` must give, by query: columns in their order, as far as `columns` names them. */
export function albExpected(world: World): {
  readonly [query: string]: { readonly columns: readonly string[]; readonly rows: readonly Row[] };
} {
  const { requests } = requestsOf(world);
  const byMinute = group(
    requests,
    (r) => [minute(r)],
    (rs) => [count(rs), rs.filter((r) => is4xxOr5xx(r) && !is5xx(r)).length, rs.filter(is5xx).length],
  );
  return {
    'alb-top-clients': {
      columns: ['client_ip', 'requests', 'errors', 'server_errors', 'megabytes_sent', 'last_seen'],
      rows: order(
        group(
          requests,
          (r) => [r.client],
          (rs) => [
            count(rs),
            rs.filter(is4xxOr5xx).length,
            rs.filter(is5xx).length,
            round(sum(rs.map(({ sent }) => sent)) / 1e6, 3),
            most(rs.map(({ time }) => time)),
          ],
        ),
        -2,
        1,
      ).slice(0, 100),
    },
    'alb-5xx-by-target': {
      columns: ['target_group', 'requests', 'server_errors', 'error_percent', 'without_answer'],
      rows: group(
        requests,
        (r) => [r.targetGroup, r.hasTarget ? r.target : '(none)'],
        (rs) => [
          count(rs),
          rs.filter(is5xx).length,
          percent(rs.filter(is5xx).length, rs.length),
          rs.filter((r) => is5xx(r) && !/^\d+$/.test(r.targetStatus)).length,
        ],
      )
        .filter((row) => Number(row[3]) > 0)
        .map(([targetGroup = null, , ...rest]) => [targetGroup, ...rest]),
    },
    'alb-latency-by-path': {
      columns: ['verb', 'path', 'requests', 'max_seconds'],
      rows: group(
        requests.filter(({ times }) => times[1] >= 0),
        (r) => [r.verb, r.path ?? '(no URL)'],
        (rs) => [count(rs), Math.max(...rs.map(({ times }) => times[1]))],
      ).filter((row) => Number(row[2]) >= 5),
    },
    'alb-requests-per-minute': { columns: ['minute', 'requests', 'client_errors', 'server_errors'], rows: order(byMinute, 1) },
    'alb-error-minutes': {
      columns: ['minute', 'requests', 'server_errors', 'error_percent'],
      rows: order(
        byMinute.map(([at = null, all = 0, , errors = 0]) => [at, all, errors, percent(Number(errors), Number(all))]),
        1,
      ).filter((row) => (100 * Number(row[2])) / Number(row[1]) >= 5),
    },
    'alb-slowest-requests': {
      columns: ['time', 'seconds', 'trace_id'],
      rows: order(
        requests
          .filter(({ times }) => times.every((each) => each >= 0))
          .map(({ time, times, traceId }) => [time, round(sum(times), 3), traceId]),
        -2,
        1,
        3,
      ).slice(0, 50),
    },
    'alb-bytes-by-client': {
      columns: ['client_ip', 'requests', 'megabytes_received', 'megabytes_sent', 'largest_answer_bytes'],
      rows: order(
        group(
          requests,
          (r) => [r.client],
          (rs) => [
            count(rs),
            round(sum(rs.map(({ received }) => received)) / 1e6, 3),
            round(sum(rs.map(({ sent }) => sent)) / 1e6, 3),
            Math.max(...rs.map(({ sent }) => sent)),
            sum(rs.map(({ sent, received }) => sent + received)),
          ],
        ),
        -6,
        1,
      )
        .slice(0, 100)
        .map((row) => row.slice(0, 5)),
    },
    'alb-user-agents': {
      columns: ['user_agent', 'requests', 'clients', 'error_percent', 'last_seen'],
      rows: order(
        group(
          requests,
          (r) => [r.agent],
          (rs) => [
            count(rs),
            distinct(rs.map(({ client }) => client)),
            percent(rs.filter(is4xxOr5xx).length, rs.length),
            most(rs.map(({ time }) => time)),
          ],
        ),
        -2,
        1,
      ).slice(0, 200),
    },
    'alb-tls-versions': {
      columns: ['protocol', 'cipher', 'requests', 'clients', 'last_seen'],
      rows: group(
        requests,
        (r) => [r.protocol, r.cipher],
        (rs) => [count(rs), distinct(rs.map(({ client }) => client)), most(rs.map(({ time }) => time))],
      ),
    },
    'alb-bots': {
      columns: ['bot', 'requests', 'clients', 'errors'],
      rows: group(
        requests.flatMap((r) => {
          const name =
            /[a-z0-9_.-]*(?:bot|crawler|spider|slurp)[a-z0-9_.-]*/i.exec(r.agent)?.[0] ??
            /^(?:curl|okhttp|python-requests|go-http-client)/i.exec(r.agent)?.[0];
          return name === undefined ? [] : [{ ...r, bot: name.toLowerCase() }];
        }),
        (r) => [r.bot],
        (rs) => [count(rs), distinct(rs.map(({ client }) => client)), rs.filter(is4xxOr5xx).length],
      ),
    },
    'alb-cost-by-host': {
      columns: ['requests', 'gigabytes', 'lcu_usd', 'transfer_usd'],
      rows: group(
        requests,
        (r) => [
          r.domain !== '' && r.domain !== '-'
            ? r.domain
            : (/^[a-z]+:\/\/([^/:?]+)/.exec(r.path === null ? '' : (r.url ?? ''))?.[1] ?? '(none)'),
        ],
        (rs) => {
          const bytes = sum(rs.map(({ sent, received }) => sent + received));
          const sent = sum(rs.map((r) => r.sent));
          return [count(rs), round(bytes / 1e9, 6), round((bytes / 1e9) * 0.008, 6), round((sent / 1e9) * 0.09, 6)];
        },
      ).map((row) => row.slice(1)),
    },
    'alb-own-errors': {
      columns: ['status', 'target_group', 'error_reason', 'requests', 'without_target', 'first_seen', 'last_seen'],
      rows: group(
        requests.filter((r) => (r.status ?? 0) >= 460 && !/^\d+$/.test(r.targetStatus)),
        (r) => [r.status, r.targetGroup, r.error],
        (rs) => [
          count(rs),
          rs.filter(({ hasTarget }) => !hasTarget).length,
          least(rs.map(({ time }) => time)),
          most(rs.map(({ time }) => time)),
        ],
      ),
    },
    'alb-status-by-target-group': {
      columns: ['target_group', 'status', 'requests', 'percent'],
      rows: group(
        requests,
        (r) => [r.targetGroup, r.status],
        (rs) => [count(rs), percent(rs.length, requests.filter((r) => r.targetGroup === rs[0]?.targetGroup).length)],
      ),
    },
    'alb-actions': {
      columns: ['actions', 'status', 'requests', 'clients'],
      rows: group(
        requests,
        (r) => [r.actions, r.status],
        (rs) => [count(rs), distinct(rs.map(({ client }) => client))],
      ),
    },
    'alb-suspicious-requests': {
      columns: ['classification', 'reason', 'client_ip', 'requests', 'last_seen'],
      rows: group(
        requests.filter(({ classification }) => classification === 'Ambiguous' || classification === 'Severe'),
        (r) => [r.classification, r.reason, r.client],
        (rs) => [count(rs), most(rs.map(({ time }) => time))],
      ),
    },
    'alb-requests-of-client': {
      columns: ['time', 'verb', 'url', 'status', 'target_status', 'user_agent', 'trace_id'],
      rows: requests
        .filter(({ client }) => client === '203.0.113.9')
        .map((r) => [r.time, r.verb, r.url, r.status, r.targetStatus, r.agent, r.traceId === '' ? null : r.traceId]),
    },
  };
}
