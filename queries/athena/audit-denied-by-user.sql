-- Title: Denied requests by user
-- For: finding a role that lacks a right, or somebody who tries doors.
-- Tables: audit
-- Parameter: from (day) = 7d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: username - user as Kubernetes knows him
-- Column: verb - of Kubernetes
-- Column: resource - NULL for paths that are no objects
-- Column: requests - events answered by 403
-- Column: namespaces - different ones
-- Column: last_seen - UTC
SELECT
  json_extract_scalar(message, '$.user.username') AS username,
  json_extract_scalar(message, '$.verb') AS verb,
  json_extract_scalar(message, '$.objectRef.resource') AS resource,
  count(*) AS requests,
  count(DISTINCT json_extract_scalar(message, '$.objectRef.namespace')) AS namespaces,
  max(time) AS last_seen
FROM audit
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND message LIKE '%"code":403%'
  AND TRY_CAST(json_extract_scalar(message, '$.responseStatus.code') AS integer) = 403
GROUP BY 1, 2, 3
ORDER BY requests DESC, username, verb, resource
LIMIT 200
