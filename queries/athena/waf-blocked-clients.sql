-- Title: Clients that WAF blocks
-- For: finding attackers, and customers who are taken for one.
-- Tables: waf
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: client_ip - as WAF sees it
-- Column: country - two letters
-- Column: blocked - requests
-- Column: rules - that blocked them
-- Column: paths - different paths, about
-- Column: last_seen - UTC
SELECT
  httprequest.clientip AS client_ip,
  httprequest.country AS country,
  count(*) AS blocked,
  array_join(array_sort(array_agg(DISTINCT terminatingruleid)), ', ') AS rules,
  approx_distinct(httprequest.uri) AS paths,
  format_datetime(from_unixtime(max("timestamp") / 1e3), 'yyyy-MM-dd HH:mm:ss') AS last_seen
FROM waf
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND action = 'BLOCK'
GROUP BY 1, 2
ORDER BY blocked DESC, client_ip
LIMIT 200
