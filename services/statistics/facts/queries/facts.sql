-- name: open_months
-- Wait for one's turn to write, and make the partitions of a table for the months of these dates.
SELECT open_months(%(parent)s, %(dates)s::date[]);

-- name: tickets_moved
-- Is any of these tickets known with another business date?
SELECT EXISTS (
    SELECT FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, ticket text, business_date date)
    JOIN ticket_numbers AS known USING (hall, ticket)
    WHERE known.business_date <> heard.business_date
) AS moved;

-- name: move_tickets
-- Take away the older states of tickets that have moved to another business date.
WITH heard AS (
    SELECT DISTINCT ON (hall, ticket) hall, ticket, business_date, sequence
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, ticket text, business_date date, sequence bigint)
    ORDER BY hall, ticket, sequence DESC
), moved AS (
    SELECT hall, ticket, known.business_date AS was, heard.business_date
    FROM heard JOIN ticket_numbers AS known USING (hall, ticket)
    WHERE known.business_date <> heard.business_date AND NOT EXISTS (
        SELECT FROM ticket_facts AS kept
        WHERE kept.hall = known.hall AND kept.ticket = known.ticket AND kept.business_date = known.business_date
            AND kept.sequence >= heard.sequence)
), gone AS (
    DELETE FROM ticket_facts AS kept USING moved
    WHERE kept.hall = moved.hall AND kept.ticket = moved.ticket AND kept.business_date = moved.was
)
UPDATE ticket_numbers AS known SET business_date = moved.business_date
FROM moved WHERE known.hall = moved.hall AND known.ticket = moved.ticket;

-- name: keep_tickets
-- Keep the newest state of all stretches of each ticket of a batch; an older one than is kept changes nothing.
WITH heard AS MATERIALIZED (
    SELECT DISTINCT ON (hall, ticket, stretch) *
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, ticket text, stretch smallint, sequence bigint,
        business_date date, department text, item text, origin text, state text, issued_at timestamptz,
        issued_hour smallint, finished_at timestamptz, served_hour smallint, misses integer, wait_s integer,
        p50_s integer, p90_s integer, queue text, service_s integer, "window" text, window_s integer, queued boolean)
    ORDER BY hall, ticket, stretch, sequence DESC
), numbered AS (
    INSERT INTO ticket_numbers (hall, ticket, business_date)
    SELECT hall, ticket, business_date FROM heard WHERE stretch = 1 ORDER BY hall, ticket
    ON CONFLICT (hall, ticket) DO NOTHING
)
INSERT INTO ticket_facts AS kept (hall, ticket, stretch, sequence, business_date, department, item, origin, state,
    issued_at, issued_hour, finished_at, served_hour, misses, wait_s, p50_s, p90_s, queue, service_s, "window", window_s, queued)
SELECT heard.hall, heard.ticket, stretch, sequence, heard.business_date, department, item, origin, state, issued_at,
    issued_hour, finished_at, served_hour, misses, wait_s, p50_s, p90_s, queue, service_s, "window", window_s, queued
FROM heard LEFT JOIN ticket_numbers AS known USING (hall, ticket)
WHERE coalesce(known.business_date, heard.business_date) = heard.business_date
ON CONFLICT (hall, business_date, ticket, stretch) DO UPDATE
SET sequence = excluded.sequence, department = excluded.department, item = excluded.item, origin = excluded.origin,
    state = excluded.state, issued_at = excluded.issued_at, issued_hour = excluded.issued_hour,
    finished_at = excluded.finished_at, served_hour = excluded.served_hour, misses = excluded.misses,
    wait_s = excluded.wait_s, p50_s = excluded.p50_s, p90_s = excluded.p90_s, queue = excluded.queue,
    service_s = excluded.service_s, "window" = excluded."window", window_s = excluded.window_s, queued = excluded.queued
WHERE excluded.sequence > kept.sequence;

-- name: cases_moved
-- Is any of these cases known with another business date?
SELECT EXISTS (
    SELECT FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, number text, business_date date)
    JOIN case_numbers AS known USING (hall, number)
    WHERE known.business_date <> heard.business_date
) AS moved;

-- name: move_cases
-- Take away the older states of cases that have moved to another business date.
WITH heard AS (
    SELECT DISTINCT ON (hall, number) hall, number, business_date, sequence
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, number text, business_date date, sequence bigint)
    ORDER BY hall, number, sequence DESC
), moved AS (
    SELECT hall, number, known.business_date AS was, heard.business_date
    FROM heard JOIN case_numbers AS known USING (hall, number)
    WHERE known.business_date <> heard.business_date AND NOT EXISTS (
        SELECT FROM case_facts AS kept
        WHERE kept.hall = known.hall AND kept.number = known.number AND kept.business_date = known.business_date
            AND kept.sequence >= heard.sequence)
), gone AS (
    DELETE FROM case_facts AS kept USING moved
    WHERE kept.hall = moved.hall AND kept.number = moved.number AND kept.business_date = moved.was
)
UPDATE case_numbers AS known SET business_date = moved.business_date
FROM moved WHERE known.hall = moved.hall AND known.number = moved.number;

-- name: keep_cases
-- Keep the newest state of each case of a batch; an older one than is kept changes nothing.
WITH heard AS MATERIALIZED (
    SELECT DISTINCT ON (hall, number) *
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, number text, sequence bigint, business_date date,
        department text, item text, origin text, state text, accepted_at timestamptz, accepted_hour smallint,
        decided_on date, on_time boolean, due_on date, outcome text)
    ORDER BY hall, number, sequence DESC
), numbered AS (
    INSERT INTO case_numbers (hall, number, business_date)
    SELECT hall, number, business_date FROM heard ORDER BY hall, number
    ON CONFLICT (hall, number) DO NOTHING
)
INSERT INTO case_facts AS kept (hall, number, sequence, business_date, department, item, origin, state, accepted_at,
    accepted_hour, decided_on, on_time, due_on, outcome)
SELECT heard.* FROM heard LEFT JOIN case_numbers AS known USING (hall, number)
WHERE coalesce(known.business_date, heard.business_date) = heard.business_date
ON CONFLICT (hall, business_date, number) DO UPDATE
SET sequence = excluded.sequence, department = excluded.department, item = excluded.item, origin = excluded.origin,
    state = excluded.state, accepted_at = excluded.accepted_at, accepted_hour = excluded.accepted_hour,
    decided_on = excluded.decided_on, on_time = excluded.on_time, due_on = excluded.due_on,
    outcome = excluded.outcome
WHERE excluded.sequence > kept.sequence;

-- name: keep_appointments
-- Keep the newest state of each appointment of a batch; an older one than is kept changes nothing.
INSERT INTO appointment_facts AS kept (hall, appointment, sequence, business_date, department, item, channel, state,
    booked_at, lead_s)
SELECT DISTINCT ON (hall, appointment) *
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, appointment text, sequence bigint, business_date date,
    department text, item text, channel text, state text, booked_at timestamptz, lead_s integer)
ORDER BY hall, appointment, sequence DESC
ON CONFLICT (hall, appointment) DO UPDATE
SET sequence = excluded.sequence, business_date = excluded.business_date, department = excluded.department,
    item = excluded.item, channel = excluded.channel, state = excluded.state, booked_at = excluded.booked_at,
    lead_s = excluded.lead_s
WHERE excluded.sequence > kept.sequence;

-- name: keep_overtime
-- Keep the newest figure of each stretch of overtime of a batch; an older one than is kept changes nothing.
INSERT INTO overtime_facts AS kept (hall, overtime, sequence, business_date, department, staff, minutes)
SELECT DISTINCT ON (hall, overtime) *
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, overtime text, sequence bigint, business_date date,
    department text, staff text, minutes integer)
ORDER BY hall, overtime, sequence DESC
ON CONFLICT (hall, overtime) DO UPDATE
SET sequence = excluded.sequence, business_date = excluded.business_date, department = excluded.department,
    staff = excluded.staff, minutes = excluded.minutes, import = NULL
WHERE excluded.sequence > kept.sequence;

-- name: keep_joint
-- Keep the newest state of each joint case of a batch; an older one than is kept changes nothing.
INSERT INTO joint_facts AS kept (hall, number, sequence, departments, state, opened_on, ended_on)
SELECT DISTINCT ON (hall, number) *
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, number text, sequence bigint, departments text[],
    state text, opened_on date, ended_on date)
ORDER BY hall, number, sequence DESC
ON CONFLICT (hall, number) DO UPDATE
SET sequence = excluded.sequence, departments = excluded.departments, state = excluded.state,
    opened_on = excluded.opened_on, ended_on = excluded.ended_on
WHERE excluded.sequence > kept.sequence;

-- name: keep_onsite
-- Keep the newest state of each on-site order of a batch; an older one than is kept changes nothing.
INSERT INTO onsite_facts AS kept (hall, onsite_order, sequence, business_date, department, crew, state, on_time,
    travel_s, service_s, cases)
SELECT DISTINCT ON (hall, onsite_order) *
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, onsite_order text, sequence bigint, business_date date,
    department text, crew text, state text, on_time boolean, travel_s integer, service_s integer, cases integer)
ORDER BY hall, onsite_order, sequence DESC
ON CONFLICT (hall, onsite_order) DO UPDATE
SET sequence = excluded.sequence, business_date = excluded.business_date, department = excluded.department,
    crew = excluded.crew, state = excluded.state, on_time = excluded.on_time, travel_s = excluded.travel_s,
    service_s = excluded.service_s, cases = excluded.cases
WHERE excluded.sequence > kept.sequence;

-- name: keep_names
-- Keep what something is called now; an older version than the kept one changes nothing.
INSERT INTO names AS kept (hall, kind, code, name, name_en, sequence)
SELECT DISTINCT ON (hall, kind, code) *
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS heard (hall text, kind text, code text, name text, name_en text, sequence bigint)
ORDER BY hall, kind, code, sequence DESC
ON CONFLICT (hall, kind, code) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, sequence = excluded.sequence
WHERE excluded.sequence > kept.sequence;

-- name: keep_items
-- Keep what the catalogue says of items; an older version than the kept one changes nothing.
INSERT INTO items AS kept (hall, code, department, kind, state, effective_from, sequence)
SELECT DISTINCT ON (hall, code) *
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, code text, department text, kind text, state text,
    effective_from date, sequence bigint)
ORDER BY hall, code, sequence DESC
ON CONFLICT (hall, code) DO UPDATE
SET department = excluded.department, kind = excluded.kind, state = excluded.state,
    effective_from = excluded.effective_from, sequence = excluded.sequence
WHERE excluded.sequence > kept.sequence;

-- name: keep_terms
-- Keep what items are from each day on; an older version than the kept one changes nothing.
INSERT INTO item_terms AS kept (hall, code, terms, sequence)
SELECT DISTINCT ON (hall, code) *
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, code text, terms jsonb, sequence bigint)
ORDER BY hall, code, sequence DESC
ON CONFLICT (hall, code) DO UPDATE SET terms = excluded.terms, sequence = excluded.sequence
WHERE excluded.sequence > kept.sequence;

-- name: keep_calendar
-- Keep the days of a year that break the week; an older version than the kept one changes nothing.
INSERT INTO calendar_years AS kept (hall, year, workdays, holidays, sequence)
SELECT DISTINCT ON (hall, year) *
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS heard (hall text, year integer, workdays date[], holidays date[], sequence bigint)
ORDER BY hall, year, sequence DESC
ON CONFLICT (hall, year) DO UPDATE
SET workdays = excluded.workdays, holidays = excluded.holidays, sequence = excluded.sequence
WHERE excluded.sequence > kept.sequence;

-- name: keep_departments
-- Keep what the catalogue says of departments; an older version than the kept one changes nothing.
INSERT INTO departments AS kept (hall, code, offers_three_services, sequence)
SELECT DISTINCT ON (hall, code) *
FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS heard (hall text, code text, offers_three_services boolean, sequence bigint)
ORDER BY hall, code, sequence DESC
ON CONFLICT (hall, code) DO UPDATE
SET offers_three_services = excluded.offers_three_services, sequence = excluded.sequence
WHERE excluded.sequence > kept.sequence;

-- name: note_seen
-- Note up to when a service was heard.
INSERT INTO events_seen AS kept (hall, source, newest_at, position)
SELECT hall, source, max(newest_at), max(position)
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, source text, newest_at timestamptz, position bigint)
GROUP BY hall, source
ORDER BY hall, source
ON CONFLICT (hall, source) DO UPDATE
SET newest_at = greatest(kept.newest_at, excluded.newest_at), position = greatest(kept.position, excluded.position)
WHERE excluded.newest_at > kept.newest_at OR excluded.position > kept.position;

-- name: keep_windows
-- Keep when windows were open; an older state than is kept changes nothing.
INSERT INTO window_facts AS kept (hall, "window", signed_in_at, sequence, business_date, department, queues, left_at)
SELECT DISTINCT ON (hall, "window", signed_in_at) hall, "window", signed_in_at, sequence, business_date, department,
    queues, left_at
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, "window" text, signed_in_at timestamptz, sequence bigint,
    business_date date, department text, queues text[], left_at timestamptz)
ORDER BY hall, "window", signed_in_at, sequence DESC
ON CONFLICT (hall, "window", signed_in_at) DO UPDATE
SET sequence = excluded.sequence, business_date = excluded.business_date, department = excluded.department,
    queues = excluded.queues, left_at = excluded.left_at
WHERE excluded.sequence > kept.sequence;

-- name: keep_evaluations
-- Keep the newest state of each evaluation of a batch; an older one than is kept changes nothing.
INSERT INTO evaluation_facts AS kept (hall, ticket, sequence, business_date, department, item, level, follow_up)
SELECT DISTINCT ON (hall, ticket) *
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, ticket text, sequence bigint, business_date date,
    department text, item text, level smallint, follow_up text)
ORDER BY hall, ticket, sequence DESC
ON CONFLICT (hall, ticket) DO UPDATE
SET sequence = excluded.sequence, business_date = excluded.business_date, department = excluded.department,
    item = excluded.item, level = excluded.level, follow_up = excluded.follow_up
WHERE excluded.sequence > kept.sequence;

-- name: keep_commendations
-- Keep the newest state of each commendation of a batch; an older one than is kept changes nothing. What quality tells
-- of is no longer a row of a file.
INSERT INTO commendation_facts AS kept (hall, commendation, sequence, department, kind, received_on, withdrawn)
SELECT DISTINCT ON (hall, commendation) *
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, commendation uuid, sequence bigint, department text,
    kind text, received_on date, withdrawn boolean)
ORDER BY hall, commendation, sequence DESC
ON CONFLICT (hall, commendation) DO UPDATE
SET sequence = excluded.sequence, department = excluded.department, kind = excluded.kind,
    received_on = excluded.received_on, withdrawn = excluded.withdrawn, note_digest = NULL, import = NULL
WHERE excluded.sequence > kept.sequence;

-- name: keep_staff
-- Keep the newest state of accounts of the staff; an older one than is kept changes nothing.
INSERT INTO staff AS kept (hall, username, department, role, active, sequence)
SELECT DISTINCT ON (hall, username) hall, username, department, role, active, sequence
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, username text, department text, role text, active boolean,
    sequence bigint)
ORDER BY hall, username, sequence DESC
ON CONFLICT (hall, username) DO UPDATE
SET department = excluded.department, role = excluded.role, active = excluded.active, sequence = excluded.sequence
WHERE excluded.sequence > kept.sequence;

-- name: calendar
-- The days that break the week, of each year the hall's calendar knows.
SELECT year, workdays, holidays FROM calendar_years WHERE hall = %(hall)s;

-- name: copies
-- How many items and how much window staff is known of.
SELECT (SELECT count(*) FROM items WHERE hall = %(hall)s) AS items,
    (SELECT count(*) FROM staff WHERE hall = %(hall)s AND role = 'clerk') AS staff;
