-- Title: Requests without a user
-- For: what somebody without credentials was let through to, or tried.
-- Tables: audit
-- Parameter: from (day) = 7d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: verb - of Kubernetes
-- Column: path - without query
-- Column: status - 200 was answered: is it meant to be open?
-- Column: requests - events, one per stage
-- Column: addresses - different first addresses
-- Column: last_seen - UTC
SELECT
  json_extract_scalar(message, '$.verb') AS verb,
  regexp_extract(json_extract_scalar(message, '$.requestURI'), '^[^?]*') AS path,
  TRY_CAST(json_extract_scalar(message, '$.responseStatus.code') AS integer) AS status,
  count(*) AS requests,
  count(DISTINCT json_extract_scalar(message, '$.sourceIPs[0]')) AS addresses,
  max(time) AS last_seen
FROM audit
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND json_extract_scalar(message, '$.user.username') = 'system:anonymous'
GROUP BY 1, 2, 3
ORDER BY requests DESC, verb, path, status
LIMIT 200
