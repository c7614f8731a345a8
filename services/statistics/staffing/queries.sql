-- name: window_hours
-- When windows were open on these dates: until their clerk left, or the next one signed in there.
SELECT business_date, queues, signed_in_at,
    coalesce(left_at, lead(signed_in_at) OVER (PARTITION BY "window" ORDER BY signed_in_at)) AS left_at
FROM window_facts
WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s
ORDER BY "window", signed_in_at;

-- name: arrivals
-- How many came into each queue on these dates, by hour: with a new number, sent on, or put back.
SELECT queue, business_date, issued_hour AS hour, count(*) AS tickets
FROM ticket_facts
WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s AND queue IS NOT NULL AND queued
GROUP BY 1, 2, 3;

-- name: services
-- A hundred equally likely service times of each queue on these dates, one second at least, and of all (queue null).
SELECT queue, count(*) AS served,
    percentile_disc(array(SELECT (n - 0.5) / 100 FROM generate_series(1, 100) AS n)::double precision[])
        WITHIN GROUP (ORDER BY greatest(service_s, 1)) AS times
FROM ticket_facts
WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s AND service_s IS NOT NULL
    AND state IN ('served', 'transferred', 'put_back', 'moved', 'expired') AND queue IS NOT NULL
GROUP BY GROUPING SETS ((queue), ());

-- name: lock_advice
-- Have those who ask for advice look for the same one and count what waits one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('advice:' || %(hall)s, 0));

-- name: same_advice
-- What a person asked for in the same words and that is still to come.
SELECT id FROM staffing_advice
WHERE hall = %(hall)s AND requested_by IS NOT DISTINCT FROM %(by)s AND state IN ('queued', 'running')
    AND (since, until, by_weekday, target, within_s, seed)
        = (%(since)s, %(until)s, %(by_weekday)s, %(target)s, %(within_s)s, %(seed)s)
    AND queue IS NOT DISTINCT FROM %(queue)s
ORDER BY requested_at
LIMIT 1;

-- name: advice_waiting
-- How much advice of the hall, and of a person, is still to come.
SELECT count(*) AS of_hall, count(*) FILTER (WHERE requested_by IS NOT DISTINCT FROM %(by)s) AS of_person
FROM staffing_advice WHERE hall = %(hall)s AND state IN ('queued', 'running');

-- name: add_advice
-- Store a request for advice, and put it in the queue of those who work it out.
WITH added AS (
    INSERT INTO staffing_advice (hall, id, state, since, until, queue, by_weekday, target, within_s, seed, requested_at,
        requested_by)
    VALUES (%(hall)s, %(id)s, 'queued', %(since)s, %(until)s, %(queue)s, %(by_weekday)s, %(target)s, %(within_s)s,
        %(seed)s, %(at)s, %(by)s)
    RETURNING hall, id, requested_at
)
INSERT INTO staffing_work (hall, advice, queued_at) SELECT hall, id, requested_at FROM added;

-- name: take_advice
-- Take the advice that waits longest and that nobody else works on; its row is held until the result is stored.
DELETE FROM staffing_work WHERE (hall, advice) IN (
    SELECT hall, advice FROM staffing_work ORDER BY queued_at, advice LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING hall, advice;

-- name: find_advice
-- One piece of advice.
SELECT * FROM staffing_advice WHERE hall = %(hall)s AND id = %(id)s;

-- name: list_advice
-- The newest pieces of advice, without their rows.
SELECT id, state, since, until, queue, by_weekday, target, within_s, seed, requested_at, done, cells, fault, finished_at,
    NULL AS rows
FROM staffing_advice WHERE hall = %(hall)s ORDER BY requested_at DESC, id LIMIT 50;

-- name: begin_advice
-- One more attempt at it.
UPDATE staffing_advice SET state = 'running', attempts = attempts + 1, done = 0
WHERE hall = %(hall)s AND id = %(id)s
RETURNING *;

-- name: note_progress
-- How far it is.
UPDATE staffing_advice SET done = %(done)s, cells = %(cells)s WHERE hall = %(hall)s AND id = %(id)s;

-- name: finish_advice
-- Store the rows.
UPDATE staffing_advice SET state = 'done', rows = %(rows)s::jsonb, done = %(cells)s, cells = %(cells)s,
    finished_at = %(at)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: fail_advice
-- Store why there is none.
UPDATE staffing_advice SET state = 'failed', fault = %(fault)s, finished_at = %(at)s
WHERE hall = %(hall)s AND id = %(id)s;
