import type { Archived, World } from '../../../scripts/athena/world.ts';
import { requestsOf } from './alb-expected.ts';
import { distinct, group, least, most, order, type Row, round, sum } from './count.ts';

// biome-ignore lint/suspicious/noExplicitAny: audit events are JSON of any shape
type Any = any;
type Expected = { readonly [query: string]: { readonly columns: readonly string[]; readonly rows: readonly Row[] } };

const count = (items: readonly unknown[]): number => items.length;
const times = (events: readonly { readonly time: string }[]): [string, string] => [
  least(events.map(({ time }) => time)),
  most(events.map(({ time }) => time)),
];
const text = (value: unknown): string | null => (value === undefined || value === null ? null : String(value));

function parsed(
  archive: readonly Archived[],
  kind: string,
): { readonly time: string; readonly id: string; readonly raw: string; readonly e: Any }[] {
  return archive
    .filter((event) => event.kind === kind)
    .map(({ time, message, id }) => {
      try {
        return { time, id, raw: message, e: JSON.parse(message) as Any };
      } catch {
        return { time, id, raw: message, e: {} };
      }
    });
}

/** Rows of queries over files of load balancers, CloudFront and WAF, beside those of the table alb. */
export function fileExpected({ lines }: World): Expected {
  const connections = (lines['conn_log'] ?? []).map((line) => line.split(' '));
  const checks = (lines['health_check_log'] ?? []).map((line) => line.split(' '));
  const nlb = (lines['nlb'] ?? []).map((line) => line.split(' '));
  const edge = (lines['cloudfront'] ?? []).map((line) => line.split('\t'));
  const waf = (lines['waf'] ?? []).map((line) => JSON.parse(line) as Any);
  const column = (rows: readonly string[][], at: number): string[] => rows.map((row) => row[at] as string);
  return {
    'alb-failed-handshakes': {
      columns: ['client_ip', 'listener_port', 'verify_status', 'connections', 'first_seen', 'last_seen'],
      rows: group(
        connections.filter((c) => c[4] === '-' || (c.at(-2) ?? '').startsWith('Failed')),
        (c) => [c[1] as string, Number(c[3]), c.at(-2) as string],
        (cs) => [count(cs), least(column(cs as string[][], 0)), most(column(cs as string[][], 0))],
      ),
    },
    'alb-health-check-failures': {
      columns: ['target_group', 'target', 'reason', 'status_code', 'failures', 'longest_seconds', 'last_seen'],
      rows: group(
        checks.filter((c) => c[5] === 'FAIL'),
        (c) => [c[4] as string, c[3] as string, c[7] as string, c[6] as string],
        (cs) => [count(cs), Math.max(...cs.map((c) => Number(c[2]))), most(cs.map((c) => c[1] as string))],
      ),
    },
    'nlb-tls-connections': {
      columns: ['elb', 'listener', 'protocol', 'cipher', 'connections', 'clients', 'alerts', 'megabytes'],
      rows: group(
        nlb,
        (n) => [n[3] as string, n[4] as string, n[15] as string, n[14] as string],
        (ns) => [
          count(ns),
          distinct(ns.map((n) => (n[5] as string).replace(/:\d+$/, ''))),
          ns.filter((n) => n[11] !== '-').length,
          round(sum(ns.map((n) => Number(n[9]) + Number(n[10]))) / 1e6, 3),
        ],
      ),
    },
    'cloudfront-cache': {
      columns: ['path', 'requests', 'hits', 'hit_percent', 'megabytes_sent'],
      rows: group(
        edge,
        (f) => [f[7] as string],
        (fs) => {
          const hits = fs.filter((f) => /^(?:Refresh)?Hit$/.test(f[13] as string)).length;
          return [count(fs), hits, round((100 * hits) / fs.length, 2), round(sum(fs.map((f) => Number(f[3]))) / 1e6, 3)];
        },
      ),
    },
    'cloudfront-errors': {
      columns: ['status', 'result', 'host', 'requests', 'clients', 'example_path'],
      rows: group(
        edge.filter((f) => Number(f[8]) >= 400 || f[8] === '000'),
        (f) => [Number(f[8]), f[28] as string, f[15] as string],
        (fs) => [count(fs), distinct(fs.map((f) => f[4] as string)), least(fs.map((f) => f[7] as string))],
      ),
    },
    'waf-actions': {
      columns: ['action', 'rule', 'rule_type', 'requests', 'clients', 'example_path'],
      rows: group(
        waf,
        (w) => [w.action, w.terminatingRuleId, w.terminatingRuleType],
        (ws) => [count(ws), distinct(ws.map((w) => w.httpRequest.clientIp)), least(ws.map((w) => w.httpRequest.uri))],
      ),
    },
    'waf-blocked-clients': {
      columns: ['client_ip', 'country', 'blocked', 'rules', 'last_seen'],
      rows: group(
        waf.filter((w) => w.action === 'BLOCK'),
        (w) => [w.httpRequest.clientIp, w.httpRequest.country],
        (ws) => [
          count(ws),
          [...new Set(ws.map((w) => w.terminatingRuleId as string))].sort().join(', '),
          new Date(Math.max(...ws.map((w) => w.timestamp))).toISOString().slice(0, 19).replace('T', ' '),
        ],
      ),
    },
    'waf-labels': {
      columns: ['label', 'action', 'requests', 'clients'],
      rows: group(
        waf.flatMap((w) => w.labels.map((label: Any) => ({ ...w, label: label.name }))),
        (w: Any) => [w.label, w.action],
        (ws) => [count(ws), distinct(ws.map((w: Any) => w.httpRequest.clientIp))],
      ),
    },
  };
}

/** Rows of queries over audit events. */
export function auditExpected({ archive }: World): Expected {
  const audit = parsed(archive, 'audit');
  const code = (e: Any): number | null => e.responseStatus?.code ?? null;
  const done = audit.filter(({ e }) => e.stage === 'ResponseComplete');
  const ref = (e: Any): Any => e.objectRef ?? {};
  const user = (e: Any): string | null => text(e.user?.username);
  const named = (rows: readonly { readonly time: string; readonly e: Any }[], of: (e: Any) => Row): Row[] =>
    rows.map(({ time, e }) => [time, ...of(e)]);
  return {
    'audit-deleted-objects': {
      columns: ['time', 'username', 'verb', 'resource', 'namespace', 'object_name', 'status', 'source_ip', 'user_agent'],
      rows: named(
        done.filter(({ e }) => /^delete(?:collection)?$/.test(e.verb) && !user(e)?.startsWith('system:')),
        (e) => [
          user(e),
          e.verb,
          text(ref(e).resource),
          text(ref(e).namespace),
          text(ref(e).name),
          code(e),
          text(e.sourceIPs?.[0]),
          text(e.userAgent),
        ],
      ),
    },
    'audit-users-first-last-seen': {
      columns: ['username', 'first_seen', 'last_seen', 'requests', 'addresses', 'denied'],
      rows: group(
        audit.filter(({ e }) => user(e) !== null),
        ({ e }) => [user(e)],
        (es) => [
          ...times(es),
          count(es),
          distinct(es.map(({ e }) => text(e.sourceIPs?.[0]))),
          es.filter(({ e }) => code(e) === 403).length,
        ],
      ),
    },
    'audit-secrets-read': {
      columns: ['username', 'verb', 'namespace', 'secret', 'reads', 'last_read'],
      rows: group(
        done.filter(
          ({ e }) =>
            ref(e).resource === 'secrets' && ['get', 'list', 'watch'].includes(e.verb) && code(e) !== null && Number(code(e)) < 300,
        ),
        ({ e }) => [user(e), e.verb, text(ref(e).namespace), text(ref(e).name)],
        (es) => [count(es), times(es)[1]],
      ),
    },
    'audit-exec-into-pods': {
      columns: ['time', 'username', 'what', 'namespace', 'pod', 'command', 'status'],
      rows: named(
        audit.filter(({ e }) => ['exec', 'attach', 'portforward'].includes(ref(e).subresource)),
        (e) => [
          user(e),
          ref(e).subresource,
          ref(e).namespace,
          ref(e).name,
          new URL(e.requestURI, 'https://k').searchParams.get('command'),
          code(e),
        ],
      ),
    },
    'audit-anonymous-requests': {
      columns: ['verb', 'path', 'status', 'requests', 'last_seen'],
      rows: group(
        audit.filter(({ e }) => user(e) === 'system:anonymous'),
        ({ e }) => [e.verb, e.requestURI.split('?')[0], code(e)],
        (es) => [count(es), times(es)[1]],
      ),
    },
    'audit-denied-by-user': {
      columns: ['username', 'verb', 'resource', 'requests', 'namespaces', 'last_seen'],
      rows: group(
        audit.filter(({ e }) => code(e) === 403),
        ({ e }) => [user(e), e.verb, text(ref(e).resource)],
        (es) => [count(es), distinct(es.map(({ e }) => text(ref(e).namespace))), times(es)[1]],
      ),
    },
    'audit-deprecated-apis': {
      columns: ['removed_in', 'api', 'resource', 'username', 'user_agent', 'requests', 'last_seen'],
      rows: group(
        audit.filter(({ e }) => e.annotations?.['k8s.io/deprecated'] === 'true'),
        ({ e }) => [
          text(e.annotations['k8s.io/removed-release']),
          [ref(e).apiGroup, ref(e).apiVersion].filter(Boolean).join('/'),
          ref(e).resource,
          user(e),
          e.userAgent,
        ],
        (es) => [count(es), times(es)[1]],
      ),
    },
    'audit-rbac-changes': {
      columns: ['time', 'username', 'verb', 'resource', 'namespace', 'object_name', 'status'],
      rows: named(
        done.filter(
          ({ e }) =>
            ref(e).apiGroup === 'rbac.authorization.k8s.io' && ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(e.verb),
        ),
        (e) => [user(e), e.verb, ref(e).resource, text(ref(e).namespace), text(ref(e).name), code(e)],
      ),
    },
    'audit-scaling': {
      columns: ['time', 'username', 'resource', 'namespace', 'object_name', 'replicas', 'status'],
      rows: named(
        audit.filter(({ e }) => ref(e).subresource === 'scale' && ['update', 'patch'].includes(e.verb)),
        (e) => [user(e), ref(e).resource, ref(e).namespace, ref(e).name, e.requestObject?.spec?.replicas ?? null, code(e)],
      ),
    },
    'audit-raw-lines': {
      columns: ['time', 'event_id', 'response_status', 'message'],
      rows: audit
        .filter(({ time, raw }) => time.startsWith('2026-11-21T08') && raw.includes('secrets'))
        .map(({ time, id, raw, e }) => [time, id, e.responseStatus === undefined ? null : JSON.stringify(e.responseStatus), raw]),
    },
  };
}

/** Rows of queries over the rest of the archive, dead letters and costs. */
export function archiveExpected(world: World): Expected {
  const { archive, deadLetters, costs } = world;
  const of = (kind: string): Archived[] => archive.filter((event) => event.kind === kind);
  const arn = (message: string): string => /arn="([^"]+)"/.exec(message)?.[1] ?? /arn=([^ "]+)/.exec(message)?.[1] ?? '(none)';
  const containers = parsed(archive, 'application').map((event, index) => ({
    ...event,
    application: of('application')[index]?.application as string,
  }));
  const line = ({ e, raw }: { readonly e: Any; readonly raw: string }): string => e.log ?? raw;
  const namespace = (e: Any): string => e.kubernetes?.namespace_name ?? '';
  const container = (e: Any): string => e.kubernetes?.container_name ?? '';
  const isError = (event: { readonly e: Any; readonly raw: string }): boolean =>
    /\b(?:error|fatal|severe|panic|critical|exception)\b/i.test(line(event));
  const traced = new Map<string, typeof containers>();
  for (const event of containers) {
    const [, id] = /trace_id\\*": *\\*"([0-9a-f]{32})/.exec(event.raw) ?? [];
    if (id !== undefined) traced.set(id, [...(traced.get(id) ?? []), event]);
  }
  const events = parsed(archive, 'events');
  const object = (e: Any): Any => e.involvedObject ?? {};
  const failed = requestsOf(world).requests.filter(({ status }) => (status ?? 0) >= 500);
  const wanted = ['FailedScheduling', 'Scheduled', 'SuccessfulRescale', 'ScalingReplicaSet', 'TriggeredScaleUp', 'NotTriggerScaleUp'];
  const evicted = [
    'Evicted',
    'OOMKilling',
    'SystemOOM',
    'EvictionThresholdMet',
    'TaintManagerEviction',
    'Preempted',
    'NodeHasInsufficientMemory',
  ];
  const days = group(
    containers,
    ({ time, application, e }) => [time.slice(0, 10), application === '' ? `${namespace(e)}/${container(e)}` : application],
    (es) => [count(es), es.filter(isError).length, round((100 * es.filter(isError).length) / es.length, 2)],
  );
  const before = (row: Row): Row | undefined =>
    order(
      days.filter((other) => other[1] === row[1] && String(other[0]) < String(row[0])),
      -1,
    )[0];
  return {
    'alb-errors-with-application-lines': {
      columns: ['request_time', 'status', 'line', 'trace_id'],
      rows: failed.flatMap(({ time, status, traceId }) => {
        const [, root = '', id = ''] = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/.exec(traceId) ?? [];
        return (traced.get(root + id) ?? []).map((event): Row => [time, status, line(event), root + id]);
      }),
    },
    'authenticator-denied-by-role': {
      columns: ['arn', 'denied', 'first_seen', 'last_seen'],
      rows: group(
        of('authenticator').filter(({ message }) => message.includes('access denied')),
        ({ message }) => [arn(message), /error="((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? null],
        (es) => [count(es), ...times(es)],
      ).map(([role = null, , ...rest]) => [role, ...rest]),
    },
    'authenticator-roles': {
      columns: ['arn', 'username', 'sign_ins', 'first_seen', 'last_seen'],
      rows: group(
        of('authenticator').filter(({ message }) => message.includes('access granted')),
        ({ message }) => [arn(message), /username="?([^" ]+)/.exec(message)?.[1] ?? null],
        (es) => [count(es), ...times(es)],
      ),
    },
    'application-error-trend': {
      columns: ['day', 'application', 'lines', 'errors', 'error_percent', 'change'],
      rows: days.map((row) => [...row, before(row) === undefined ? null : Number(row[3]) - Number(before(row)?.[3])]),
    },
    'application-lines-with-text': {
      columns: ['time', 'namespace', 'pod', 'container', 'line'],
      rows: containers
        .filter(({ raw }) => raw.includes('ERROR'))
        .map((event) => [event.time, namespace(event.e), text(event.e.kubernetes?.pod_name), container(event.e), line(event)]),
    },
    'application-volume': {
      columns: ['namespace', 'container', 'lines', 'megabytes', 'average_bytes'],
      rows: group(
        containers,
        ({ e }) => [namespace(e), container(e)],
        (es) => {
          const bytes = sum(es.map(({ raw }) => Buffer.byteLength(raw)));
          return [count(es), round(bytes / 1e6, 3), round(bytes / es.length, 1)];
        },
      ),
    },
    'events-image-pull-failures': {
      columns: ['namespace', 'image', 'events', 'pods', 'first_seen', 'last_seen'],
      rows: group(
        events.filter(
          ({ e }) =>
            e.type === 'Warning' &&
            ['Failed', 'BackOff', 'InspectFailed', 'ErrImageNeverPull'].includes(e.reason) &&
            /image/i.test(e.message),
        ),
        ({ e }) => [text(object(e).namespace), /image "([^"]+)"/.exec(e.message)?.[1] ?? null],
        (es) => [count(es), distinct(es.map(({ e }) => object(e).name)), ...times(es)],
      ),
    },
    'events-warnings-by-reason': {
      columns: ['reason', 'kind', 'events', 'objects', 'last_seen'],
      rows: group(
        events.filter(({ e }) => e.type === 'Warning'),
        ({ e }) => [e.reason, object(e).kind],
        (es) => [count(es), distinct(es.map(({ e }) => `${object(e).namespace ?? ''}/${object(e).name}`)), times(es)[1]],
      ),
    },
    'events-evictions-and-memory': {
      columns: ['time', 'reason', 'kind', 'namespace', 'object_name', 'what'],
      rows: events
        .filter(({ e }) => evicted.includes(e.reason))
        .map(({ time, e }) => [time, e.reason, object(e).kind, text(object(e).namespace), object(e).name, e.message]),
    },
    'events-scheduling-and-scaling': {
      columns: ['hour', 'reason', 'component', 'events', 'objects'],
      rows: group(
        events.filter(({ e }) => wanted.includes(e.reason)),
        ({ time, e }) => [time.slice(0, 13), e.reason, e.reportingComponent],
        (es) => [count(es), distinct(es.map(({ e }) => `${object(e).namespace ?? ''}/${object(e).name}`))],
      ),
    },
    'controller-manager-errors': {
      columns: ['source_line', 'errors', 'first_seen', 'last_seen'],
      rows: group(
        of('controllerManager').filter(({ message }) => /^E\d{4} /.test(message)),
        ({ message }) => [/^E\d{4} \S+\s+\d+ ([^:\]]+:\d+)\]/.exec(message)?.[1] ?? null],
        (es) => [count(es), ...times(es)],
      ),
    },
    'dead-letters-by-reason': {
      columns: ['reason', 'source', 'function_name', 'letters', 'example'],
      rows: group(
        deadLetters,
        (letter) => [letter.reason, letter.source, letter.function],
        (letters) => [count(letters), least(letters.map(({ detail }) => detail as string))],
      ),
    },
    'cost-by-namespace': {
      columns: ['cluster', 'namespace', 'cpu_usd', 'memory_usd', 'unused_usd', 'total_usd', 'pods'],
      rows: group(
        costs.filter((item) => item.split_line_item_split_cost !== null),
        (item) => [item.line_item_resource_id.split('/')[1] as string, item.line_item_resource_id.split('/')[2] as string],
        (items) => {
          const split = (type: string): number =>
            sum(items.filter((item) => item.line_item_usage_type.endsWith(type)).map((item) => item.split_line_item_split_cost ?? 0));
          const unused = sum(items.map((item) => item.split_line_item_unused_cost ?? 0));
          return [
            split('vCPU-Hours'),
            split('GB-Hours'),
            unused,
            split('Hours') + unused,
            distinct(items.map((item) => item.line_item_resource_id)),
          ];
        },
      ),
    },
  };
}
