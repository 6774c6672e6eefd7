-- Title: TLS versions and ciphers
-- For: seeing who would be cut off by a stricter security policy.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: protocol - TLSv1.2, TLSv1.3, or - without TLS
-- Column: cipher - or -
-- Column: requests - of the days
-- Column: clients - different addresses
-- Column: last_seen - its last request, UTC
SELECT
  ssl_protocol AS protocol,
  ssl_cipher AS cipher,
  count(*) AS requests,
  count(DISTINCT client_ip) AS clients,
  max(time) AS last_seen
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY 1, 2
ORDER BY requests DESC, protocol, cipher
LIMIT 200
