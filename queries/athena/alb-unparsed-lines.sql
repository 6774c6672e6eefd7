-- Title: Lines of an unknown shape
-- For: noticing a new field or a broken file: every other query of the table leaves these lines out.
-- Tables: alb
-- Parameter: from (day) = 1d - first day of delivery, UTC
-- Parameter: to (day) = 0d - last day
-- Column: file - where they are
-- Column: lines - that are no request
-- Column: example - one of them
SELECT
  "$path" AS file,
  count(*) AS lines,
  min(unparsed) AS example
FROM alb
WHERE "day" BETWEEN replace(? /* from */, '-', '/') AND replace(? /* to */, '-', '/')
  AND unparsed <> ''
  -- Logs of connections and health checks lie in the same folder and have tables of their own.
  AND NOT regexp_like("$path", '/(?:conn_log|health_check_log)[^/]*$')
GROUP BY "$path"
ORDER BY lines DESC, file
LIMIT 100
