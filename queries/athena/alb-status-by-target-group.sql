-- Title: Status codes by target group
-- For: the first look at a deploy: which service answers what.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: target_group - its name, NULL of requests that no rule gave to one
-- Column: status - what the client got
-- Column: requests - of the days
-- Column: percent - of the target group
SELECT
  regexp_extract(target_group_arn, ':targetgroup/([^/]+)/', 1) AS target_group,
  elb_status_code AS status,
  count(*) AS requests,
  round(1e2 * count(*) / sum(count(*)) OVER (PARTITION BY regexp_extract(target_group_arn, ':targetgroup/([^/]+)/', 1)), 2) AS percent
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY 1, 2
ORDER BY target_group, requests DESC, status
LIMIT 500
