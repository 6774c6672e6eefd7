-- Title: Server errors by target
-- For: telling one sick pod from a sick service: errors of one target are a pod, of all a release.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: target_group - its name, NULL of requests that no rule gave to one
-- Column: target - address and port; (none) where no target got the request
-- Column: requests - all that it got
-- Column: server_errors - answered by 5xx
-- Column: error_percent - share of them, percent
-- Column: without_answer - 5xx of the load balancer itself: the target did not answer
SELECT
  regexp_extract(target_group_arn, ':targetgroup/([^/]+)/', 1) AS target_group,
  CASE WHEN target_ip = '' THEN '(none)' ELSE concat(target_ip, ':', cast(target_port AS varchar)) END AS target,
  count(*) AS requests,
  count_if(elb_status_code >= 500) AS server_errors,
  round(1e2 * count_if(elb_status_code >= 500) / count(*), 2) AS error_percent,
  count_if(elb_status_code >= 500 AND TRY_CAST(target_status_code AS integer) IS NULL) AS without_answer
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY 1, 2
HAVING count_if(elb_status_code >= 500) > 0
ORDER BY server_errors DESC, target_group, target
LIMIT 200
