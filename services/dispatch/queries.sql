-- name: keep_department
-- Copy a department unless a newer copy is here.
INSERT INTO departments AS mine (hall, code, offers_three_services, sequence) VALUES (%(hall)s, %(code)s, %(offers_three_services)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET offers_three_services = excluded.offers_three_services, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: keep_item
-- Copy an item unless a newer copy is here.
INSERT INTO items AS mine (hall, code, department, service_seconds, state, sequence)
VALUES (%(hall)s, %(code)s, %(department)s, %(service_seconds)s, %(state)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET department = excluded.department, service_seconds = excluded.service_seconds,
    state = excluded.state, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: keep_terms
-- Copy what an item is from each day on unless a newer copy is here.
INSERT INTO item_terms AS mine (hall, code, terms, sequence) VALUES (%(hall)s, %(code)s, %(terms)s::jsonb, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET terms = excluded.terms, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: note_change
-- Note that something changed that may touch what was promised.
INSERT INTO changes AS mine (hall, heard) VALUES (%(hall)s, 1) ON CONFLICT (hall) DO UPDATE SET heard = mine.heard + 1;

-- name: take_change
-- Take upon oneself to work out what was noted so far; nobody notes more until the transaction ends.
DELETE FROM changes WHERE hall = %(hall)s RETURNING heard;

-- name: lock_promises
-- Change what promises rest on while nobody is promised anything.
SELECT pg_advisory_xact_lock(hashtextextended('promises:' || %(hall)s, 0));

-- name: share_promises
-- Keep what promises rest on as it is until the transaction ends.
SELECT pg_advisory_xact_lock_shared(hashtextextended('promises:' || %(hall)s, 0));

-- name: promised
-- Orders that wait for their day, from one on, locked in id order.
SELECT * FROM orders
WHERE hall = %(hall)s AND day >= %(today)s AND state IN ('requested', 'screened', 'scheduled', 'assigned')
ORDER BY id FOR UPDATE;

-- name: waiting_visits
-- Orders that wait for their day, from one on.
SELECT * FROM orders
WHERE hall = %(hall)s AND day >= %(since)s AND state IN ('requested', 'screened', 'scheduled', 'assigned') ORDER BY id;

-- name: follow_item
-- An order is its item's new department's.
UPDATE orders SET department = %(department)s, terms = %(terms)s WHERE hall = %(hall)s AND id = %(id)s;

-- name: keep_hours
-- Copy the opening hours unless newer ones are here.
INSERT INTO hours AS mine (hall, rows, sequence) VALUES (%(hall)s, %(rows)s::jsonb, %(sequence)s)
ON CONFLICT (hall) DO UPDATE SET rows = excluded.rows, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: keep_closure
-- Copy a closure unless a newer copy is here.
INSERT INTO closures AS mine (hall, id, department, "window", starts_at, ends_at, sequence)
VALUES (%(hall)s, %(id)s, %(department)s, %(window)s, %(starts_at)s, %(ends_at)s, %(sequence)s)
ON CONFLICT (hall, id) DO UPDATE SET ends_at = excluded.ends_at, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: list_closures
-- The closures that were not called off.
SELECT id, department, "window", starts_at, ends_at FROM closures WHERE hall = %(hall)s AND ends_at > starts_at;

-- name: keep_calendar
-- Copy a year of the calendar unless a newer copy is here.
INSERT INTO calendar_years AS mine (hall, year, days, sequence) VALUES (%(hall)s, %(year)s, %(days)s::jsonb, %(sequence)s)
ON CONFLICT (hall, year) DO UPDATE SET days = excluded.days, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: find_hours
-- The opening hours of the hall.
SELECT rows FROM hours WHERE hall = %(hall)s;

-- name: list_calendar
-- The days that break the week.
SELECT days FROM calendar_years WHERE hall = %(hall)s;

-- name: count_items
-- How many items have been heard of.
SELECT count(*) AS items FROM items WHERE hall = %(hall)s;

-- name: find_item
-- An item by stretches of days, and whether it is offered at the applicant's place then.
SELECT item.code, item.department, item.service_seconds, item.state = 'active' AS active,
    coalesce(departments.offers_three_services, false) AS on_site, item.since, item.until
FROM item_periods AS item LEFT JOIN departments ON departments.hall = item.hall AND departments.code = item.department
WHERE item.hall = %(hall)s AND item.code = %(code)s ORDER BY item.since;

-- name: find_department
-- Whether a department visits people.
SELECT offers_three_services FROM departments WHERE hall = %(hall)s AND code = %(code)s;

-- name: save_crew
-- Store a crew.
INSERT INTO crews (hall, code, name, name_en, department, members, least_members, departments, items, shifts, lat, lon,
    capacity, days_off, breaks, version)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(department)s, %(members)s, %(least_members)s, %(departments)s,
    %(items)s, %(shifts)s::jsonb, %(lat)s, %(lon)s, %(capacity)s, %(days_off)s, %(breaks)s::jsonb, %(version)s)
ON CONFLICT (hall, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
    department = excluded.department, members = excluded.members, least_members = excluded.least_members,
    departments = excluded.departments, items = excluded.items, shifts = excluded.shifts, lat = excluded.lat,
    lon = excluded.lon, capacity = excluded.capacity, days_off = excluded.days_off, breaks = excluded.breaks,
    version = excluded.version;

-- name: list_crews
-- The crews of the hall, with their absences that are not over on a day.
SELECT crews.*, (SELECT coalesce(jsonb_agg(jsonb_build_object('member', member, 'first', first, 'last', last,
        'reason', reason) ORDER BY id), '[]')
    FROM crew_absences WHERE crew_absences.hall = crews.hall AND crew = code AND last >= %(since)s) AS absences
FROM crews WHERE hall = %(hall)s ORDER BY code;

-- name: lock_crew
-- One crew, kept from other changes, with its absences that are not over on a day.
SELECT crews.*, (SELECT coalesce(jsonb_agg(jsonb_build_object('member', member, 'first', first, 'last', last,
        'reason', reason) ORDER BY id), '[]')
    FROM crew_absences WHERE crew_absences.hall = crews.hall AND crew = code AND last >= %(since)s) AS absences
FROM crews WHERE hall = %(hall)s AND code = %(code)s FOR UPDATE OF crews;

-- name: assigned_days
-- The days, from one on, on which a crew has visits that it has not begun.
SELECT DISTINCT day FROM orders
WHERE hall = %(hall)s AND crew = %(crew)s AND day >= %(since)s AND state = 'assigned' ORDER BY day;

-- name: lock_crew_code
-- Keep others from making or changing a crew of a code until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('crew:' || %(hall)s || ':' || %(code)s, 0));

-- name: add_absence
-- Note that a member, or the crew, is not there.
INSERT INTO crew_absences (hall, crew, member, first, last, reason, noted_at, noted_by)
VALUES (%(hall)s, %(crew)s, %(member)s, %(first)s, %(last)s, %(reason)s, %(at)s, %(by)s);

-- name: lock_person
-- Keep others from ordering for a person until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(%(phone_hash)s, 0));

-- name: try_job
-- Let one copy at a time do a job.
SELECT pg_try_advisory_xact_lock(hashtextextended('job:' || %(job)s, 0)) AS got;

-- name: open_orders
-- How many orders of a person are open.
SELECT count(*) AS open FROM orders
WHERE hall = %(hall)s AND phone_hash = %(phone_hash)s AND ended_at IS NULL AND day >= %(today)s;

-- name: add_order
-- Store a new order with its first state; no row when its reference is taken.
WITH added AS (
    INSERT INTO orders (hall, id, reference, state, item, department, channel, window_from, window_to, day, priority,
        service_seconds, cases, language, phone_hash, name_sealed, phone_sealed, address_sealed, name_masked,
        phone_masked, address_masked, lat, lon, created_at, version, terms)
    VALUES (%(hall)s, %(id)s, %(reference)s, %(state)s, %(item)s, %(department)s, %(channel)s, %(window_from)s,
        %(window_to)s, %(day)s, %(priority)s, %(service_seconds)s, %(cases)s, %(language)s, %(phone_hash)s,
        %(name_sealed)s, %(phone_sealed)s, %(address_sealed)s, %(name)s, %(phone)s, %(address)s, %(lat)s, %(lon)s,
        %(created_at)s, %(version)s, %(terms)s)
    ON CONFLICT (hall, reference) DO NOTHING
    RETURNING hall, id, version, state, created_at
)
INSERT INTO order_states (hall, "order", version, state, by, entered_at)
SELECT hall, id, version, state, %(by)s, created_at FROM added
RETURNING "order";

-- name: change_order
-- Store an order in its next state; what is heard late makes no negative stay.
WITH ended AS (
    UPDATE order_states SET left_at = greatest(entered_at, %(at)s)
    WHERE hall = %(hall)s AND "order" = %(id)s AND left_at IS NULL RETURNING hall, "order", left_at
), entered AS (
    INSERT INTO order_states (hall, "order", version, state, by, entered_at)
    SELECT hall, "order", %(version)s, %(state)s, %(by)s, left_at FROM ended
)
UPDATE orders SET state = %(state)s, window_from = %(window_from)s, window_to = %(window_to)s, day = %(day)s,
    service_seconds = %(service_seconds)s, crew = %(crew)s, plan = %(plan)s, arrives_at = %(arrives_at)s,
    leaves_at = %(leaves_at)s, departed_at = %(departed_at)s, arrived_at = %(arrived_at)s, ended_at = %(ended_at)s,
    reason = %(reason)s, cases = %(cases)s, version = %(version)s, terms = %(terms)s, department = %(department)s,
    displaced = %(displaced)s, crew_before = %(crew_before)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: state_since
-- Since when an order is in its state; another crew or time does not begin it anew.
SELECT min(entered_at) AS since FROM order_states
WHERE hall = %(hall)s AND "order" = %(id)s AND version > coalesce((
    SELECT max(version) FROM order_states
    WHERE hall = %(hall)s AND "order" = %(id)s AND state <> %(state)s), 0);

-- name: find_order
-- One order.
SELECT * FROM orders WHERE hall = %(hall)s AND id = %(id)s;

-- name: lock_order
-- One order, locked.
SELECT * FROM orders WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: lock_orders
-- Orders, locked in id order.
SELECT * FROM orders WHERE hall = %(hall)s AND id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE;

-- name: find_reference
-- One order by its reference.
SELECT * FROM orders WHERE hall = %(hall)s AND reference = %(reference)s;

-- name: list_orders
-- Orders, the newest first, after the one where the last page ended.
SELECT * FROM orders
WHERE hall = %(hall)s AND (%(phone_hash)s::text IS NULL OR phone_hash = %(phone_hash)s)
    AND (%(date)s::date IS NULL OR day = %(date)s) AND (%(department)s::text IS NULL OR department = %(department)s)
    AND (%(state)s::text IS NULL OR state = %(state)s)
    AND (%(cursor)s::uuid IS NULL OR (created_at, id) < (
        SELECT created_at, id FROM orders WHERE hall = %(hall)s AND id = %(cursor)s))
ORDER BY created_at DESC, id DESC LIMIT %(limit)s;

-- name: list_overdue
-- Orders whose time is over or that cannot be kept as promised, the oldest first; what is on a crew's route only from the
-- day after on, since it may be late.
SELECT * FROM orders
WHERE hall = %(hall)s AND state IN ('requested', 'screened', 'scheduled', 'assigned', 'en_route', 'on_site')
    AND (displaced OR window_to < %(at)s AND (day < %(today)s OR state IN ('requested', 'screened', 'scheduled')))
    AND (%(cursor)s::uuid IS NULL OR (window_to, id) > (
        SELECT window_to, id FROM orders WHERE hall = %(hall)s AND id = %(cursor)s))
ORDER BY window_to, id LIMIT %(limit)s;

-- name: keep_case_number
-- Note the number of a case that was accepted at a visit.
UPDATE orders SET case_numbers = case_numbers || jsonb_build_object(%(number)s::text, %(item)s::text)
WHERE hall = %(hall)s AND id = %(onsite_order)s;

-- name: route_of_crew
-- A crew's visits of a day in the order in which they are, or were, begun, after one of an earlier day that it has not
-- ended: it makes no other before. With those that were called off while it had them, so that it hears of that.
SELECT * FROM (
    SELECT * FROM orders
    WHERE hall = %(hall)s AND crew = %(crew)s
        AND (day = %(day)s OR (day < %(day)s AND state IN ('en_route', 'on_site')))
    UNION ALL
    SELECT * FROM orders WHERE hall = %(hall)s AND crew_before = %(crew)s AND day = %(day)s
) AS visits
ORDER BY departed_at NULLS LAST, arrives_at, id;

-- name: underway
-- The visits that are under way.
SELECT id, reference FROM orders WHERE hall = %(hall)s AND crew = %(crew)s AND state IN ('en_route', 'on_site');

-- name: note_access
-- Note who saw a person's data; what is looked at again on the same day for the same purpose is noted once.
INSERT INTO personal_accesses (hall, "order", by, roles, purpose, day, at)
SELECT %(hall)s, %(id)s, %(by)s::text, %(roles)s::text[], %(purpose)s, %(day)s::date, %(at)s
WHERE NOT EXISTS (
    SELECT FROM personal_accesses
    WHERE hall = %(hall)s AND "order" = %(id)s AND day = %(day)s AND by IS NOT DISTINCT FROM %(by)s::text
        AND purpose = %(purpose)s);

-- name: erase_persons
-- Forget the persons of orders that ended, or should have, long ago.
UPDATE orders SET phone_hash = NULL, name_sealed = NULL, phone_sealed = NULL, address_sealed = NULL,
    name_masked = NULL, phone_masked = NULL, address_masked = NULL, lat = NULL, lon = NULL, erased_at = %(at)s
WHERE (hall, id) IN (
    SELECT hall, id FROM orders
    WHERE hall = %(hall)s AND erased_at IS NULL AND coalesce(ended_at, window_to) < %(before)s
    LIMIT %(limit)s FOR UPDATE SKIP LOCKED);

-- name: sealed_before
-- Orders whose person is sealed under an older key.
SELECT id::text AS id, name_sealed, phone_sealed, address_sealed FROM orders
WHERE hall = %(hall)s AND erased_at IS NULL AND NOT starts_with(phone_sealed, %(active)s || ':')
LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- name: seal_again
-- Store a person sealed under the active key.
UPDATE orders SET name_sealed = %(name_sealed)s, phone_sealed = %(phone_sealed)s, address_sealed = %(address_sealed)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: sealed_under
-- Sealed rows by the id of their key.
SELECT split_part(phone_sealed, ':', 1) AS key, count(*) AS rows FROM orders WHERE phone_sealed IS NOT NULL
GROUP BY 1 ORDER BY 1;

-- name: orders_of_day
-- The orders of a date that are not cancelled, by id, with those whose crew was called back, since it is out there.
SELECT * FROM orders
WHERE hall = %(hall)s AND day = %(day)s AND state <> 'requested' AND (state <> 'cancelled' OR departed_at IS NOT NULL)
ORDER BY id;

-- name: lock_day
-- Keep others from publishing a plan of a date until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('plan:' || %(hall)s || ':' || %(day)s::date, 0));

-- name: add_plan
-- Store a new plan, and put it in the planners' queue.
WITH added AS (
    INSERT INTO plans (hall, id, date, state, seed, seconds, requested_at, requested_by, reasons, attempts, routes,
        unserved, moved, current)
    VALUES (%(hall)s, %(id)s, %(date)s, %(state)s, %(seed)s, %(seconds)s, %(requested_at)s, %(requested_by)s,
        %(reasons)s, 0, '[]', '[]', '[]', false)
    RETURNING hall, id, requested_at
)
INSERT INTO plan_work (hall, plan, queued_at) SELECT hall, id, requested_at FROM added;

-- name: lock_redraft
-- Keep others from having a date drafted anew until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('redraft:' || %(hall)s || ':' || %(day)s::date, 0));

-- name: join_queued
-- Add a reason to the plan of a date that waits and that no planner has begun.
UPDATE plans SET reasons = array_append(array_remove(reasons, %(reason)s), %(reason)s)
WHERE state = 'queued' AND (hall, id) = (
    SELECT hall, id FROM plans
    WHERE hall = %(hall)s AND date = %(date)s AND state = 'queued' ORDER BY requested_at, id LIMIT 1)
RETURNING *;

-- name: take_work
-- Take the plan that waits longest and that nobody else solves; its row is held until the result is stored.
DELETE FROM plan_work WHERE (hall, plan) IN (
    SELECT hall, plan FROM plan_work ORDER BY queued_at, plan LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING hall, plan;

-- name: waiting_plans
-- How many plans wait for a planner or are being solved, and since when the oldest does.
SELECT count(*) AS waiting, min(queued_at) AS oldest FROM plan_work WHERE hall = %(hall)s;

-- name: find_plan
-- One plan.
SELECT * FROM plans WHERE hall = %(hall)s AND id = %(id)s;

-- name: lock_plan
-- One plan, locked.
SELECT * FROM plans WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: current_plan
-- The plan of a date that holds.
SELECT id FROM plans WHERE hall = %(hall)s AND date = %(date)s AND current;

-- name: newest_plans
-- Of each day from one on the plan that was asked for last and can be had; one that is being made may not know the newest.
SELECT DISTINCT ON (date) * FROM plans
WHERE hall = %(hall)s AND date >= %(since)s AND state NOT IN ('solving', 'failed') ORDER BY date, requested_at DESC, id;

-- name: list_plans
-- Plans of a date or all, the newest first, after the one where the last page ended.
SELECT * FROM plans
WHERE hall = %(hall)s AND (%(date)s::date IS NULL OR date = %(date)s)
    AND (%(cursor)s::uuid IS NULL OR (requested_at, id) < (
        SELECT requested_at, id FROM plans WHERE hall = %(hall)s AND id = %(cursor)s))
ORDER BY requested_at DESC, id DESC LIMIT %(limit)s;

-- name: save_plan
-- Store what became of a plan.
UPDATE plans SET state = %(state)s, attempts = %(attempts)s, routes = %(routes)s::jsonb,
    unserved = %(unserved)s::jsonb, moved = %(moved)s::jsonb, basis = %(basis)s::jsonb,
    progress = %(progress)s::jsonb, fault = %(fault)s, solved_at = %(solved_at)s, published_at = %(published_at)s,
    published_by = %(published_by)s, current = %(current)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: retire_plan
-- The plan of a date that held does so no longer.
UPDATE plans SET current = false WHERE hall = %(hall)s AND date = %(date)s AND current;

-- name: keep_in_plan
-- Orders that a new plan leaves as they are.
UPDATE orders SET plan = %(plan)s WHERE hall = %(hall)s AND id = ANY(%(ids)s::uuid[]);
