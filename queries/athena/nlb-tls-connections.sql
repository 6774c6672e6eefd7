-- Title: TLS connections of network load balancers
-- For: versions, alerts and bytes by listener; connections without TLS write no log.
-- Tables: nlb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: elb - net/<name>/<id>
-- Column: listener - its id
-- Column: protocol - tlsv12, tlsv13, or -
-- Column: cipher - or -
-- Column: connections - of the days
-- Column: clients - different addresses
-- Column: alerts - connections in which the client sent a TLS alert
-- Column: megabytes - received and sent, 10^6 bytes
-- Column: p95_seconds - 95 percent of connections lasted at most so long
SELECT
  elb,
  listener,
  tls_protocol_version AS protocol,
  tls_cipher AS cipher,
  count(*) AS connections,
  count(DISTINCT client_ip) AS clients,
  count_if(incoming_tls_alert <> '-') AS alerts,
  round(sum(received_bytes + sent_bytes) / 1e6, 3) AS megabytes,
  round(approx_percentile(connection_time, 0.95) / 1e3, 3) AS p95_seconds
FROM nlb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY 1, 2, 3, 4
ORDER BY connections DESC, elb, listener, protocol, cipher
LIMIT 200
