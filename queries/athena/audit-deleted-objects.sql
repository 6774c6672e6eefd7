-- Title: Who deleted what
-- For: answering the question months later: the archive keeps what the log group forgot. Dry runs are not told apart.
-- Tables: audit
-- Parameter: from (day) = 365d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: time - of the event in CloudWatch, UTC
-- Column: cluster - name of the cluster
-- Column: username - user as Kubernetes knows him; those of Kubernetes itself (system:…) are left out
-- Column: verb - delete, or deletecollection for all of a selector
-- Column: resource - kind of the object, plural
-- Column: namespace - NULL for objects without one
-- Column: object_name - NULL for deletecollection
-- Column: status - HTTP status: 200 was deleted, 403 was not
-- Column: source_ip - first address
-- Column: user_agent - kubectl, or what it was
SELECT
  time,
  cluster,
  json_extract_scalar(message, '$.user.username') AS username,
  json_extract_scalar(message, '$.verb') AS verb,
  json_extract_scalar(message, '$.objectRef.resource') AS resource,
  json_extract_scalar(message, '$.objectRef.namespace') AS namespace,
  json_extract_scalar(message, '$.objectRef.name') AS object_name,
  TRY_CAST(json_extract_scalar(message, '$.responseStatus.code') AS integer) AS status,
  json_extract_scalar(message, '$.sourceIPs[0]') AS source_ip,
  json_extract_scalar(message, '$.userAgent') AS user_agent
FROM audit
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  -- A cheap look at the text first: parsing JSON of every event of a year would take minutes.
  AND message LIKE '%"verb":"delete%'
  AND json_extract_scalar(message, '$.verb') IN ('delete', 'deletecollection')
  AND json_extract_scalar(message, '$.stage') = 'ResponseComplete'
  AND json_extract_scalar(message, '$.user.username') NOT LIKE 'system:%'
ORDER BY time, event_id
LIMIT 1000
