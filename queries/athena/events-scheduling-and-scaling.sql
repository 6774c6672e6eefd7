-- Title: Scheduling and scaling events
-- For: why pods waited, and what the autoscalers did about it.
-- Tables: events
-- Parameter: from (day) = 1d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: hour - YYYY-MM-DDTHH, UTC
-- Column: reason - FailedScheduling, SuccessfulRescale, TriggeredScaleUp …
-- Column: component - scheduler, horizontal-pod-autoscaler, cluster-autoscaler, karpenter
-- Column: events - one each time Kubernetes told of it
-- Column: objects - different ones
-- Column: example - what one of them says
SELECT
  substr(time, 1, 13) AS "hour",
  json_extract_scalar(message, '$.reason') AS reason,
  coalesce(json_extract_scalar(message, '$.reportingComponent'), json_extract_scalar(message, '$.source.component')) AS component,
  count(*) AS events,
  count(DISTINCT concat(coalesce(json_extract_scalar(message, '$.involvedObject.namespace'), ''), '/', json_extract_scalar(message, '$.involvedObject.name'))) AS objects,
  min(json_extract_scalar(message, '$.message')) AS example
FROM events
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND json_extract_scalar(message, '$.reason') IN ('FailedScheduling', 'Scheduled', 'SuccessfulRescale', 'FailedGetResourceMetric', 'FailedComputeMetricsReplicas',
    'ScalingReplicaSet', 'TriggeredScaleUp', 'NotTriggerScaleUp', 'ScaleDown', 'Nominated', 'DisruptionLaunching', 'Unconsolidatable')
GROUP BY 1, 2, 3
ORDER BY 1, events DESC, reason, component
LIMIT 1000
