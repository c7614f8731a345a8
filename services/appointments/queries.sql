-- name: keep_department
-- Copy a department unless a newer copy is here.
INSERT INTO departments AS mine (hall, code, offers_three_services, sequence) VALUES (%(hall)s, %(code)s, %(offers_three_services)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET offers_three_services = excluded.offers_three_services, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: keep_item
-- Copy an item unless a newer copy is here.
INSERT INTO items AS mine (hall, code, department, state, sequence) VALUES (%(hall)s, %(code)s, %(department)s, %(state)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET department = excluded.department, state = excluded.state, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: keep_terms
-- Copy what an item is from each day on unless a newer copy is here.
INSERT INTO item_terms AS mine (hall, code, terms, sequence) VALUES (%(hall)s, %(code)s, %(terms)s::jsonb, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET terms = excluded.terms, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: note_change
-- Note that something changed that may touch what was promised.
INSERT INTO changes AS mine (hall, heard) VALUES (%(hall)s, 1) ON CONFLICT (hall) DO UPDATE SET heard = mine.heard + 1;

-- name: change_waits
-- Whether consequences of a change are to be worked out.
SELECT EXISTS (SELECT FROM changes WHERE hall = %(hall)s)
    OR EXISTS (SELECT FROM slot_plans WHERE hall = %(hall)s AND made_to IS NULL) AS waits;

-- name: take_change
-- Take upon oneself to work out what was noted so far.
DELETE FROM changes WHERE hall = %(hall)s;

-- name: lock_settling
-- Work out consequences one at a time: all of a change is applied before anybody is told.
SELECT pg_advisory_xact_lock(hashtextextended('settle:' || %(hall)s, 0));

-- name: lock_catalogue
-- Change the copy of the catalogue while nobody books by it.
SELECT pg_advisory_xact_lock(hashtextextended('catalogue:' || %(hall)s, 0));

-- name: share_catalogue
-- Keep the copy of the catalogue as it is until the transaction ends.
SELECT pg_advisory_xact_lock_shared(hashtextextended('catalogue:' || %(hall)s, 0));

-- name: keep_hours
-- Copy the opening hours unless newer ones are here.
INSERT INTO hours AS mine (hall, rows, sequence) VALUES (%(hall)s, %(rows)s::jsonb, %(sequence)s)
ON CONFLICT (hall) DO UPDATE SET rows = excluded.rows, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: keep_calendar
-- Copy a year of the calendar unless a newer copy is here.
INSERT INTO calendar_years AS mine (hall, year, days, sequence) VALUES (%(hall)s, %(year)s, %(days)s::jsonb, %(sequence)s)
ON CONFLICT (hall, year) DO UPDATE SET days = excluded.days, sequence = excluded.sequence
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

-- name: keep_window
-- Copy a window unless a newer copy is here.
INSERT INTO windows AS mine (hall, code, department, sequence) VALUES (%(hall)s, %(code)s, %(department)s, %(sequence)s)
ON CONFLICT (hall, code) DO UPDATE SET department = excluded.department, sequence = excluded.sequence
WHERE excluded.sequence > mine.sequence;

-- name: find_department
-- Whether a department offers appointments and extended hours.
SELECT offers_three_services FROM departments WHERE hall = %(hall)s AND code = %(code)s;

-- name: windows_of_department
-- Which of some windows are a department's.
SELECT code FROM windows WHERE hall = %(hall)s AND department = %(department)s AND code = ANY(%(codes)s);

-- name: items_of_department
-- Which of some items are a department's, today or on a later day.
SELECT DISTINCT code FROM item_periods
WHERE hall = %(hall)s AND department = %(department)s AND code = ANY(%(codes)s) AND until > %(today)s;

-- name: find_hours
-- The opening hours of the hall.
SELECT rows FROM hours WHERE hall = %(hall)s;

-- name: list_calendar
-- The days that break the week.
SELECT days FROM calendar_years WHERE hall = %(hall)s;

-- name: find_items
-- Items by stretches of days from one on: whether their department takes appointments then, and whether a plan names them.
SELECT item.code, item.department, item.state = 'active' AS active, item.since, item.until,
    coalesce(departments.offers_three_services, false) AS offers,
    coalesce(departments.offers_three_services, false) AND EXISTS (
        SELECT FROM slot_plans WHERE slot_plans.hall = item.hall AND slot_plans.department = item.department
            AND (slot_plans.items = '{}' OR item.code = ANY(slot_plans.items)) AND slot_plans.valid_from < item.until
            AND coalesce(valid_to >= greatest(item.since, %(today)s::date), true)) AS bookable
FROM unnest(%(codes)s::text[]) AS wanted (code)
JOIN LATERAL (SELECT * FROM item_periods WHERE hall = %(hall)s AND code = wanted.code OFFSET 0) AS item ON true
LEFT JOIN departments ON departments.hall = item.hall AND departments.code = item.department
ORDER BY item.code, item.since;

-- name: save_plan
-- Store a plan; its slots are to be made anew.
INSERT INTO slot_plans (hall, code, department, items, weekdays, starts, ends, slot_minutes, capacity, web_quota, phone_quota, window_quota,
    valid_from, valid_to)
VALUES (%(hall)s, %(code)s, %(department)s, %(items)s, %(weekdays)s, %(starts)s, %(ends)s, %(slot_minutes)s,
    %(capacity)s, %(web_quota)s, %(phone_quota)s, %(window_quota)s, %(valid_from)s, %(valid_to)s)
ON CONFLICT (hall, code) DO UPDATE SET department = excluded.department, items = excluded.items,
    weekdays = excluded.weekdays, starts = excluded.starts, ends = excluded.ends,
    slot_minutes = excluded.slot_minutes, capacity = excluded.capacity, web_quota = excluded.web_quota,
    phone_quota = excluded.phone_quota, window_quota = excluded.window_quota, valid_from = excluded.valid_from,
    valid_to = excluded.valid_to, made_to = NULL;

-- name: list_plans
-- The plans of the hall or a department.
SELECT * FROM plan_rows
WHERE hall = %(hall)s AND (%(department)s::text IS NULL OR department = %(department)s) ORDER BY code;

-- name: lock_plan
-- One plan, kept from other changes.
SELECT * FROM plan_rows WHERE hall = %(hall)s AND code = %(code)s FOR UPDATE;

-- name: plans_to_make
-- Plans whose slots do not reach far enough.
SELECT code FROM slot_plans WHERE hall = %(hall)s AND made_to < %(until)s ORDER BY code;

-- name: lock_stale_plans
-- The plans whose slots are to be made anew, kept from other changes.
SELECT * FROM plan_rows WHERE hall = %(hall)s
    AND code IN (SELECT code FROM slot_plans WHERE hall = %(hall)s AND made_to IS NULL)
ORDER BY code FOR UPDATE;

-- name: plan_made
-- Note up to which day a plan's slots are made.
UPDATE slot_plans SET made_to = %(until)s WHERE hall = %(hall)s AND code = %(code)s;

-- name: plans_stale
-- Have all slots made anew: hours or calendar changed.
UPDATE slot_plans SET made_to = NULL WHERE hall = %(hall)s AND made_to IS NOT NULL;

-- name: lock_to_settle
-- The slots of plans that have not begun, and some others, locked in id order.
SELECT * FROM slot_rows
WHERE hall = %(hall)s AND (plan = ANY(%(plans)s) AND starts_at > %(at)s OR id = ANY(%(ids)s::uuid[])) ORDER BY id FOR UPDATE;

-- name: add_slot
-- Store a new slot.
INSERT INTO slots (hall, id, plan, department, items, starts_at, ends_at, capacity, web_quota, phone_quota, window_quota)
VALUES (%(hall)s, %(id)s, %(plan)s, %(department)s, %(items)s, %(starts_at)s, %(ends_at)s, %(capacity)s, %(web_quota)s,
    %(phone_quota)s, %(window_quota)s)
ON CONFLICT (hall, plan, starts_at) DO NOTHING;

-- name: save_slot
-- Change a slot's measure.
UPDATE slots SET department = %(department)s, items = %(items)s, ends_at = %(ends_at)s, capacity = %(capacity)s, web_quota = %(web_quota)s,
    phone_quota = %(phone_quota)s, window_quota = %(window_quota)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: find_slot
-- One slot.
SELECT * FROM slot_rows WHERE hall = %(hall)s AND id = %(id)s;

-- name: lock_slots
-- Slots, locked in id order.
SELECT * FROM slot_rows WHERE hall = %(hall)s AND id = ANY(%(ids)s::uuid[]) ORDER BY id FOR UPDATE;

-- name: list_slots
-- Slots of an item between two moments.
SELECT * FROM slot_rows
WHERE hall = %(hall)s AND department = %(department)s AND (items = '{}' OR %(item)s = ANY(items))
    AND starts_at > %(since)s AND starts_at < %(until)s AND capacity > 0
ORDER BY starts_at, id;

-- name: slots_of_day
-- All slots between two moments, of a department or of all, in which there are places or were.
SELECT * FROM slot_rows
WHERE hall = %(hall)s AND department = coalesce(%(department)s, department)
    AND starts_at >= %(since)s AND starts_at < %(until)s
    AND (capacity > 0 OR web_booked + phone_booked + window_booked > 0)
ORDER BY department, starts_at, id;

-- name: nearest_slots
-- The slots with a place for a channel that are nearest to a moment.
SELECT * FROM slot_rows
WHERE hall = %(hall)s AND department = %(department)s AND (items = '{}' OR %(item)s = ANY(items))
    AND starts_at > %(at)s AND id IS DISTINCT FROM %(besides)s::uuid AND starts_at >= %(since)s AND starts_at < %(until)s
    AND has_place(slot_rows, %(channel)s)
ORDER BY abs(extract(epoch FROM starts_at - %(near)s)), id LIMIT 3;

-- name: take_place
-- Take a place for an item and a channel, from its quota or the shared ones; no row when there is none, or when the slot is
-- another department's or for other items by now.
UPDATE slot_rows SET web_booked = web_booked + (%(channel)s = 'web')::int,
    phone_booked = phone_booked + (%(channel)s = 'phone')::int,
    window_booked = window_booked + (%(channel)s = 'window')::int
WHERE hall = %(hall)s AND id = %(id)s AND has_place(slot_rows, %(channel)s)
    AND department = %(department)s AND (items = '{}' OR %(item)s = ANY(items))
RETURNING id;

-- name: free_place
-- Give a place back at once.
UPDATE slots SET web_booked = web_booked - (%(channel)s = 'web')::int,
    phone_booked = phone_booked - (%(channel)s = 'phone')::int,
    window_booked = window_booked - (%(channel)s = 'window')::int
WHERE hall = %(hall)s AND id = %(id)s;

-- name: withhold_place
-- Give a place back, from a later moment on.
WITH moved AS (
    UPDATE slots SET web_booked = web_booked - (%(channel)s = 'web')::int,
        phone_booked = phone_booked - (%(channel)s = 'phone')::int,
        window_booked = window_booked - (%(channel)s = 'window')::int,
        web_withheld = web_withheld + (%(channel)s = 'web')::int,
        phone_withheld = phone_withheld + (%(channel)s = 'phone')::int,
        window_withheld = window_withheld + (%(channel)s = 'window')::int
    WHERE hall = %(hall)s AND id = %(id)s RETURNING hall, id
)
INSERT INTO withheld_places (hall, slot, channel, release_at)
SELECT hall, id, %(channel)s, %(release_at)s FROM moved;

-- name: places_due
-- Withheld places whose moment has come.
SELECT id, slot::text AS slot FROM withheld_places
WHERE hall = %(hall)s AND release_at <= %(at)s ORDER BY release_at LIMIT %(limit)s;

-- name: withheld_in_slot
-- Withheld places of a slot, the last to come back first.
SELECT id, slot::text AS slot FROM withheld_places
WHERE hall = %(hall)s AND slot = %(slot)s ORDER BY release_at DESC, id LIMIT %(limit)s;

-- name: release_place
-- Make a withheld place of a locked slot free; no row when that is done.
WITH gone AS (
    DELETE FROM withheld_places WHERE hall = %(hall)s AND id = %(id)s RETURNING hall, slot, channel
)
UPDATE slots SET web_withheld = web_withheld - (channel = 'web')::int,
    phone_withheld = phone_withheld - (channel = 'phone')::int,
    window_withheld = window_withheld - (channel = 'window')::int
FROM gone WHERE slots.hall = gone.hall AND slots.id = gone.slot
RETURNING slots.id;

-- name: lock_person
-- Keep others from booking for a person until the transaction ends; always before any slot.
SELECT pg_advisory_xact_lock(hashtextextended(%(phone_hash)s, 0));

-- name: try_person
-- The same without waiting, for jobs: tells whether it succeeded.
SELECT pg_try_advisory_xact_lock(hashtextextended(%(phone_hash)s, 0)) AS got;

-- name: try_job
-- Let one copy at a time do a job.
SELECT pg_try_advisory_xact_lock(hashtextextended('job:' || %(job)s, 0)) AS got;

-- name: person_record
-- What counts for a person's limits, but for one appointment; a wish that is given up has cost nobody a place.
WITH mine AS (
    SELECT id, state, item, day, wanted_to, slot, version FROM appointments
    WHERE hall = %(hall)s AND phone_hash = %(phone_hash)s AND id IS DISTINCT FROM %(besides)s::uuid
), ended AS (
    SELECT state, entered_at FROM (
        SELECT state, (
            SELECT entered_at FROM appointment_states
            WHERE hall = %(hall)s AND appointment = mine.id AND appointment_states.version = mine.version
        ) AS entered_at FROM mine WHERE state IN ('no_show', 'cancelled') AND slot IS NOT NULL
    ) AS endings WHERE entered_at > %(since)s
)
SELECT count(*) FILTER (WHERE state IN ('held', 'booked', 'offered', 'checked_in') AND day >= %(today)s) AS live,
    count(*) FILTER (WHERE state IN ('held', 'booked', 'offered', 'checked_in') AND day = %(day)s
        AND item = %(item)s) AS same,
    count(*) FILTER (WHERE state = 'waitlisted' AND item = %(item)s AND wanted_to >= %(today)s) AS wishes,
    ARRAY(SELECT entered_at FROM ended WHERE state = 'no_show') AS no_shows,
    ARRAY(SELECT entered_at FROM ended WHERE state = 'cancelled') AS cancellations
FROM mine;

-- name: add_appointment
-- Store a new appointment with its first state and event; no row when its reference is taken.
WITH added AS (
    INSERT INTO appointments (hall, id, reference, state, item, department, channel, slot, starts_at, ends_at, day,
        until, wanted_from, wanted_to, booked_at, rescheduled_from, warning, language, phone_hash, name_sealed,
        phone_sealed, name_masked, phone_masked, created_at, version)
    VALUES (%(hall)s, %(id)s, %(reference)s, %(state)s, %(item)s, %(department)s, %(channel)s, %(slot)s, %(starts_at)s,
        %(ends_at)s, %(day)s, %(until)s, %(wanted_from)s, %(wanted_to)s, %(booked_at)s, %(rescheduled_from)s,
        %(warning)s, %(language)s, %(phone_hash)s, %(name_sealed)s, %(phone_sealed)s, %(name)s, %(phone)s,
        %(created_at)s, %(version)s)
    ON CONFLICT (hall, reference) DO NOTHING
    RETURNING hall, id, version, state, created_at
), told AS (
    INSERT INTO outbox (type, body, created_at) SELECT %(event_type)s, %(event)s::json, created_at FROM added
)
INSERT INTO appointment_states (hall, appointment, version, state, by, entered_at)
SELECT hall, id, version, state, %(by)s, created_at FROM added
RETURNING appointment;

-- name: change_appointment
-- Store an appointment in its next state, and its event; a clock that was set back makes no negative stay.
WITH ended AS (
    UPDATE appointment_states SET left_at = greatest(entered_at, %(at)s)
    WHERE hall = %(hall)s AND appointment = %(id)s AND left_at IS NULL RETURNING hall, appointment
), entered AS (
    INSERT INTO appointment_states (hall, appointment, version, state, by, entered_at)
    SELECT hall, appointment, %(version)s, %(state)s, %(by)s, %(at)s FROM ended
), told AS (
    INSERT INTO outbox (type, body, created_at) VALUES (%(event_type)s, %(event)s::json, %(at)s)
)
UPDATE appointments SET state = %(state)s, department = %(department)s, until = %(until)s, slot = %(slot)s, starts_at = %(starts_at)s,
    ends_at = %(ends_at)s, day = %(day)s, booked_at = %(booked_at)s, rescheduled_to = %(rescheduled_to)s,
    arrived_at = %(arrived_at)s, ticket = %(ticket)s::jsonb, warning = %(warning)s, version = %(version)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: find_appointment
-- One appointment.
SELECT * FROM appointment_rows WHERE hall = %(hall)s AND id = %(id)s;

-- name: lock_appointment
-- One appointment, locked.
SELECT * FROM appointment_rows WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: find_reference
-- One appointment by its reference.
SELECT * FROM appointment_rows WHERE hall = %(hall)s AND reference = %(reference)s;

-- name: lock_held
-- Those that hold a place in locked slots and may lose it, never who has come, and some wishes; locked in id order.
SELECT * FROM appointment_rows
WHERE hall = %(hall)s AND (
    slot = ANY(%(slots)s::uuid[]) AND state IN ('held', 'offered', 'booked') AND arrived_at IS NULL
    OR id = ANY(%(wishes)s::uuid[]) AND state = 'waitlisted')
ORDER BY id FOR UPDATE;

-- name: unserved
-- Those who hold a place, from a day on, which their slot does not give: their item is withdrawn by then, done by another
-- department, or none of the slot's. Who has come is served all the same.
SELECT one.* FROM appointment_rows AS one
JOIN slots ON slots.hall = one.hall AND slots.id = one.slot
LEFT JOIN item_periods AS item ON item.hall = one.hall AND item.code = one.item AND one.day >= item.since AND one.day < item.until
LEFT JOIN departments ON departments.hall = slots.hall AND departments.code = slots.department
WHERE one.hall = %(hall)s AND one.state IN ('held', 'offered', 'booked') AND one.day >= %(today)s AND one.arrived_at IS NULL
    AND NOT coalesce(item.state = 'active' AND item.department = slots.department AND departments.offers_three_services
        AND (slots.items = '{}' OR one.item = ANY(slots.items)), false)
ORDER BY one.booked_at, one.id;

-- name: list_wishes
-- Those on the waitlist for days that are not over.
SELECT * FROM appointment_rows WHERE hall = %(hall)s AND state = 'waitlisted' AND wanted_to >= %(today)s ORDER BY id;

-- name: holding
-- Those who hold a place, from a day on, slot by slot, in the order in which they would lose it; who has come does not.
SELECT one.reference, one.day, one.starts_at, one.ends_at, one.item, one.department, one.state, slots.plan,
    one.arrived_at IS NOT NULL AS came
FROM appointments AS one JOIN slots ON slots.hall = one.hall AND slots.id = one.slot
WHERE one.hall = %(hall)s AND one.day >= %(today)s AND one.state IN ('held', 'offered', 'booked')
ORDER BY one.starts_at, slots.plan, came, one.state = 'booked', coalesce(one.booked_at, one.created_at) DESC, one.id;

-- name: begun
-- Those who have not come yet to a slot of a day that has begun.
SELECT * FROM appointment_rows
WHERE hall = %(hall)s AND state IN ('held', 'offered', 'booked') AND day = %(today)s AND starts_at <= %(at)s
    AND arrived_at IS NULL;

-- name: holds_over
-- Holds and offers whose time is over.
SELECT id::text AS id, slot::text AS slot FROM appointments
WHERE hall = %(hall)s AND until <= %(at)s ORDER BY until LIMIT %(limit)s;

-- name: waiting_for_slot
-- Those on the waitlist who could take a place of a slot, the first first.
SELECT wish.* FROM appointment_rows AS wish, LATERAL (
    SELECT department, state FROM item_periods
    WHERE hall = wish.hall AND code = wish.item AND since <= %(day)s AND until > %(day)s OFFSET 0) AS item
WHERE item.state = 'active' AND item.department = %(department)s AND EXISTS (
        SELECT FROM departments WHERE hall = %(hall)s AND code = %(department)s AND offers_three_services)
    AND wish.hall = %(hall)s AND wish.state = 'waitlisted'
    AND (%(items)s::text[] = '{}' OR wish.item = ANY(%(items)s)) AND %(day)s BETWEEN wish.wanted_from AND wish.wanted_to
ORDER BY wish.created_at, wish.id LIMIT 50;

-- name: slots_wished_for
-- Slots with a place for somebody on the waitlist, those of the first first.
SELECT slot_rows.id FROM appointments AS wish
JOIN item_periods AS item ON item.hall = wish.hall AND item.code = wish.item AND item.state = 'active'
JOIN departments ON departments.hall = wish.hall AND departments.code = item.department AND offers_three_services
JOIN slot_rows ON slot_rows.hall = wish.hall
    AND slot_rows.department = item.department AND (slot_rows.items = '{}' OR wish.item = ANY(slot_rows.items))
    AND (slot_rows.starts_at AT TIME ZONE %(zone)s)::date BETWEEN wish.wanted_from AND wish.wanted_to
    AND (slot_rows.starts_at AT TIME ZONE %(zone)s)::date BETWEEN item.since AND item.until - 1
WHERE wish.hall = %(hall)s AND wish.state = 'waitlisted' AND slot_rows.starts_at > %(after)s
    AND has_place(slot_rows, wish.channel)
GROUP BY slot_rows.id ORDER BY min(wish.created_at), slot_rows.id LIMIT %(limit)s;

-- name: not_come
-- Booked appointments of days that are over.
SELECT * FROM appointment_rows
WHERE hall = %(hall)s AND state = 'booked' AND day < %(today)s ORDER BY day, id LIMIT %(limit)s;

-- name: lock_not_come
-- Those of some appointments that are still booked, locked in id order; their slots are locked before.
SELECT * FROM appointment_rows WHERE hall = %(hall)s AND id = ANY(%(ids)s::uuid[]) AND state = 'booked' ORDER BY id FOR UPDATE;

-- name: of_today
-- Those who may check in on a day, whose phone number ends like this.
SELECT * FROM appointment_rows
WHERE hall = %(hall)s AND day = %(today)s AND state IN ('booked', 'checked_in')
    AND right(phone, 4) = %(ending)s
ORDER BY starts_at, id;

-- name: list_appointments
-- Appointments, the newest first, after the one where the last page ended.
SELECT * FROM appointment_rows
WHERE hall = %(hall)s AND (%(phone_hash)s::text IS NULL OR phone_hash = %(phone_hash)s)
    AND (%(date)s::date IS NULL OR day = %(date)s) AND (%(department)s::text IS NULL OR department = %(department)s)
    AND (%(state)s::text IS NULL OR state = %(state)s)
    AND (%(cursor)s::uuid IS NULL OR (created_at, id) < (
        SELECT created_at, id FROM appointments WHERE hall = %(hall)s AND id = %(cursor)s))
ORDER BY created_at DESC, id DESC LIMIT %(limit)s;

-- name: note_access
-- Note who saw a person's data.
INSERT INTO personal_accesses (hall, appointment, by, roles, purpose, at)
VALUES (%(hall)s, %(id)s, %(by)s, %(roles)s, %(purpose)s, %(at)s);

-- name: erase_persons
-- Forget the persons of appointments that ended long ago.
UPDATE appointments SET phone_hash = NULL, name_sealed = NULL, phone_sealed = NULL, name_masked = NULL,
    phone_masked = NULL, erased_at = %(at)s
WHERE (hall, id) IN (
    SELECT hall, id FROM appointments
    WHERE hall = %(hall)s AND erased_at IS NULL AND coalesce(day, wanted_to) < %(before)s
    LIMIT %(limit)s FOR UPDATE SKIP LOCKED);

-- name: sealed_before
-- Appointments whose person is sealed under an older key.
SELECT id::text AS id, name_sealed, phone_sealed FROM appointments
WHERE hall = %(hall)s AND erased_at IS NULL AND NOT starts_with(phone_sealed, %(active)s || ':')
LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- name: seal_again
-- Store a person sealed under the active key.
UPDATE appointments SET name_sealed = %(name_sealed)s, phone_sealed = %(phone_sealed)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: note_arrival
-- Note when somebody came to check in, and by which command.
UPDATE appointments SET arrived_at = %(at)s, arrived_command = %(command_id)s WHERE hall = %(hall)s AND id = %(id)s;

-- name: came_by
-- Did somebody come by this command?
SELECT true AS came FROM appointments
WHERE hall = %(hall)s AND id = %(id)s AND arrived_command = nullif(%(command_id)s, '');

-- name: add_session
-- Store a planned session with its first state.
WITH added AS (
    INSERT INTO sessions (hall, id, department, windows, staff, starts_at, ends_at, state, version)
    VALUES (%(hall)s, %(id)s, %(department)s, %(windows)s, %(staff)s, %(starts_at)s, %(ends_at)s, %(state)s, %(version)s)
    RETURNING hall, id, version, state
)
INSERT INTO session_states (hall, session, version, state, by, entered_at)
SELECT hall, id, version, state, %(by)s, %(at)s FROM added;

-- name: change_session
-- Store a session in its next state; a clock that was set back makes no negative stay.
WITH ended AS (
    UPDATE session_states SET left_at = greatest(entered_at, %(at)s)
    WHERE hall = %(hall)s AND session = %(id)s AND left_at IS NULL RETURNING hall, session
), entered AS (
    INSERT INTO session_states (hall, session, version, state, by, entered_at)
    SELECT hall, session, %(version)s, %(state)s, %(by)s, %(at)s FROM ended
)
UPDATE sessions SET state = %(state)s, opened_at = %(opened_at)s, closed_at = %(closed_at)s, regular = %(regular)s::jsonb,
    version = %(version)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: find_session
-- One session.
SELECT * FROM session_rows WHERE hall = %(hall)s AND id = %(id)s;

-- name: lock_session
-- One session, locked; the ledger is locked before.
SELECT * FROM session_rows WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: list_sessions
-- Sessions that touch a stretch of time, none of which is longer than a session may be.
SELECT * FROM session_rows
WHERE hall = %(hall)s AND starts_at > %(since)s::timestamptz - %(longest)s::interval AND starts_at < %(until)s
    AND ends_at > %(since)s AND (%(department)s::text IS NULL OR department = %(department)s)
ORDER BY starts_at, id;

-- name: sessions_between
-- Sessions of a department that are planned or open and touch a stretch of time, but for one.
SELECT * FROM session_rows
WHERE hall = %(hall)s AND department = %(department)s AND state IN ('planned', 'open') AND id <> %(besides)s
    AND tstzrange(starts_at, ends_at) && tstzrange(%(since)s, %(until)s)
ORDER BY starts_at;

-- name: sessions_due
-- Sessions that are to be opened, and open ones past their plan; those that may close first.
SELECT id FROM sessions
WHERE hall = %(hall)s AND (state = 'planned' AND starts_at <= %(at)s OR state = 'open' AND ends_at <= %(at)s)
ORDER BY state, starts_at;

-- name: sessions_unheld
-- Planned sessions that cannot be held: their department offers none any more, or a window is another's.
SELECT id::text AS id FROM sessions
WHERE hall = %(hall)s AND state = 'planned' AND starts_at > %(at)s AND (
    NOT EXISTS (SELECT FROM departments
        WHERE departments.hall = sessions.hall AND departments.code = sessions.department AND offers_three_services)
    OR EXISTS (SELECT FROM windows
        WHERE windows.hall = sessions.hall AND windows.code = ANY(sessions.windows)
            AND windows.department <> sessions.department))
ORDER BY id;

-- name: closed_since
-- Closed sessions at some windows that were still open at a moment.
SELECT * FROM session_rows
WHERE hall = %(hall)s AND state = 'closed' AND closed_at > %(since)s AND windows && %(windows)s
ORDER BY id;

-- name: keep_signing
-- Note who signed in or out; a repeat changes nothing.
INSERT INTO signings (hall, "window", sequence, clerk, since, until)
VALUES (%(hall)s, %(window)s, %(sequence)s, %(clerk)s, %(since)s, %(until)s)
ON CONFLICT (hall, "window", sequence) DO NOTHING;

-- name: list_signings
-- Who signed in at some windows from a moment on.
SELECT "window", sequence, clerk, since, until FROM signings
WHERE hall = %(hall)s AND "window" = ANY(%(windows)s) AND since >= %(since)s;

-- name: lock_ledger
-- Count overtime one at a time: whoever closes a session sees what was heard, whoever hears sees what is closed.
SELECT pg_advisory_xact_lock(hashtextextended('ledger:' || %(hall)s, 0));

-- name: add_overtime
-- Add to the ledger.
INSERT INTO overtime (hall, id, sequence, session, staff, department, business_date, starts_at, ends_at, minutes, recorded_at)
VALUES (%(hall)s, %(id)s, %(sequence)s, %(session)s, %(staff)s, %(department)s, %(business_date)s, %(starts_at)s, %(ends_at)s,
    %(minutes)s, %(at)s);

-- name: overtime_of_sessions
-- The newest entries of some sessions.
SELECT DISTINCT ON (id) * FROM overtime_rows
WHERE hall = %(hall)s AND session = ANY(%(sessions)s::uuid[]) ORDER BY id, sequence DESC;

-- name: list_overtime
-- The newest entries of some dates.
SELECT * FROM (
    SELECT DISTINCT ON (id) * FROM overtime_rows
    WHERE hall = %(hall)s AND business_date BETWEEN %(since)s AND %(until)s
        AND (%(department)s::text IS NULL OR department = %(department)s) AND (%(staff)s::text IS NULL OR staff = %(staff)s)
    ORDER BY id, sequence DESC
) AS newest ORDER BY business_date, starts_at, staff, id;

-- name: count_copies
-- How much of the catalogue is here, and how many plans wait for their slots.
SELECT (SELECT count(*) FROM items WHERE hall = %(hall)s) AS items,
    (SELECT count(*) FROM slot_plans WHERE hall = %(hall)s AND made_to IS NULL) AS plans_to_make;

-- name: sealed_under
-- Sealed persons by the id of their key.
SELECT split_part(phone_sealed, ':', 1) AS key, count(*) AS rows FROM appointments WHERE phone_sealed IS NOT NULL
GROUP BY 1 ORDER BY 1;

-- name: line_of_moves
-- The first of the appointments that an appointment was moved from, and how often it was moved.
WITH RECURSIVE line AS (
    SELECT id, rescheduled_from, 0 AS moves FROM appointments WHERE hall = %(hall)s AND id = %(id)s
    UNION ALL
    SELECT before.id, before.rescheduled_from, moves + 1
    FROM line JOIN appointments AS before ON before.hall = %(hall)s AND before.id = line.rescheduled_from
)
SELECT id::text AS first, moves FROM line ORDER BY moves DESC LIMIT 1;
