-- Cases: time limits as facts from which due dates are derived again when the calendar changes; refusals.
-- depends: 0005_dated

-- `limit_days` is the item's time limit at the acceptance. While the clock stands still there is no due date but
-- `days_left`, in working days, below 0 for what was late already.
ALTER TABLE cases
    ADD COLUMN limit_days integer CHECK (limit_days >= 0),
    ADD COLUMN days_left integer,
    ADD COLUMN refused boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT cases_check2;

-- Working days after one day, up to and with another, by the copy of the calendar; below 0 when they are the other way
-- round.
CREATE FUNCTION working_days_between(of_hall text, after date, until date) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT (CASE WHEN until < after THEN -1 ELSE 1 END * count(*))::integer
    FROM generate_series(least(after, until) + 1, greatest(after, until), interval '1 day') AS days (day)
        LEFT JOIN calendar_years ON hall = of_hall AND year = extract(year FROM day)
    WHERE NOT day::date = ANY (coalesce(holidays, '{}'))
        AND (extract(isodow FROM day) < 6 OR day::date = ANY (coalesce(workdays, '{}')))
$$;

-- Of open cases from before: what the date they had leaves when the stretches are taken out in which the clock stood. A
-- migration does not know the hall's zone; in China's, its days are right for whatever happened while a hall was open.
CREATE VIEW pg_temp.stops AS
SELECT cases.hall, cases.number, (stay.entered_at AT TIME ZONE 'Asia/Shanghai')::date AS since,
    (stay.left_at AT TIME ZONE 'Asia/Shanghai')::date AS until
FROM cases JOIN case_states AS stay ON stay.hall = cases.hall AND stay.number = cases.number
WHERE stay.state = 'correction' AND stay.entered_at >= cases.accepted_at
    AND cases.state IN ('accepted', 'correction', 'in_review');

WITH stood AS (
    SELECT hall, number, sum(working_days_between(hall, since, until)) AS days
    FROM pg_temp.stops WHERE until IS NOT NULL GROUP BY hall, number
)
UPDATE cases
SET limit_days = greatest(0, working_days_between(cases.hall, business_date, due_on) - coalesce(
    (SELECT days FROM stood WHERE stood.hall = cases.hall AND stood.number = cases.number), 0))
WHERE accepted_at IS NOT NULL AND state IN ('accepted', 'correction', 'in_review');

UPDATE cases
SET days_left = working_days_between(cases.hall, since, due_on), due_on = NULL
FROM pg_temp.stops
WHERE cases.limit_days IS NOT NULL AND stops.hall = cases.hall AND stops.number = cases.number AND until IS NULL;

DROP VIEW pg_temp.stops;
DROP FUNCTION working_days_between(text, date, date);

ALTER TABLE cases
    ADD CONSTRAINT a_date_or_days_left CHECK (
        (due_on IS NOT NULL) = (accepted_at IS NOT NULL AND days_left IS NULL)),
    ADD CONSTRAINT days_left_while_the_clock_stands CHECK (days_left IS NULL OR state IN ('correction', 'rejected')),
    ADD CONSTRAINT refused_when_decided CHECK (NOT refused OR decided_at IS NOT NULL);
