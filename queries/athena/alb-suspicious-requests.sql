-- Title: Requests that break the protocol
-- For: finding request smuggling and broken clients: what the load balancer classified as other than Acceptable.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: classification - Ambiguous or Severe
-- Column: reason - what is wrong with it
-- Column: client_ip - last hop before the load balancer
-- Column: requests - of the days
-- Column: example_url - one of them
-- Column: last_seen - UTC
SELECT
  classification,
  classification_reason AS reason,
  client_ip,
  count(*) AS requests,
  min(request_url) AS example_url,
  max(time) AS last_seen
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND classification IN ('Ambiguous', 'Severe')
GROUP BY 1, 2, 3
ORDER BY requests DESC, classification, reason, client_ip
LIMIT 200
