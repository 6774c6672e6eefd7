-- Title: Failed health checks
-- For: seeing which targets flap, and why, before they are missed.
-- Tables: alb_health_checks
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: target_group - its name
-- Column: target - address and port
-- Column: reason - of the failure
-- Column: status_code - what the target answered, or -
-- Column: failures - of the days
-- Column: longest_seconds - of a failed check
-- Column: last_seen - UTC
SELECT
  target_group,
  concat(target_ip, ':', cast(target_port AS varchar)) AS target,
  reason_code AS reason,
  status_code,
  count(*) AS failures,
  max(latency) AS longest_seconds,
  max(time) AS last_seen
FROM alb_health_checks
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND status = 'FAIL'
GROUP BY 1, 2, 3, 4
ORDER BY failures DESC, target_group, target, reason
LIMIT 200
