-- name: one_moment
-- Everything this transaction reads is of one moment.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;

-- name: report_days
-- Cases of each date on which the hall accepted any, and those of a department, or of the hall again.
SELECT period AS day, sum(cases)::bigint AS hall_cases,
    coalesce(sum(cases) FILTER (WHERE key <> 'walk_in'), 0)::bigint AS hall_three,
    coalesce(sum(cases) FILTER (WHERE department = coalesce(%(department)s::text, department)), 0)::bigint AS cases,
    coalesce(sum(cases) FILTER (WHERE department = coalesce(%(department)s::text, department) AND key <> 'walk_in'), 0)::bigint
        AS three
FROM volumes
WHERE hall = %(hall)s AND grain = 'day' AND dimension = 'origin' AND period BETWEEN %(first)s AND %(last)s
GROUP BY period HAVING sum(cases) > 0
ORDER BY period;

-- name: report_volumes
-- Volumes of a stretch by dimension, department and key: its whole months, and the days before and after them.
WITH parts AS (
    SELECT dimension, department, key, cases, decided, on_time FROM volumes
    WHERE hall = %(hall)s AND grain = 'month' AND dimension = ANY ('{item,origin,hour,decision}')
        AND period >= %(whole_since)s AND period < %(whole_until)s
    UNION ALL
    SELECT dimension, department, key, cases, decided, on_time FROM volumes
    WHERE hall = %(hall)s AND grain = 'day' AND dimension = ANY ('{item,origin,hour,decision}')
        AND period >= %(since)s AND period < %(head_until)s
    UNION ALL
    SELECT dimension, department, key, cases, decided, on_time FROM volumes
    WHERE hall = %(hall)s AND grain = 'day' AND dimension = ANY ('{item,origin,hour,decision}')
        AND period >= %(tail_since)s AND period <= %(until)s
)
SELECT dimension, department, key, sum(cases)::bigint AS cases, sum(decided)::bigint AS decided,
    sum(on_time)::bigint AS on_time
FROM parts WHERE department = coalesce(%(department)s::text, department)
GROUP BY dimension, department, key
ORDER BY dimension, department, key;

-- name: report_total
-- All cases up to a date, and the first month that has any.
WITH sums AS (
    SELECT period, cases FROM volumes
    WHERE hall = %(hall)s AND grain = 'month' AND dimension = 'origin' AND period < %(month)s
        AND department = coalesce(%(department)s::text, department)
    UNION ALL
    SELECT date_trunc('month', period)::date, cases FROM volumes
    WHERE hall = %(hall)s AND grain = 'day' AND dimension = 'origin' AND period BETWEEN %(month)s AND %(last)s
        AND department = coalesce(%(department)s::text, department)
)
SELECT coalesce(sum(cases), 0)::bigint AS cases, min(period) FILTER (WHERE cases > 0) AS since FROM sums;

-- name: report_overtime
-- Minutes of overtime of a stretch by department.
SELECT department, sum(minutes)::bigint AS minutes
FROM overtime_facts
WHERE hall = %(hall)s AND business_date BETWEEN %(first)s AND %(last)s
    AND department = coalesce(%(department)s::text, department)
GROUP BY department ORDER BY department;

-- name: report_anomalies
-- Unusual movements of a stretch, in order of date and size.
SELECT subject_kind, subject, department, business_date, observed, expected, score, state, explanation, outcome
FROM anomalies
WHERE hall = %(hall)s AND business_date BETWEEN %(first)s AND %(last)s
    AND (%(department)s::text IS NULL OR department = %(department)s)
ORDER BY business_date, abs(score) DESC NULLS LAST, subject_kind, subject;

-- name: report_joint
-- Joint cases that were open on some date of a stretch, all or those a department takes part in.
SELECT departments, state, opened_on, ended_on
FROM joint_facts
WHERE hall = %(hall)s AND opened_on <= %(last)s AND coalesce(ended_on, %(last)s) >= %(first)s
    AND (%(department)s::text IS NULL OR %(department)s = ANY (departments))
ORDER BY number;

-- name: report_waits
-- How many tickets of a stretch waited for how many seconds until they were called.
SELECT wait_s, count(*) AS tickets
FROM ticket_facts
WHERE hall = %(hall)s AND business_date BETWEEN %(first)s AND %(last)s AND wait_s IS NOT NULL
    AND department = coalesce(%(department)s::text, department)
GROUP BY wait_s ORDER BY wait_s;

-- name: report_departments
-- The departments, or one of them, with their names.
SELECT d.code, n.name, n.name_en, d.offers_three_services
FROM departments AS d LEFT JOIN names AS n ON n.hall = d.hall AND n.kind = 'department' AND n.code = d.code
WHERE d.hall = %(hall)s AND d.code = coalesce(%(department)s::text, d.code)
ORDER BY d.code;

-- name: report_items
-- The items with their names, and whether they are in force on a date and were on the day before another: by what each
-- was from each day on, or, where that was not heard, by what it is now.
WITH terms AS (
    SELECT t.code, term.effective_from, term.state, term.department
    FROM item_terms AS t CROSS JOIN LATERAL
        jsonb_to_recordset(t.terms) AS term (effective_from date, state text, department text)
    WHERE t.hall = %(hall)s
), at_the_end AS (
    SELECT DISTINCT ON (code) code, state, department FROM terms WHERE effective_from <= %(counted_to)s
    ORDER BY code, effective_from DESC
), at_the_beginning AS (
    SELECT DISTINCT ON (code) code, state, department FROM terms WHERE effective_from < %(first)s
    ORDER BY code, effective_from DESC
), owned AS (
    SELECT i.code, i.kind, i.department AS today,
        CASE WHEN t.code IS NULL AND i.state = 'active' AND i.effective_from <= %(counted_to)s THEN i.department
            WHEN at_the_end.state = 'active' THEN at_the_end.department END AS department,
        CASE WHEN t.code IS NULL AND i.state = 'active' AND i.effective_from < %(first)s THEN i.department
            WHEN at_the_beginning.state = 'active' THEN at_the_beginning.department END AS department_before
    FROM items AS i LEFT JOIN item_terms AS t ON t.hall = i.hall AND t.code = i.code
        LEFT JOIN at_the_end ON at_the_end.code = i.code
        LEFT JOIN at_the_beginning ON at_the_beginning.code = i.code
    WHERE i.hall = %(hall)s
)
SELECT owned.code, name, name_en, coalesce(department, department_before, today) AS department, owned.kind,
    coalesce((department = coalesce(%(department)s::text, department))::integer, 0) AS in_force,
    coalesce((department_before = coalesce(%(department)s::text, department_before))::integer, 0) AS before
FROM owned LEFT JOIN names ON hall = %(hall)s AND names.kind = 'item' AND names.code = owned.code
WHERE %(department)s::text IS NULL OR %(department)s IN (today, department, department_before)
ORDER BY owned.code;

-- name: report_refusals
-- Cases that were refused in a stretch, by department and the date of the decision.
SELECT department, count(*) AS count
FROM case_facts
WHERE hall = %(hall)s AND decided_on BETWEEN %(first)s AND %(last)s AND outcome = 'refused'
    AND department = coalesce(%(department)s::text, department)
GROUP BY department ORDER BY department;

-- name: report_staff
-- Active window staff by department.
SELECT department, count(*) AS staff
FROM staff
WHERE hall = %(hall)s AND active AND role = 'clerk'
    AND (%(department)s::text IS NULL OR department = %(department)s)
GROUP BY department ORDER BY department;

-- name: events_until
-- The moment up to which events are in the figures.
SELECT max(newest_at) AS at FROM events_seen WHERE hall = %(hall)s;

-- name: edition
-- An edition of a report, the newest when none is named.
SELECT edition, made_at, made_by, reason, content
FROM report_editions
WHERE hall = %(hall)s AND kind = %(kind)s AND first_day = %(first)s AND department = %(department)s
    AND edition = coalesce(%(edition)s::integer, edition)
ORDER BY edition DESC LIMIT 1;

-- name: add_edition
-- Fix a report; nothing when this edition was fixed by another a moment ago.
INSERT INTO report_editions (hall, kind, period, first_day, department, edition, made_at, made_by, reason, content)
VALUES (%(hall)s, %(kind)s, %(period)s, %(first)s, %(department)s, %(edition)s, %(made_at)s, %(made_by)s, %(reason)s,
    %(content)s)
ON CONFLICT (hall, kind, first_day, department, edition) DO NOTHING;

-- name: lock_editions
-- Let one at a time make editions of a report.
SELECT pg_advisory_xact_lock(hashtextextended(
    concat_ws('/', 'edition', %(hall)s::text, %(kind)s::text, %(period)s::text, %(department)s::text), 0));

-- name: editions
-- The newest editions, by the newest period.
SELECT kind, period, nullif(department, '') AS department, edition, made_at, made_by, reason
FROM report_editions
WHERE hall = %(hall)s AND kind = coalesce(%(kind)s::text, kind)
ORDER BY first_day DESC, kind, department, edition DESC
LIMIT %(limit)s;
