-- Title: All requests of one client
-- For: following one address through a day, as support or an incident needs it.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Parameter: client (text) - its address, as it stands in the log
-- Column: time - of the answer, UTC
-- Column: verb - method
-- Column: url - as it came
-- Column: status - what the client got
-- Column: target_status - what the target answered, or -
-- Column: target_seconds - until the target began to answer; -1 where it did not
-- Column: user_agent - as the client says
-- Column: trace_id - X-Amzn-Trace-Id
SELECT
  time,
  request_verb AS verb,
  request_url AS url,
  elb_status_code AS status,
  target_status_code AS target_status,
  target_processing_time AS target_seconds,
  user_agent,
  trace_id
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND client_ip = ? /* client */
ORDER BY time, trace_id
LIMIT 1000
