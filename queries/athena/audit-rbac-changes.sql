-- Title: Changes of roles and bindings
-- For: who gave whom which rights.
-- Tables: audit
-- Parameter: from (day) = 30d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: time - of the event in CloudWatch, UTC
-- Column: cluster - name of the cluster
-- Column: username - user as Kubernetes knows him
-- Column: verb - of Kubernetes
-- Column: resource - roles, rolebindings, clusterroles, clusterrolebindings
-- Column: namespace - NULL for cluster roles
-- Column: object_name - NULL for deletecollection
-- Column: status - HTTP status
SELECT
  time,
  cluster,
  json_extract_scalar(message, '$.user.username') AS username,
  json_extract_scalar(message, '$.verb') AS verb,
  json_extract_scalar(message, '$.objectRef.resource') AS resource,
  json_extract_scalar(message, '$.objectRef.namespace') AS namespace,
  json_extract_scalar(message, '$.objectRef.name') AS object_name,
  TRY_CAST(json_extract_scalar(message, '$.responseStatus.code') AS integer) AS status
FROM audit
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND message LIKE '%"apiGroup":"rbac.authorization.k8s.io"%'
  AND json_extract_scalar(message, '$.objectRef.apiGroup') = 'rbac.authorization.k8s.io'
  AND json_extract_scalar(message, '$.verb') IN ('create', 'update', 'patch', 'delete', 'deletecollection')
  AND json_extract_scalar(message, '$.stage') = 'ResponseComplete'
ORDER BY time, event_id
LIMIT 1000
