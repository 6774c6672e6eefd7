-- Title: Errors of the controllers by source line
-- For: what Kubernetes itself could not do, over weeks; klog names the line of code.
-- Tables: controller_manager
-- Parameter: from (day) = 7d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: source_line - file and line
-- Column: errors - of the days
-- Column: example - one of them
-- Column: first_seen - UTC
-- Column: last_seen - UTC
SELECT
  regexp_extract(message, '^E\d{4} \S+\s+\d+ ([^:\]]+:\d+)\]', 1) AS source_line,
  count(*) AS errors,
  min(message) AS example,
  min(time) AS first_seen,
  max(time) AS last_seen
FROM controller_manager
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND regexp_like(message, '^E\d{4} ')
GROUP BY 1
ORDER BY errors DESC, source_line
LIMIT 100
