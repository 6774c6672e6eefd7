-- Title: Lines of containers with a text
-- For: searching what the log group forgot.
-- Tables: application
-- Parameter: from (day) = 1d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Parameter: text (text) - what the line must hold, as it stands there; case counts
-- Column: time - of the event in CloudWatch, UTC
-- Column: cluster - name of the cluster
-- Column: namespace - of the pod
-- Column: pod - its name
-- Column: container - its name
-- Column: line - what it wrote, not redacted
SELECT
  time,
  cluster,
  coalesce(json_extract_scalar(message, '$.kubernetes.namespace_name'), '') AS namespace,
  json_extract_scalar(message, '$.kubernetes.pod_name') AS pod,
  coalesce(json_extract_scalar(message, '$.kubernetes.container_name'), '') AS container,
  coalesce(json_extract_scalar(message, '$.log'), message) AS line
FROM application
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND strpos(message, ? /* text */) > 0
ORDER BY time, event_id
LIMIT 500
