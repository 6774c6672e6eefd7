-- Title: The slowest requests
-- For: getting examples of what is slow, with the trace id to look them up.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: time - of the answer, UTC
-- Column: verb - method
-- Column: url - as it came
-- Column: status - what the client got
-- Column: seconds - all three times together
-- Column: target_seconds - of it, until the target began to answer
-- Column: client_ip - last hop before the load balancer
-- Column: target_group - its name
-- Column: trace_id - X-Amzn-Trace-Id
SELECT
  time,
  request_verb AS verb,
  request_url AS url,
  elb_status_code AS status,
  round(request_processing_time + target_processing_time + response_processing_time, 3) AS seconds,
  target_processing_time AS target_seconds,
  client_ip,
  regexp_extract(target_group_arn, ':targetgroup/([^/]+)/', 1) AS target_group,
  trace_id
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND target_processing_time >= 0
  AND request_processing_time >= 0
  AND response_processing_time >= 0
ORDER BY seconds DESC, time, trace_id
LIMIT 50
