-- Title: First and last seen of users
-- For: closing access that nobody uses, and finding the day when a new user appeared.
-- Tables: audit
-- Parameter: from (day) = 90d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: username - user as Kubernetes knows him
-- Column: first_seen - in the days, UTC
-- Column: last_seen - UTC
-- Column: requests - events, one per stage
-- Column: addresses - different first addresses
-- Column: denied - answered by 403
SELECT
  json_extract_scalar(message, '$.user.username') AS username,
  min(time) AS first_seen,
  max(time) AS last_seen,
  count(*) AS requests,
  count(DISTINCT json_extract_scalar(message, '$.sourceIPs[0]')) AS addresses,
  count_if(TRY_CAST(json_extract_scalar(message, '$.responseStatus.code') AS integer) = 403) AS denied
FROM audit
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND json_extract_scalar(message, '$.user.username') IS NOT NULL
GROUP BY 1
ORDER BY last_seen DESC, username
LIMIT 1000
