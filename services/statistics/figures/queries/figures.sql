-- name: overview
-- The sums of a business date, of one moment: all from one statement. `tickets` has a row a stretch.
WITH tickets AS MATERIALIZED (
    SELECT ticket, stretch, department, state, issued_hour, served_hour, misses, wait_s, p50_s, p90_s
    FROM ticket_facts WHERE hall = %(hall)s AND business_date = %(day)s
), sums AS MATERIALIZED (
    SELECT dimension, department, key, cases, decided, on_time
    FROM volumes
    WHERE hall = %(hall)s AND grain = 'day' AND dimension IN ('origin', 'hour', 'decision') AND period = %(day)s
), ticket_sums AS (
    SELECT count(*) FILTER (WHERE stretch = 1) AS issued,
        count(DISTINCT ticket) FILTER (WHERE wait_s IS NOT NULL) AS called,
        count(*) FILTER (WHERE state = 'served') AS served,
        count(DISTINCT ticket) FILTER (WHERE misses > 0) AS missed, count(*) FILTER (WHERE state = 'waiting') AS waiting,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY wait_s) AS median_wait_s,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY wait_s) AS p90_wait_s,
        count(*) FILTER (WHERE wait_s <= p90_s) AS covered, count(wait_s + p50_s + p90_s) AS estimated,
        avg(abs(wait_s - p50_s)) AS mean_abs_error_s
    FROM tickets
), case_sums AS (
    SELECT coalesce(sum(cases), 0) AS accepted,
        coalesce(sum(cases) FILTER (WHERE key <> 'walk_in'), 0) AS three_services
    FROM sums WHERE dimension = 'origin'
), decisions AS (
    SELECT coalesce(sum(decided), 0) AS decided, coalesce(sum(on_time), 0) AS on_time
    FROM sums WHERE dimension = 'decision'
), refusals AS (
    SELECT count(*) AS refused FROM case_facts
    WHERE hall = %(hall)s AND decided_on = %(day)s AND outcome = 'refused'
), happened AS (
    SELECT to_char(issued_hour, 'FM00') AS hour, count(*) AS issued, 0 AS served, 0 AS accepted
    FROM tickets WHERE stretch = 1 GROUP BY 1
    UNION ALL
    SELECT to_char(served_hour, 'FM00'), 0, count(*), 0 FROM tickets WHERE served_hour IS NOT NULL GROUP BY 1
    UNION ALL
    SELECT key, 0, 0, cases FROM sums WHERE dimension = 'hour' AND cases > 0
), hours AS (
    SELECT hour, sum(issued) AS issued, sum(served) AS served, sum(accepted) AS accepted
    FROM happened GROUP BY hour
), parts AS (
    SELECT department, count(*) FILTER (WHERE stretch = 1) AS issued,
        count(*) FILTER (WHERE state = 'served') AS served, count(*) FILTER (WHERE state = 'waiting') AS waiting, 0 AS accepted
    FROM tickets GROUP BY department
    UNION ALL
    SELECT department, 0, 0, 0, cases FROM sums WHERE dimension = 'origin' AND cases > 0
    UNION ALL
    SELECT code, 0, 0, 0, 0 FROM names WHERE hall = %(hall)s AND kind = 'department'
), departments AS (
    SELECT department, min(name) AS name, min(name_en) AS name_en, sum(issued) AS issued, sum(served) AS served,
        sum(waiting) AS waiting, sum(accepted) AS accepted
    FROM parts LEFT JOIN names ON hall = %(hall)s AND kind = 'department' AND code = department
    GROUP BY department
)
SELECT (SELECT to_json(ticket_sums) FROM ticket_sums) AS tickets,
    (SELECT to_json(case_sums) FROM case_sums) AS cases,
    (SELECT to_json(told) FROM (SELECT * FROM decisions, refusals) AS told) AS decisions,
    (SELECT coalesce(json_agg(hours ORDER BY hour), '[]') FROM hours) AS by_hour,
    (SELECT coalesce(json_agg(departments ORDER BY department), '[]') FROM departments) AS by_department,
    (SELECT max(newest_at) FROM events_seen WHERE hall = %(hall)s) AS as_of;

-- name: dates_counted
-- Between which dates anything is counted.
SELECT min(period) AS since, (max(period) + interval '1 month')::date - 1 AS until
FROM volumes WHERE hall = %(hall)s AND grain = 'month' AND dimension = 'origin';

-- name: volumes
-- Volumes by period and group, in their order, after a row: whole months, and days at the edges.
WITH sums AS (
    SELECT period AS day, CASE %(group)s WHEN 'department' THEN department ELSE key END AS "group",
        sum(cases) AS cases, sum(tickets) AS tickets, sum(served) AS served, sum(missed) AS missed,
        sum(decided) AS decided, sum(on_time) AS on_time
    FROM volumes
    WHERE hall = %(hall)s AND dimension = %(dimension)s
        AND (grain = 'month' AND period >= %(whole_since)s AND period < %(whole_until)s
            OR grain = 'day' AND period >= %(since)s AND period < %(head_until)s
            OR grain = 'day' AND period >= %(tail_since)s AND period <= %(until)s)
        AND department = coalesce(%(department)s, department)
    GROUP BY 1, 2
), rows AS (
    SELECT to_char(day, %(period_format)s) AS period, "group", sum(cases) AS cases,
        sum(tickets) AS tickets, sum(served) AS served, sum(missed) AS missed, sum(decided) AS decided,
        sum(on_time) AS on_time
    FROM sums GROUP BY 1, 2
    HAVING sum(cases + tickets + served + missed) > 0
)
SELECT period, "group", name, name_en, cases, tickets, served, missed, decided,
    on_time::float8 / nullif(decided, 0) AS on_time
FROM rows LEFT JOIN names ON hall = %(hall)s AND kind = %(group)s AND code = "group"
WHERE (period, "group") > (%(after_period)s, %(after_group)s)
ORDER BY period, "group"
LIMIT %(limit)s;

-- name: heatmap
-- Cases and tickets by weekday and hour: whole months, and days at the edges.
WITH sums AS (
    -- Month by month, because the key has the department behind the period.
    SELECT key AS slot, cases, tickets
    FROM generate_series(%(whole_since)s::date, %(whole_until)s::date - 1, interval '1 month') AS month
    JOIN volumes ON period = month::date AND hall = %(hall)s AND grain = 'month' AND dimension = %(dimension)s
        AND department = coalesce(%(department)s, '')
    UNION ALL
    SELECT extract(isodow FROM period) || '-' || key, cases, tickets FROM volumes
    WHERE hall = %(hall)s AND grain = 'day' AND dimension = 'hour'
        AND (period >= %(since)s AND period < %(head_until)s OR period >= %(tail_since)s AND period <= %(until)s)
        AND department = coalesce(%(department)s, department)
)
SELECT left(slot, 1)::integer AS weekday, substr(slot, 3) AS hour, sum(cases) AS cases, sum(tickets) AS tickets
FROM sums GROUP BY slot
HAVING sum(cases + tickets) > 0
ORDER BY slot;

-- name: appointments
-- Appointments whose slot is on one of these dates, by group; one that was moved counts where it went.
WITH counted AS (
    SELECT CASE %(group)s WHEN 'department' THEN department WHEN 'item' THEN item ELSE channel END AS "group",
        state, lead_s
    FROM appointment_facts
    WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s AND booked_at IS NOT NULL
        AND state <> 'rescheduled'
), sums AS (
    SELECT "group", count(*) AS booked, count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
        count(*) FILTER (WHERE state = 'displaced') AS displaced,
        count(*) FILTER (WHERE state = 'checked_in') AS checked_in,
        count(*) FILTER (WHERE state = 'fulfilled') AS fulfilled,
        count(*) FILTER (WHERE state = 'no_show') AS no_shows,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY lead_s) AS lead_median_s
    FROM counted GROUP BY 1
)
SELECT sums.*, name, name_en
FROM sums LEFT JOIN names ON hall = %(hall)s AND kind = %(group)s AND code = "group"
ORDER BY "group";

-- name: overtime
-- Minutes of overtime on these dates, by group.
WITH sums AS (
    SELECT CASE %(group)s WHEN 'department' THEN department ELSE staff END AS "group", sum(minutes) AS minutes
    FROM overtime_facts WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s GROUP BY 1
)
SELECT sums.*, name, name_en
FROM sums LEFT JOIN names ON hall = %(hall)s AND kind = %(group)s AND code = "group"
ORDER BY "group";

-- name: onsite
-- On-site orders whose window is on one of these dates, by department, or by crew for those that have one.
WITH counted AS (
    SELECT CASE %(group)s WHEN 'department' THEN department ELSE crew END AS "group", state, on_time, travel_s,
        service_s, cases
    FROM onsite_facts WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s
), sums AS (
    SELECT "group", count(*) AS orders, count(*) FILTER (WHERE state = 'requested') AS requested,
        count(*) FILTER (WHERE state = 'screened') AS screened,
        count(*) FILTER (WHERE state = 'scheduled') AS scheduled,
        count(*) FILTER (WHERE state = 'assigned') AS assigned,
        count(*) FILTER (WHERE state = 'en_route') AS en_route,
        count(*) FILTER (WHERE state = 'on_site') AS on_site,
        count(*) FILTER (WHERE state = 'done') AS done,
        count(*) FILTER (WHERE state = 'failed_visit') AS failed_visits,
        count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
        count(on_time) AS arrivals, count(*) FILTER (WHERE on_time) AS on_time,
        coalesce(sum(travel_s), 0) AS travel_s, coalesce(sum(service_s), 0) AS service_s, sum(cases) AS cases
    FROM counted WHERE "group" IS NOT NULL GROUP BY 1
)
SELECT sums.*, name, name_en
FROM sums LEFT JOIN names ON hall = %(hall)s AND kind = %(group)s AND code = "group"
ORDER BY "group";
