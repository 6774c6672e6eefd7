-- Title: Roles that signed in
-- For: which IAM principals use a cluster, as which user: what nobody uses can go.
-- Tables: authenticator
-- Parameter: from (day) = 90d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: cluster - name of the cluster
-- Column: arn - role or user
-- Column: username - user as Kubernetes knows him
-- Column: sign_ins - tokens that were accepted
-- Column: first_seen - in the days, UTC
-- Column: last_seen - UTC
SELECT
  cluster,
  coalesce(regexp_extract(message, 'arn="([^"]+)"', 1), regexp_extract(message, 'arn=([^ "]+)', 1), '(none)') AS arn,
  coalesce(regexp_extract(message, 'username="([^"]+)"', 1), regexp_extract(message, 'username=([^ "]+)', 1)) AS username,
  count(*) AS sign_ins,
  min(time) AS first_seen,
  max(time) AS last_seen
FROM authenticator
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND message LIKE '%access granted%'
GROUP BY 1, 2, 3
ORDER BY sign_ins DESC, arn, username
LIMIT 500
