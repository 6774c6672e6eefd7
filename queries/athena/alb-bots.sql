-- Title: Bots
-- For: telling crawlers and tools from people; a user agent that lies is not found.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: bot - name in the user agent, lower case
-- Column: requests - of the days
-- Column: clients - different addresses
-- Column: errors - answered by 4xx or 5xx
-- Column: paths - different paths, about
SELECT
  coalesce(
    lower(regexp_extract(user_agent, '(?i)([a-z0-9_.-]*(?:bot|crawler|spider|slurp)[a-z0-9_.-]*)', 1)),
    lower(regexp_extract(user_agent, '(?i)^(curl|wget|python-requests|python-urllib|go-http-client|java|okhttp|libwww-perl|scrapy|nikto|sqlmap|masscan|zgrab)', 1))
  ) AS bot,
  count(*) AS requests,
  count(DISTINCT client_ip) AS clients,
  count_if(elb_status_code >= 400) AS errors,
  approx_distinct(url_extract_path(request_url)) AS paths
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND regexp_like(user_agent, '(?i)bot|crawler|spider|slurp|^(?:curl|wget|python-requests|python-urllib|go-http-client|java|okhttp|libwww-perl|scrapy|nikto|sqlmap|masscan|zgrab)')
GROUP BY 1
ORDER BY requests DESC, bot
LIMIT 100
