-- Title: Raw audit events of an hour
-- For: looking at everything of one hour, with one member of the JSON taken out by its path.
-- Tables: audit
-- Parameter: dt (day) = 0d - day, UTC
-- Parameter: hr (text) = "00" - hour, 00 to 23, UTC
-- Parameter: text (text) = "" - text that the event must hold; empty takes all
-- Column: time - of the event in CloudWatch, UTC
-- Column: log_stream - of the API server
-- Column: event_id - of CloudWatch
-- Column: response_status - as JSON, NULL where the event has none
-- Column: message - the whole event, not redacted
SELECT
  time,
  log_stream,
  event_id,
  json_format(json_extract(message, '$.responseStatus')) AS response_status,
  message
FROM audit
WHERE dt = ? /* dt */
  AND hr = ? /* hr */
  AND strpos(message, ? /* text */) > 0
ORDER BY time, event_id
LIMIT 1000
