-- Title: Cost by host
-- For: dividing what a load balancer costs among the names behind it. Computed, not billed: each host gets the
--    LCU-hours of its bytes alone (1 GB is one LCU-hour for targets on EC2 and IP) plus the transfer to the internet
--    of what it sent. Load balancer hours, new connections and rules are left out; prices are parameters.
-- Tables: alb
-- Parameter: from (day) = 30d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Parameter: lcu_price (number) = 0.008 - USD per LCU-hour (us-east-1, November 2026)
-- Parameter: transfer_price (number) = 0.09 - USD per GB to the internet (us-east-1, first 10 TB, November 2026)
-- Column: host - name in the TLS greeting, else of the URL
-- Column: requests - of the days
-- Column: gigabytes - received and sent, 10^9 bytes
-- Column: lcu_usd - LCU-hours of these bytes
-- Column: transfer_usd - transfer to the internet of what was sent
SELECT
  CASE
    WHEN domain_name IS NOT NULL AND domain_name <> '-' THEN domain_name
    ELSE coalesce(url_extract_host(request_url), '(none)')
  END AS host,
  count(*) AS requests,
  round(sum(received_bytes + sent_bytes) / 1e9, 6) AS gigabytes,
  round(sum(received_bytes + sent_bytes) / 1e9 * ? /* lcu_price */, 6) AS lcu_usd,
  round(sum(sent_bytes) / 1e9 * ? /* transfer_price */, 6) AS transfer_usd
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY 1
ORDER BY sum(received_bytes + sent_bytes) DESC, host
LIMIT 200
