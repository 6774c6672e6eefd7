-- Title: Errors of the load balancer itself
-- For: telling 502, 503, 504 and 460 that no target sent: connection refused, no healthy target, time-out, a client
--    that left.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: status - what the client got
-- Column: target_group - its name, NULL where no rule gave the request to one
-- Column: error_reason - of a failed action (authenticate, Lambda), or -
-- Column: requests - of the days
-- Column: without_target - that no target got
-- Column: first_seen - UTC
-- Column: last_seen - UTC
SELECT
  elb_status_code AS status,
  regexp_extract(target_group_arn, ':targetgroup/([^/]+)/', 1) AS target_group,
  error_reason,
  count(*) AS requests,
  count_if(target_ip = '') AS without_target,
  min(time) AS first_seen,
  max(time) AS last_seen
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND elb_status_code >= 460
  AND TRY_CAST(target_status_code AS integer) IS NULL
GROUP BY 1, 2, 3
ORDER BY requests DESC, status, target_group, error_reason
LIMIT 200
