-- Title: Actions: WAF, redirects, sign-in
-- For: seeing what rules did with requests before a target was asked.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: actions - waf, forward, redirect, authenticate …, in their order
-- Column: status - what the client got
-- Column: requests - of the days
-- Column: clients - different addresses
SELECT
  actions_executed AS actions,
  elb_status_code AS status,
  count(*) AS requests,
  count(DISTINCT client_ip) AS clients
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY 1, 2
ORDER BY requests DESC, actions, status
LIMIT 200
