-- Title: Minutes with many errors
-- For: dating an incident, also one of months ago.
-- Tables: alb
-- Parameter: from (day) = 30d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Parameter: percent (number) = 5 - share of 5xx from which a minute is shown
-- Column: minute - of the answer, UTC
-- Column: requests - answered in it
-- Column: server_errors - by 5xx
-- Column: error_percent - share of them
SELECT
  replace(substr(time, 1, 16), 'T', ' ') AS minute,
  count(*) AS requests,
  count_if(elb_status_code >= 500) AS server_errors,
  round(1e2 * count_if(elb_status_code >= 500) / count(*), 2) AS error_percent
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY 1
HAVING 1e2 * count_if(elb_status_code >= 500) / count(*) >= ? /* percent */
ORDER BY 1
LIMIT 1440
