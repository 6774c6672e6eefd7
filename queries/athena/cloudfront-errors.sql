-- Title: Errors at the edge
-- For: telling errors of the origin from those of CloudFront.
-- Tables: cloudfront
-- Parameter: from (day) = 1d - first day, UTC
-- Parameter: to (day) = 0d - last day
-- Column: status - what the client got; 0 of a client that went away
-- Column: result - Error and why
-- Column: host - that the client asked for
-- Column: requests - of the days
-- Column: clients - different addresses
-- Column: example_path - one of them
SELECT
  sc_status AS status,
  x_edge_detailed_result_type AS result,
  x_host_header AS host,
  count(*) AS requests,
  count(DISTINCT c_ip) AS clients,
  min(cs_uri_stem) AS example_path
FROM cloudfront
WHERE "date" BETWEEN ? /* from */ AND ? /* to */
  AND (sc_status >= 400 OR sc_status = 0)
GROUP BY 1, 2, 3
ORDER BY requests DESC, status, result, host
LIMIT 200
