-- name: days_to_examine
-- Dates with cases that were not looked at, and whose next try is due.
SELECT period AS day FROM volumes
WHERE hall = %(hall)s AND grain = 'day' AND dimension = 'origin' AND period BETWEEN %(since)s AND %(until)s
    AND NOT EXISTS (
        SELECT FROM detections AS looked
        WHERE looked.hall = volumes.hall AND looked.business_date = period AND part = 'day'
            AND looked.hall = %(hall)s AND looked.business_date BETWEEN %(since)s AND %(until)s
            AND (done_at IS NOT NULL OR retry_at > %(at)s))
GROUP BY period HAVING sum(cases) > 0
ORDER BY period;

-- name: is_examined
-- Whether a part of a date was looked at, or its next try is ahead.
SELECT EXISTS (
    SELECT FROM detections
    WHERE hall = %(hall)s AND business_date = %(day)s AND part = %(part)s
        AND (done_at IS NOT NULL OR retry_at > %(at)s)) AS found;

-- name: days_with_cases
-- The dates that have cases, in order.
SELECT period AS day FROM volumes
WHERE hall = %(hall)s AND grain = 'day' AND dimension = 'origin' AND period BETWEEN %(since)s AND %(until)s
GROUP BY period HAVING sum(cases) > 0
ORDER BY period;

-- name: daily_counts
-- Cases of each item that is offered, and of each department, on each of some dates; tickets make an item nobody's.
WITH counted AS (
    SELECT 'item' AS kind, key AS subject, department, period, cases FROM volumes
    WHERE hall = %(hall)s AND grain = 'day' AND dimension = 'item' AND period BETWEEN %(since)s AND %(until)s
        AND cases > 0 AND NOT EXISTS (
            SELECT FROM items WHERE items.hall = volumes.hall AND code = key AND items.state = 'withdrawn')
    UNION ALL
    SELECT 'department', department, department, period, cases FROM volumes
    WHERE hall = %(hall)s AND grain = 'day' AND dimension = 'origin' AND period BETWEEN %(since)s AND %(until)s
        AND cases > 0
), sums AS (
    SELECT kind, subject, period AS day, sum(cases)::integer AS cases FROM counted GROUP BY 1, 2, 3
), subjects AS (
    SELECT kind, subject, (array_agg(department ORDER BY period DESC))[1] AS department FROM counted GROUP BY 1, 2
)
SELECT kind, subject, department, array_agg(coalesce(cases, 0) ORDER BY day) AS counts
FROM subjects CROSS JOIN unnest(%(days)s::date[]) AS day
LEFT JOIN sums USING (kind, subject, day)
GROUP BY kind, subject, department
ORDER BY kind, subject;

-- name: known_findings
-- What was found shortly before a date, and when it was last seen by then.
SELECT DISTINCT ON (subject_kind, subject, direction) subject_kind AS kind, subject, direction,
    CASE WHEN seen_on < %(before)s THEN seen_on ELSE business_date END AS seen_on
FROM anomalies
WHERE hall = %(hall)s AND business_date BETWEEN %(before)s::date - 90 AND %(before)s::date - 1 AND subject_kind <> 'hour'
ORDER BY subject_kind, subject, direction, business_date DESC;

-- name: hourly_counts
-- Cases of each department by hour on some dates.
SELECT department, key AS hour, period AS day, cases FROM volumes
WHERE hall = %(hall)s AND grain = 'day' AND dimension = 'hour' AND period BETWEEN %(since)s AND %(until)s AND cases > 0
ORDER BY department, period, key;

-- name: known_hours
-- Which departments' hours were told of on a date.
SELECT department, direction FROM anomalies
WHERE hall = %(hall)s AND business_date = %(day)s AND subject_kind = 'hour';

-- name: detection_done
-- Note that a part of a date was looked at.
INSERT INTO detections (hall, business_date, part, attempts, done_at)
VALUES (%(hall)s, %(day)s, %(part)s, 1, %(at)s)
ON CONFLICT (hall, business_date, part) DO UPDATE
SET attempts = detections.attempts + 1, done_at = excluded.done_at, fault = NULL, retry_at = NULL;

-- name: detection_failed
-- Note why a part of a date could not be looked at, and try again after 5 minutes, doubled each time, at most 6 hours;
-- one that was done before stays so.
INSERT INTO detections AS kept (hall, business_date, part, attempts, fault, retry_at)
VALUES (%(hall)s, %(day)s, %(part)s, 1, %(fault)s, %(at)s::timestamptz + interval '5 minutes')
ON CONFLICT (hall, business_date, part) DO UPDATE
SET attempts = kept.attempts + 1, fault = excluded.fault,
    retry_at = %(at)s::timestamptz + least(interval '5 minutes' * 2 ^ least(kept.attempts, 10), interval '6 hours')
WHERE kept.done_at IS NULL;

-- name: detection_health
-- The newest date that was looked at, and how many dates wait for another try.
SELECT max(business_date) FILTER (WHERE part = 'day' AND done_at IS NOT NULL) AS examined_to,
    count(*) FILTER (WHERE done_at IS NULL) AS failed
FROM detections WHERE hall = %(hall)s;
