-- Title: Requests and errors per minute
-- For: seeing when something began: a step in requests is load, a step in errors is a fault.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: minute - of the answer, UTC
-- Column: requests - answered in it
-- Column: client_errors - by 4xx
-- Column: server_errors - by 5xx
-- Column: average_seconds - that targets took, NULL where none answered
SELECT
  replace(substr(time, 1, 16), 'T', ' ') AS minute,
  count(*) AS requests,
  count_if(elb_status_code BETWEEN 400 AND 499) AS client_errors,
  count_if(elb_status_code >= 500) AS server_errors,
  round(avg(CASE WHEN target_processing_time >= 0 THEN target_processing_time END), 3) AS average_seconds
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY 1
ORDER BY 1
LIMIT 1440
