/** A question in both languages; the SQL names the columns it needs, so that DuckDB reads no others. */
export interface BenchQuery {
  readonly name: string;
  readonly insights: string;
  readonly sql: (path: string) => string;
}

const from = (path: string, columns: string) => `read_ndjson('${path}', columns={${columns}}, maximum_object_size=4194304)`;

export const QUERIES: readonly BenchQuery[] = [
  {
    name: 'filter two fields, count by user (5% pass)',
    insights:
      'filter verb = "patch" and objectRef.resource = "pods" | stats count(*) as n by user.username | sort n desc, user.username asc',
    sql: (path) =>
      `select "user".username u, count(*) n from ${from(path, `verb:'VARCHAR', objectRef:'STRUCT(resource VARCHAR)', "user":'STRUCT(username VARCHAR)'`)} where verb='patch' and objectRef.resource='pods' group by 1 order by 2 desc, 1`,
  },
  {
    name: 'filter a number, distinct ids by user (3% pass)',
    insights: 'filter responseStatus.code = 403 | stats count_distinct(auditID) as n by user.username | sort n desc, user.username asc',
    sql: (path) =>
      `select "user".username u, count(distinct auditID) n from ${from(path, `auditID:'VARCHAR', responseStatus:'STRUCT(code BIGINT)', "user":'STRUCT(username VARCHAR)'`)} where responseStatus.code=403 group by 1 order by 2 desc, 1`,
  },
  {
    name: 'no filter, count by verb and code',
    insights: 'stats count(*) as n by verb, responseStatus.code | sort n desc',
    sql: (path) =>
      `select verb, responseStatus.code c, count(*) n from ${from(path, `verb:'VARCHAR', responseStatus:'STRUCT(code BIGINT)'`)} group by 1, 2 order by 3 desc`,
  },
  {
    name: 'text in the message, count by verb (1% pass)',
    insights: 'filter @message like /mvcc: database space exceeded/ | stats count(*) as n by verb | sort n desc, verb asc',
    sql: (path) =>
      `select json_extract_string(line, '$.verb') v, count(*) n from read_csv('${path}', columns={line:'VARCHAR'}, delim='\\x01', quote='', escape='', header=false, max_line_size=4194304, strict_mode=false) where contains(line, 'mvcc: database space exceeded') group by 1 order by 2 desc, 1`,
  },
  {
    name: 'a series: requests per minute',
    insights: 'stats count(*) as n by bin(1m) | sort bin(1m) asc',
    sql: (path) =>
      `select strftime(date_trunc('minute', stageTimestamp), '%Y-%m-%d %H:%M:%S') t, count(*) n from ${from(path, `stageTimestamp:'TIMESTAMP'`)} group by 1 order by 1`,
  },
];
