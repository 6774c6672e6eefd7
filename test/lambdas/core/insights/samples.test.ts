import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ask } from './helpers.ts';

const SAMPLES = join(__dirname, '../../../../samples');
/** Counts made with plain text tools, independent of any parser of ours. */
const truth = JSON.parse(readFileSync(join(SAMPLES, 'truth.json'), 'utf8'))['kube-apiserver-audit'] as {
  [name: string]: { [key: string]: number } & number;
};

function lines(name: string): string[] {
  return gunzipSync(readFileSync(join(SAMPLES, `control-plane/${name}.log.gz`)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

const audit = lines('kube-apiserver-audit');

/** Rows of a key and a count as an object. */
function counts(query: string, events = audit): Record<string, number> {
  return Object.fromEntries(ask(query, events).map((row) => Object.values(row) as [string, number]));
}

test.each([
  ['verb', 'verb'],
  ['stage', 'stage'],
  ['code', 'responseStatus.code'],
])('counts of %s are those of the text tools', (name, field) => {
  const found = counts(`filter ispresent(${field}) | stats count(*) as n by ${field}`);

  expect(found).toEqual(truth[name]);
});

test('pod patches by user', () => {
  expect(
    counts(
      'filter objectRef.resource = "pods" and verb = "patch" and stage = "ResponseComplete" and not ispresent(objectRef.subresource) | stats count(*) as n by user.username',
    ),
  ).toEqual(truth['pod_patches_without_subresource_ResponseComplete_by_user']);
});

test('distinct denied requests by user', () => {
  expect(counts('filter responseStatus.code = 403 | stats count_distinct(auditID) as n by user.username')).toEqual(
    truth['403_distinct_requests_by_user'],
  );
});

test('who reads secrets', () => {
  const found = counts(
    'filter objectRef.resource = "secrets" and verb in ["get", "list", "watch"] and stage = "ResponseComplete" | stats count_distinct(auditID) as n by user.username',
  );

  for (const [user, count] of Object.entries(truth['secret_reads_by_user'] as object))
    expect(Math.abs((found[user] ?? 0) - count)).toBeLessThanOrEqual(3);
});

test('single figures', () => {
  const [row] = ask(
    'stats count(*) as events, count_distinct(auditID) as ids, count_distinct(userAgent) as agents, sum(if(not ispresent(objectRef.resource), 1, 0)) as noObject, sum(if(@message like /mvcc: database space exceeded/, 1, 0)) as mvcc, max(messageSize(@message)) as longest, min(stageTimestamp) as first, max(stageTimestamp) as last',
    audit,
  ) as [Record<string, unknown>];

  expect(row).toEqual({
    events: truth['lines'],
    ids: truth['distinct_auditID'],
    agents: truth['user_agents_distinct'],
    noObject: truth['no_objectRef'],
    mvcc: truth['mvcc_events'],
    // The text tools counted the line feed.
    longest: (truth['longest_line_bytes'] as number) - 1,
    first: truth['first'],
    last: truth['last'],
  });
});

test('the users with most events', () => {
  expect(counts('stats count(*) as n by user.username | sort n desc, user.username asc | limit 12')).toEqual(truth['top_users']);
});

test('nodes that stopped being ready', () => {
  const found = ask(
    'filter @message like /status="NodeNotReady"/ | parse @message /node="(?<node>[^"]+)"/ | sort node asc | display node',
    lines('kube-controller-manager'),
  );

  expect(found).toEqual([{ node: 'ip-10-0-11-35.ec2.internal' }, { node: 'ip-10-0-11-78.ec2.internal' }]);
});

test('klog severities, the lines without a header left out', () => {
  const found = counts(
    'parse @message /^(?<severity>[IWEF])\\d{4} / | filter ispresent(severity) | stats count(*) as n by severity',
    lines('kube-apiserver'),
  );

  expect(found).toEqual({ I: 851, W: 847, E: 151 });
});

test('what the authenticator granted and denied', () => {
  expect(
    counts(
      'filter @message like /access (granted|denied)/ | parse @message /access (?<outcome>granted|denied)/ | stats count(*) as n by outcome',
      lines('authenticator'),
    ),
  ).toEqual({ granted: 6, denied: 22 });
});

test('the scheduler says 133 times that it cannot place a pod', () => {
  expect(ask('filter @message like "Unable to schedule pod" | stats count(*) as n', lines('kube-scheduler'))).toEqual([{ n: 133 }]);
});
