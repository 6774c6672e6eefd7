-- Title: Volume by namespace and container
-- For: finding who writes most, before the bill does.
-- Tables: application
-- Parameter: from (day) = 1d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: namespace - of the pod
-- Column: container - its name
-- Column: lines - of the days
-- Column: megabytes - of the records as they came, 10^6 bytes, uncompressed
-- Column: average_bytes - of a record
SELECT
  coalesce(json_extract_scalar(message, '$.kubernetes.namespace_name'), '') AS namespace,
  coalesce(json_extract_scalar(message, '$.kubernetes.container_name'), '') AS container,
  count(*) AS lines,
  round(sum(length(to_utf8(message))) / 1e6, 3) AS megabytes,
  round(avg(length(to_utf8(message))), 1) AS average_bytes
FROM application
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND message IS NOT NULL
GROUP BY 1, 2
ORDER BY sum(length(to_utf8(message))) DESC, namespace, container
LIMIT 200
