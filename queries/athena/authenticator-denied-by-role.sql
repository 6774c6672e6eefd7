-- Title: Access denied by role
-- For: which IAM principals are turned away at the door, and why: not mapped, an expired token, another cluster.
-- Tables: authenticator
-- Parameter: from (day) = 30d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: arn - role or user; (none) of a token that could not be read
-- Column: error - the authenticator's own words
-- Column: denied - attempts
-- Column: first_seen - UTC
-- Column: last_seen - UTC
SELECT
  coalesce(regexp_extract(message, 'arn="([^"]+)"', 1), regexp_extract(message, 'arn=([^ "]+)', 1), '(none)') AS arn,
  regexp_extract(message, 'error="((?:[^"\\]|\\.)*)"', 1) AS error,
  count(*) AS denied,
  min(time) AS first_seen,
  max(time) AS last_seen
FROM authenticator
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND message LIKE '%access denied%'
GROUP BY 1, 2
ORDER BY denied DESC, arn, error
LIMIT 200
