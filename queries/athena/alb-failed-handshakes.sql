-- Title: Failed TLS handshakes
-- For: finding clients that cannot connect: they stand in no access log.
-- Tables: alb_connections
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: client_ip - last hop before the load balancer
-- Column: listener_port - of the load balancer
-- Column: verify_status - Failed with the reason, or - where TLS was never agreed
-- Column: connections - of the days
-- Column: first_seen - UTC
-- Column: last_seen - UTC
SELECT
  client_ip,
  listener_port,
  tls_verify_status AS verify_status,
  count(*) AS connections,
  min(time) AS first_seen,
  max(time) AS last_seen
FROM alb_connections
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND time IS NOT NULL
  AND (tls_protocol = '-' OR tls_verify_status LIKE 'Failed%')
GROUP BY 1, 2, 3
ORDER BY connections DESC, client_ip
LIMIT 200
