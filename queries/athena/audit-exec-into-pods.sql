-- Title: Who opened a shell in a pod
-- For: exec, attach and port-forward go past what is deployed: each should have a reason.
-- Tables: audit
-- Parameter: from (day) = 30d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: time - of the event in CloudWatch, UTC
-- Column: cluster - name of the cluster
-- Column: username - user as Kubernetes knows him
-- Column: what - exec, attach or portforward
-- Column: namespace - of the pod
-- Column: pod - its name
-- Column: command - first word of it, NULL for attach and portforward
-- Column: status - 101 was opened, 403 was not
-- Column: source_ip - first address
SELECT
  time,
  cluster,
  json_extract_scalar(message, '$.user.username') AS username,
  json_extract_scalar(message, '$.objectRef.subresource') AS what,
  json_extract_scalar(message, '$.objectRef.namespace') AS namespace,
  json_extract_scalar(message, '$.objectRef.name') AS pod,
  TRY(url_decode(url_extract_parameter(concat('https://k', json_extract_scalar(message, '$.requestURI')), 'command'))) AS command,
  TRY_CAST(json_extract_scalar(message, '$.responseStatus.code') AS integer) AS status,
  json_extract_scalar(message, '$.sourceIPs[0]') AS source_ip
FROM audit
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND json_extract_scalar(message, '$.objectRef.subresource') IN ('exec', 'attach', 'portforward')
ORDER BY time, event_id
LIMIT 1000
