-- Title: Warnings by reason
-- For: what a cluster complained of, over weeks.
-- Tables: events
-- Parameter: from (day) = 7d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: cluster - name of the cluster
-- Column: reason - of Kubernetes
-- Column: kind - of the object
-- Column: events - one each time Kubernetes told of it
-- Column: objects - different ones
-- Column: example - what one of them says
-- Column: last_seen - UTC
SELECT
  cluster,
  json_extract_scalar(message, '$.reason') AS reason,
  json_extract_scalar(message, '$.involvedObject.kind') AS kind,
  count(*) AS events,
  count(DISTINCT concat(coalesce(json_extract_scalar(message, '$.involvedObject.namespace'), ''), '/', json_extract_scalar(message, '$.involvedObject.name'))) AS objects,
  min(json_extract_scalar(message, '$.message')) AS example,
  max(time) AS last_seen
FROM events
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND json_extract_scalar(message, '$.type') = 'Warning'
GROUP BY 1, 2, 3
ORDER BY events DESC, reason, kind
LIMIT 200
