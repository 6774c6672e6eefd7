-- Title: User agents
-- For: knowing which clients and versions are out there, before an old one is shut out.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: user_agent - as the client says, - where it says nothing
-- Column: requests - of the days
-- Column: clients - different addresses
-- Column: error_percent - share answered by 4xx or 5xx
-- Column: last_seen - its last request, UTC
SELECT
  user_agent,
  count(*) AS requests,
  count(DISTINCT client_ip) AS clients,
  round(1e2 * count_if(elb_status_code >= 400) / count(*), 2) AS error_percent,
  max(time) AS last_seen
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY user_agent
ORDER BY requests DESC, user_agent
LIMIT 200
