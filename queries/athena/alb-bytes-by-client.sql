-- Title: Bytes by client
-- For: finding who downloads or uploads most, before the bill does.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: client_ip - last hop before the load balancer
-- Column: requests - of the days
-- Column: megabytes_received - from it, 10^6 bytes
-- Column: megabytes_sent - to it
-- Column: largest_answer_bytes - the largest single answer
SELECT
  client_ip,
  count(*) AS requests,
  round(sum(received_bytes) / 1e6, 3) AS megabytes_received,
  round(sum(sent_bytes) / 1e6, 3) AS megabytes_sent,
  max(sent_bytes) AS largest_answer_bytes
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND type IS NOT NULL
GROUP BY client_ip
ORDER BY sum(received_bytes) + sum(sent_bytes) DESC, client_ip
LIMIT 100
