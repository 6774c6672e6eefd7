-- Title: Latency percentiles by path
-- For: finding the slow endpoint behind a slow average; percentiles are approximate.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Parameter: minimum (number) = 5 - requests that a path must have: percentiles of few say nothing
-- Column: verb - method
-- Column: path - without query
-- Column: requests - that a target answered
-- Column: p50_seconds - half of them took the target at most so long
-- Column: p95_seconds - 95 percent
-- Column: p99_seconds - 99 percent
-- Column: max_seconds - the longest
SELECT
  request_verb AS verb,
  coalesce(url_extract_path(request_url), '(no URL)') AS path,
  count(*) AS requests,
  round(approx_percentile(target_processing_time, 0.5), 3) AS p50_seconds,
  round(approx_percentile(target_processing_time, 0.95), 3) AS p95_seconds,
  round(approx_percentile(target_processing_time, 0.99), 3) AS p99_seconds,
  max(target_processing_time) AS max_seconds
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  -- -1 is a request that was never sent to a target, or never answered.
  AND target_processing_time >= 0
GROUP BY 1, 2
HAVING count(*) >= ? /* minimum */
ORDER BY p95_seconds DESC, requests DESC, path
LIMIT 100
