-- Title: Labels that WAF gave
-- For: trying managed rules in count mode: what they would have blocked stands in labels only.
-- Tables: waf
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: label - awswaf:managed:…
-- Column: action - what became of the request
-- Column: requests - of the days
-- Column: clients - different addresses
SELECT
  label,
  action,
  count(*) AS requests,
  count(DISTINCT httprequest.clientip) AS clients
FROM waf
CROSS JOIN UNNEST(labels) AS t (label)
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
GROUP BY 1, 2
ORDER BY requests DESC, label, action
LIMIT 200
