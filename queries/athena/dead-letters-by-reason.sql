-- Title: Dead letters by reason
-- For: what could not be indexed, and whether it still happens.
-- Tables: dead_letters
-- Parameter: from (day) = 7d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: reason - a word, as in docs/runbook.md
-- Column: source - name in the config
-- Column: function_name - which function gave it up
-- Column: letters - of the days; those that were sent again are elsewhere
-- Column: first_event - time of the first, UTC
-- Column: last_event - time of the last, UTC
-- Column: example - the engine's or parser's words, which may quote the event
SELECT
  reason,
  source,
  "function" AS function_name,
  count(*) AS letters,
  format_datetime(from_unixtime(min("timestamp") / 1e3), 'yyyy-MM-dd HH:mm:ss') AS first_event,
  format_datetime(from_unixtime(max("timestamp") / 1e3), 'yyyy-MM-dd HH:mm:ss') AS last_event,
  min(detail) AS example
FROM dead_letters
WHERE dt BETWEEN ? /* from */ AND ? /* to */
  AND reason IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY letters DESC, reason, source, function_name
LIMIT 200
