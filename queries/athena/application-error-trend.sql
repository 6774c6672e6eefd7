-- Title: Errors by application and day
-- For: seeing a release that made things worse. A line counts as an error by a word in it (error, fatal, severe,
--    panic, critical, exception).
-- Tables: application
-- Parameter: from (day) = 14d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: day - UTC
-- Column: application - name in the config, else namespace/container
-- Column: lines - of the day
-- Column: errors - lines with such a word
-- Column: error_percent - share of them
-- Column: change - against the day before that has lines, NULL on the first
WITH by_day AS (
  SELECT
    dt,
    CASE WHEN application <> '' THEN application ELSE concat(coalesce(json_extract_scalar(message, '$.kubernetes.namespace_name'), ''), '/', coalesce(json_extract_scalar(message, '$.kubernetes.container_name'), '')) END AS application,
    count(*) AS lines,
    count_if(regexp_like(coalesce(json_extract_scalar(message, '$.log'), message), '(?i)\b(?:error|fatal|severe|panic|critical|exception)\b')) AS errors
  FROM application
  WHERE dt BETWEEN ? /* from */ AND ? /* to */
    AND message IS NOT NULL
  GROUP BY 1, 2
)
SELECT
  dt AS "day",
  application,
  lines,
  errors,
  round(1e2 * errors / lines, 2) AS error_percent,
  errors - lag(errors) OVER (PARTITION BY application ORDER BY dt) AS change
FROM by_day
ORDER BY dt, errors DESC, application
LIMIT 2000
