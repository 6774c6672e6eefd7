-- Title: Who read secrets
-- For: after a leak, and before one. A list or watch reads all secrets of its namespace.
-- Tables: audit
-- Parameter: from (day) = 7d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: username - user as Kubernetes knows him
-- Column: verb - get, list or watch
-- Column: namespace - NULL over all namespaces
-- Column: secret - NULL for list and watch
-- Column: reads - that were allowed
-- Column: user_agent - one of them
-- Column: last_read - UTC
SELECT
  json_extract_scalar(message, '$.user.username') AS username,
  json_extract_scalar(message, '$.verb') AS verb,
  json_extract_scalar(message, '$.objectRef.namespace') AS namespace,
  json_extract_scalar(message, '$.objectRef.name') AS secret,
  count(*) AS reads,
  max(json_extract_scalar(message, '$.userAgent')) AS user_agent,
  max(time) AS last_read
FROM audit
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND message LIKE '%"resource":"secrets"%'
  AND json_extract_scalar(message, '$.objectRef.resource') = 'secrets'
  AND json_extract_scalar(message, '$.verb') IN ('get', 'list', 'watch')
  AND json_extract_scalar(message, '$.stage') = 'ResponseComplete'
  AND TRY_CAST(json_extract_scalar(message, '$.responseStatus.code') AS integer) < 300
GROUP BY 1, 2, 3, 4
ORDER BY reads DESC, username, verb, namespace, secret
LIMIT 500
