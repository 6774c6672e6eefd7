-- Title: Cost by namespace
-- For: dividing what nodes cost among namespaces, by split cost allocation data of the Cost and Usage Report: what a
--    pod used or asked for, whichever is more, and its share of what nobody used.
-- Tables: cost_report
-- Parameter: month (text) - billing period, YYYY-MM
-- Column: cluster - name of the cluster
-- Column: namespace - of the pods
-- Column: cpu_usd - of vCPU hours
-- Column: memory_usd - of GB hours
-- Column: unused_usd - its share of what no pod used
-- Column: total_usd - all of it; amortized, before credits
-- Column: pods - different ones
SELECT
  split_part(line_item_resource_id, '/', 2) AS cluster,
  split_part(line_item_resource_id, '/', 3) AS namespace,
  round(sum(CASE WHEN line_item_usage_type LIKE '%vCPU-Hours' THEN split_line_item_split_cost ELSE 0 END), 4) AS cpu_usd,
  round(sum(CASE WHEN line_item_usage_type LIKE '%GB-Hours' THEN split_line_item_split_cost ELSE 0 END), 4) AS memory_usd,
  round(sum(coalesce(split_line_item_unused_cost, 0)), 4) AS unused_usd,
  round(sum(split_line_item_split_cost + coalesce(split_line_item_unused_cost, 0)), 4) AS total_usd,
  count(DISTINCT line_item_resource_id) AS pods
FROM {{costReport}}
WHERE billing_period = ? /* month */
  AND line_item_resource_id LIKE 'arn:%:eks:%:pod/%'
  AND split_line_item_split_cost IS NOT NULL
GROUP BY 1, 2
ORDER BY total_usd DESC, cluster, namespace
LIMIT 500
