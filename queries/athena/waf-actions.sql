-- Title: What WAF did, by rule
-- For: seeing which rule blocks, and whether it blocks too much.
-- Tables: waf
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: action - ALLOW BLOCK CAPTCHA CHALLENGE
-- Column: rule - that decided, or Default_Action
-- Column: rule_type - REGULAR, RATE_BASED, GROUP, MANAGED_RULE_GROUP
-- Column: requests - of the days
-- Column: clients - different addresses
-- Column: example_path - one of them
SELECT
  action,
  terminatingruleid AS rule,
  terminatingruletype AS rule_type,
  count(*) AS requests,
  count(DISTINCT httprequest.clientip) AS clients,
  min(httprequest.uri) AS example_path
FROM waf
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND action IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY requests DESC, action, rule
LIMIT 200
