-- Title: Image pull failures
-- For: which images cannot be pulled, by whom, since when: the cluster itself forgets after an hour.
-- Tables: events
-- Parameter: from (day) = 7d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: namespace - of the pods
-- Column: image - NULL where the event does not name it
-- Column: events - one each time Kubernetes told of it
-- Column: pods - different ones
-- Column: first_seen - UTC
-- Column: last_seen - UTC
SELECT
  json_extract_scalar(message, '$.involvedObject.namespace') AS namespace,
  regexp_extract(json_extract_scalar(message, '$.message'), 'image "([^"]+)"', 1) AS image,
  count(*) AS events,
  count(DISTINCT json_extract_scalar(message, '$.involvedObject.name')) AS pods,
  min(time) AS first_seen,
  max(time) AS last_seen
FROM events
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND json_extract_scalar(message, '$.type') = 'Warning'
  AND json_extract_scalar(message, '$.reason') IN ('Failed', 'BackOff', 'InspectFailed', 'ErrImageNeverPull')
  AND regexp_like(json_extract_scalar(message, '$.message'), '(?i)image')
GROUP BY 1, 2
ORDER BY events DESC, namespace, image
LIMIT 200
