-- Title: Failed requests beside what the application wrote
-- For: going from a 5xx to its stack trace. The trace id of the load balancer (Root=1-…) and that of the application
--    are compared as 32 hex digits, as tracing libraries convert them; the application must write it as trace_id,
--    traceId or trace-id.
-- Tables: alb, application
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: request_time - of the answer, UTC
-- Column: status - what the client got
-- Column: target_status - what the target answered, or -
-- Column: verb - method
-- Column: url - as it came
-- Column: line_time - when the line was written, UTC
-- Column: application - name in the config, or empty
-- Column: line - what it wrote, not redacted
-- Column: trace_id - 32 hex digits
WITH failed AS (
  SELECT
    time,
    request_verb,
    request_url,
    elb_status_code,
    target_status_code,
    replace(regexp_extract(trace_id, 'Root=1-([0-9a-f]{8}-[0-9a-f]{24})', 1), '-', '') AS trace
  FROM alb
  WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
    AND elb_status_code >= 500
),
lines AS (
  SELECT
    time,
    application,
    coalesce(json_extract_scalar(message, '$.log'), message) AS line,
    regexp_replace(
      regexp_extract(message, '(?i)trace[_-]?id[\\"]*\s*[:=]\s*[\\"]*(?:Root=)?((?:1-)?[0-9a-f]{8}-?[0-9a-f]{24})', 1),
      '^1-|-', ''
    ) AS trace
  FROM application
  WHERE dt BETWEEN ? /* from */ AND ? /* to */
)
SELECT
  failed.time AS request_time,
  failed.elb_status_code AS status,
  failed.target_status_code AS target_status,
  failed.request_verb AS verb,
  failed.request_url AS url,
  lines.time AS line_time,
  lines.application,
  lines.line,
  failed.trace AS trace_id
FROM failed
JOIN lines ON lines.trace = failed.trace
ORDER BY request_time, line_time, line
LIMIT 500
