-- Title: Cache hits by path
-- For: finding what is fetched from the origin again and again.
-- Tables: cloudfront
-- Parameter: from (day) = 1d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: path - without query
-- Column: requests - of the days
-- Column: hits - answered from the cache
-- Column: hit_percent - share of them
-- Column: megabytes_sent - to clients, 10^6 bytes
-- Column: p95_seconds - 95 percent had their first byte after at most so long
SELECT
  cs_uri_stem AS path,
  count(*) AS requests,
  count_if(x_edge_result_type IN ('Hit', 'RefreshHit')) AS hits,
  round(1e2 * count_if(x_edge_result_type IN ('Hit', 'RefreshHit')) / count(*), 2) AS hit_percent,
  round(sum(sc_bytes) / 1e6, 3) AS megabytes_sent,
  round(approx_percentile(time_to_first_byte, 0.95), 3) AS p95_seconds
FROM cloudfront
WHERE "date" BETWEEN ? /* from */ AND ? /* to */
GROUP BY 1
ORDER BY requests DESC, path
LIMIT 200
