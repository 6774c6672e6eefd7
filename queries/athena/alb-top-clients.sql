-- Title: Clients with the most requests
-- For: finding who loads the service before a limit or a block is set, and who gets errors only.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: client_ip - last hop before the load balancer: a proxy hides those behind it
-- Column: requests - of the days
-- Column: errors - answered by 4xx or 5xx
-- Column: server_errors - answered by 5xx
-- Column: megabytes_sent - to this client
-- Column: paths - different paths, about
-- Column: last_seen - its last request, UTC
SELECT
  client_ip,
  count(*) AS requests,
  count_if(elb_status_code >= 400) AS errors,
  count_if(elb_status_code >= 500) AS server_errors,
  round(sum(sent_bytes) / 1e6, 3) AS megabytes_sent,
  approx_distinct(url_extract_path(request_url)) AS paths,
  max(time) AS last_seen
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY client_ip
ORDER BY requests DESC, client_ip
LIMIT 100
