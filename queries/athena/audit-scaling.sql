-- Title: Who scaled what
-- For: by hand or by the autoscaler: changes of the scale of workloads.
-- Tables: audit
-- Parameter: from (day) = 7d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: time - of the event in CloudWatch, UTC
-- Column: cluster - name of the cluster
-- Column: username - user, or the autoscaler's service account
-- Column: resource - deployments, statefulsets …
-- Column: namespace - of the workload
-- Column: object_name - its name
-- Column: replicas - asked for; NULL where the audit policy keeps no request bodies
-- Column: status - HTTP status
SELECT
  time,
  cluster,
  json_extract_scalar(message, '$.user.username') AS username,
  json_extract_scalar(message, '$.objectRef.resource') AS resource,
  json_extract_scalar(message, '$.objectRef.namespace') AS namespace,
  json_extract_scalar(message, '$.objectRef.name') AS object_name,
  TRY_CAST(json_extract_scalar(message, '$.requestObject.spec.replicas') AS integer) AS replicas,
  TRY_CAST(json_extract_scalar(message, '$.responseStatus.code') AS integer) AS status
FROM audit
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND json_extract_scalar(message, '$.objectRef.subresource') = 'scale'
  AND json_extract_scalar(message, '$.verb') IN ('update', 'patch')
ORDER BY time, event_id
LIMIT 1000
