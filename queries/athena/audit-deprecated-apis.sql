-- Title: Clients that still use deprecated APIs
-- For: before an upgrade of the cluster: these break when the version is gone.
-- Tables: audit
-- Parameter: from (day) = 30d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: removed_in - Kubernetes version without it, NULL where none is set
-- Column: api - group and version
-- Column: resource - plural
-- Column: username - user as Kubernetes knows him
-- Column: user_agent - client and version
-- Column: requests - events
-- Column: last_seen - UTC
SELECT
  json_extract_scalar(message, '$.annotations["k8s.io/removed-release"]') AS removed_in,
  concat_ws('/', nullif(json_extract_scalar(message, '$.objectRef.apiGroup'), ''), json_extract_scalar(message, '$.objectRef.apiVersion')) AS api,
  json_extract_scalar(message, '$.objectRef.resource') AS resource,
  json_extract_scalar(message, '$.user.username') AS username,
  json_extract_scalar(message, '$.userAgent') AS user_agent,
  count(*) AS requests,
  max(time) AS last_seen
FROM audit
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND message LIKE '%k8s.io/deprecated%'
  AND json_extract_scalar(message, '$.annotations["k8s.io/deprecated"]') = 'true'
GROUP BY 1, 2, 3, 4, 5
ORDER BY requests DESC, removed_in, api, resource, username, user_agent
LIMIT 200
