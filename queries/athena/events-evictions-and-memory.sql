-- Title: Evictions and out of memory
-- For: which pods were killed for room or memory.
-- Tables: events
-- Parameter: from (day) = 7d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: time - of the event in CloudWatch, UTC
-- Column: cluster - name of the cluster
-- Column: reason - of Kubernetes
-- Column: kind - of the object
-- Column: namespace - NULL for nodes
-- Column: object_name - pod or node
-- Column: what - Kubernetes' own words
SELECT
  time,
  cluster,
  json_extract_scalar(message, '$.reason') AS reason,
  json_extract_scalar(message, '$.involvedObject.kind') AS kind,
  json_extract_scalar(message, '$.involvedObject.namespace') AS namespace,
  json_extract_scalar(message, '$.involvedObject.name') AS object_name,
  json_extract_scalar(message, '$.message') AS what
FROM events
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND json_extract_scalar(message, '$.reason') IN ('Evicted', 'OOMKilling', 'SystemOOM', 'EvictionThresholdMet', 'TaintManagerEviction', 'Preempted', 'NodeHasInsufficientMemory')
ORDER BY time, event_id
LIMIT 1000
