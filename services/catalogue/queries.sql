-- name: hall
-- The hall, once it is loaded.
SELECT hall AS code, name, name_en, time_zone, hours_version FROM halls WHERE hall = %(hall)s;

-- name: name_hall
-- Make the hall's row unless it is there.
INSERT INTO halls (hall, name, name_en, time_zone, places_told)
VALUES (%(hall)s, %(name)s, %(name_en)s, %(time_zone)s, true)
ON CONFLICT (hall) DO NOTHING;

-- name: lock_hall
-- Make the hall's row and hold it, so that two loads come one after the other.
INSERT INTO halls (hall, name, name_en, time_zone, places_told)
VALUES (%(hall)s, %(name)s, %(name_en)s, %(time_zone)s, true)
ON CONFLICT (hall) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, time_zone = excluded.time_zone
RETURNING hours_version;

-- name: hold_hall
-- Hold the hall's row as it is.
SELECT hall FROM halls WHERE hall = %(hall)s FOR UPDATE;

-- name: lock_halls_to_tell
-- Hold the halls whose places were published before every service kept them; not those another copy holds.
SELECT hall FROM halls WHERE NOT places_told ORDER BY hall FOR UPDATE SKIP LOCKED;

-- name: mark_places_told
-- A hall's places are told.
UPDATE halls SET places_told = true WHERE hall = %(hall)s;

-- name: departments
-- All departments in the order of the hall's tables.
SELECT code, name, name_en, offers_three_services, position, version
FROM departments WHERE hall = %(hall)s ORDER BY position, code;

-- name: save_department
-- Add or change a department; the version counts what was published.
INSERT INTO departments (hall, code, name, name_en, offers_three_services, position, version)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(offers_three_services)s, %(position)s, %(version)s)
ON CONFLICT (hall, code) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, offers_three_services = excluded.offers_three_services,
    position = excluded.position, version = excluded.version;

-- name: zones
-- All zones in the order of the hall's tables.
SELECT code, name, name_en, position, version FROM zones WHERE hall = %(hall)s ORDER BY position, code;

-- name: save_zone
-- Add or change a zone.
INSERT INTO zones (hall, code, name, name_en, position, version)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(position)s, %(version)s)
ON CONFLICT (hall, code) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, position = excluded.position, version = excluded.version;

-- name: chains
-- All business chains in the order of the hall's tables.
SELECT code, name, name_en, position, version FROM chains WHERE hall = %(hall)s ORDER BY position, code;

-- name: save_chain
-- Add or change a business chain.
INSERT INTO chains (hall, code, name, name_en, position, version)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(position)s, %(version)s)
ON CONFLICT (hall, code) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, position = excluded.position, version = excluded.version;

-- name: queues
-- The queues, of one department or all, in the order of the hall's tables.
SELECT code, prefix, name, name_en, department, zone, max_wait_s, priority_rate, appointment_rate, walk_in_rate,
       position, version
FROM queues
WHERE hall = %(hall)s AND (%(department)s::text IS NULL OR department = %(department)s)
ORDER BY position, code;

-- name: save_queue
-- Add or change a queue.
INSERT INTO queues (hall, code, prefix, name, name_en, department, zone, max_wait_s,
                    priority_rate, appointment_rate, walk_in_rate, position, version)
VALUES (%(hall)s, %(code)s, %(prefix)s, %(name)s, %(name_en)s, %(department)s, %(zone)s, %(max_wait_s)s,
        %(priority_rate)s, %(appointment_rate)s, %(walk_in_rate)s, %(position)s, %(version)s)
ON CONFLICT (hall, code) DO UPDATE
SET prefix = excluded.prefix, name = excluded.name, name_en = excluded.name_en, department = excluded.department,
    zone = excluded.zone, max_wait_s = excluded.max_wait_s, priority_rate = excluded.priority_rate,
    appointment_rate = excluded.appointment_rate, walk_in_rate = excluded.walk_in_rate,
    position = excluded.position, version = excluded.version;

-- name: windows
-- All windows with their queues in order.
SELECT w.code, w.name, w.name_en, w.department, w.zone, w.position, w.version,
       coalesce(array_agg(q.queue ORDER BY q.place) FILTER (WHERE q.queue IS NOT NULL), '{}') AS queues
FROM windows AS w
LEFT JOIN window_queues AS q ON q.hall = w.hall AND q.window_code = w.code
WHERE w.hall = %(hall)s
GROUP BY w.hall, w.code
ORDER BY w.position, w.code;

-- name: save_window
-- Add or change a window.
INSERT INTO windows (hall, code, name, name_en, department, zone, position, version)
VALUES (%(hall)s, %(code)s, %(name)s, %(name_en)s, %(department)s, %(zone)s, %(position)s, %(version)s)
ON CONFLICT (hall, code) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, department = excluded.department, zone = excluded.zone,
    position = excluded.position, version = excluded.version;

-- name: clear_window_queues
-- Take the work profile of windows away, to write it anew.
DELETE FROM window_queues WHERE hall = %(hall)s AND window_code = ANY(%(codes)s);

-- name: add_window_queue
-- One queue of a window's work profile.
INSERT INTO window_queues (hall, window_code, place, queue) VALUES (%(hall)s, %(code)s, %(place)s, %(queue)s);

-- name: search_items
-- Items in order of how well they match (0 is best), then of their code; without a text all match. The long texts stay behind.
SELECT *
FROM (
    SELECT code, name, name_en, department, queue, kind, time_limit_days, service_seconds, chains, state,
           effective_from, revision,
           CASE
               WHEN %(text)s::text IS NULL THEN 0
               WHEN lower(code) = %(text)s THEN 0
               WHEN starts_with(lower(code), %(text)s) THEN 1
               WHEN starts_with(search_name, %(text)s) THEN 2
               WHEN strpos(search_name, %(text)s) > 0 THEN 3
               WHEN starts_with(initials, %(letters)s) THEN 4
               WHEN strpos(initials, %(letters)s) > 0 THEN 5
               WHEN starts_with(pinyin, %(letters)s) THEN 6
               WHEN strpos(pinyin, %(letters)s) > 0 THEN 7
               WHEN strpos(search_name_en, %(text)s) > 0 THEN 8
               WHEN strpos(lower(code), %(text)s) > 0 THEN 9
               WHEN strpos(further, %(letters)s) > 0 THEN 10
           END AS rank
    FROM items
    WHERE hall = %(hall)s
      AND (%(state)s::text IS NULL AND state <> 'announced' OR state = %(state)s)
      AND (%(department)s::text IS NULL OR department = %(department)s)
      AND (%(kind)s::text IS NULL OR kind = %(kind)s)
      AND (%(chain)s::text IS NULL OR %(chain)s = ANY(chains))
) AS found
WHERE rank IS NOT NULL AND (rank, code) > (%(after_rank)s, %(after_code)s)
ORDER BY rank, code
LIMIT %(limit)s;

-- name: item
-- An item as it is today.
SELECT code, name, name_en, department, queue, kind, time_limit_days, service_seconds, chains, guide, guide_en,
       materials, state, effective_from, revision
FROM items WHERE hall = %(hall)s AND code = %(code)s AND state <> 'announced';

-- name: lock_items
-- Hold items for a change; all of the hall when no codes are given.
SELECT code, name, name_en, department, queue, kind, time_limit_days, service_seconds, chains, guide, guide_en,
       materials, state, effective_from, revision, version, next_change_on, loaded
FROM items
WHERE hall = %(hall)s AND (%(codes)s::text[] IS NULL OR code = ANY(%(codes)s))
ORDER BY code
FOR UPDATE;

-- name: item_marks
-- The marks of the rows that items were loaded from.
SELECT code, loaded FROM items WHERE hall = %(hall)s ORDER BY code;

-- name: lock_items_to_spell
-- Hold items whose spellings are those of an earlier version, of any hall; not those another copy holds.
SELECT hall, code, name FROM items WHERE spelled < %(spelling)s ORDER BY hall, code LIMIT %(limit)s
FOR UPDATE SKIP LOCKED;

-- name: spell_item
-- Store how an item's name is typed; nothing else of it changes.
UPDATE items SET pinyin = %(pinyin)s, initials = %(initials)s, further = %(further)s, spelled = %(spelled)s
WHERE hall = %(hall)s AND code = %(code)s;

-- name: lock_items_to_tell
-- Hold items whose course was never told, of any hall; not those another copy holds.
SELECT hall, code FROM items WHERE NOT course_told ORDER BY hall, code LIMIT %(limit)s FOR UPDATE SKIP LOCKED;

-- name: mark_courses_told
-- The courses of items are told.
UPDATE items SET course_told = true WHERE hall = %(hall)s AND code = ANY(%(codes)s) AND NOT course_told;

-- name: lock_due_items
-- Hold the items of which an announced revision takes effect by a day, of any hall; not those another copy holds.
SELECT hall, code FROM items WHERE next_change_on <= %(on)s ORDER BY hall, code FOR UPDATE SKIP LOCKED;

-- name: add_item
-- A new item, announced until its first revision takes effect; no row when the code is taken.
INSERT INTO items (hall, code, state, revision, effective_from, name, name_en, department, queue, kind,
                   time_limit_days, service_seconds, chains, guide, guide_en, materials,
                   search_name, search_name_en, pinyin, initials, further, spelled, next_change_on, loaded)
VALUES (%(hall)s, %(code)s, 'announced', 1, %(effective_from)s, %(name)s, %(name_en)s, %(department)s, %(queue)s,
        %(kind)s, %(time_limit_days)s, %(service_seconds)s, %(chains)s, %(guide)s, %(guide_en)s, %(materials)s,
        %(search_name)s, %(search_name_en)s, %(pinyin)s, %(initials)s, %(further)s, %(spelled)s, %(effective_from)s,
        %(loaded)s)
ON CONFLICT (hall, code) DO NOTHING
RETURNING code;

-- name: save_item
-- What an item is from today on.
UPDATE items
SET state = %(state)s, revision = %(revision)s, effective_from = %(effective_from)s, name = %(name)s,
    name_en = %(name_en)s, department = %(department)s, queue = %(queue)s, kind = %(kind)s,
    time_limit_days = %(time_limit_days)s, service_seconds = %(service_seconds)s, chains = %(chains)s,
    guide = %(guide)s, guide_en = %(guide_en)s, materials = %(materials)s, search_name = %(search_name)s,
    search_name_en = %(search_name_en)s, pinyin = %(pinyin)s, initials = %(initials)s, further = %(further)s,
    spelled = %(spelled)s, version = %(version)s,
    next_change_on = %(next_change_on)s
WHERE hall = %(hall)s AND code = %(code)s;

-- name: save_next_change
-- When the next announced revision of an item takes effect.
UPDATE items SET next_change_on = %(next_change_on)s WHERE hall = %(hall)s AND code = %(code)s;

-- name: save_loaded
-- Mark of the row of the hall's tables that an item was loaded from.
UPDATE items SET loaded = %(loaded)s WHERE hall = %(hall)s AND code = %(code)s;

-- name: add_revision
-- Record a change of an item.
INSERT INTO item_revisions (hall, item, revision, action, effective_from, recorded_at, recorded_by, reason,
                            changes, before)
VALUES (%(hall)s, %(item)s, %(revision)s, %(action)s, %(effective_from)s, %(recorded_at)s, %(recorded_by)s,
        %(reason)s, %(changes)s::json, %(before)s::json);

-- name: revisions_of
-- The revisions of items.
SELECT item, revision, action, effective_from, changes
FROM item_revisions WHERE hall = %(hall)s AND item = ANY(%(codes)s) ORDER BY item, revision;

-- name: revisions
-- Revisions that take effect in a period, of one item or all, the newest first.
SELECT r.item, i.name, i.name_en, i.department, r.revision, r.action, r.effective_from, r.recorded_at, r.recorded_by,
       r.reason, r.changes, r.before, r.position
FROM item_revisions AS r
JOIN items AS i ON i.hall = r.hall AND i.code = r.item
WHERE r.hall = %(hall)s
  AND (%(item)s::text IS NULL OR r.item = %(item)s)
  AND r.effective_from BETWEEN %(first)s AND %(last)s
  AND (r.effective_from, r.position) < (%(before_day)s, %(before_position)s)
ORDER BY r.effective_from DESC, r.position DESC
LIMIT %(limit)s;

-- name: hours
-- The opening hours of a hall; an empty department is the whole hall.
SELECT nullif(department, '') AS department, weekday, opens, closes, break_starts, break_ends
FROM opening_hours WHERE hall = %(hall)s ORDER BY opening_hours.department, weekday;

-- name: clear_hours
-- Take the opening hours away, to write them anew.
DELETE FROM opening_hours WHERE hall = %(hall)s;

-- name: add_hours
-- The opening hours of a weekday.
INSERT INTO opening_hours (hall, department, weekday, opens, closes, break_starts, break_ends)
VALUES (%(hall)s, coalesce(%(department)s, ''), %(weekday)s, %(opens)s, %(closes)s, %(break_starts)s,
        %(break_ends)s);

-- name: next_hours_version
-- Count a publication of the opening hours.
UPDATE halls SET hours_version = hours_version + 1 WHERE hall = %(hall)s RETURNING hours_version;

-- name: calendar
-- All days that differ from the plain rule of working days.
SELECT day, working, name FROM calendar_days WHERE hall = %(hall)s ORDER BY day;

-- name: calendar_day
-- What the calendar says of a day.
SELECT day, working, name FROM calendar_days WHERE hall = %(hall)s AND day = %(day)s;

-- name: next_calendar_version
-- Count a publication of a year.
INSERT INTO calendar_years (hall, year, version, told) VALUES (%(hall)s, %(year)s, 1, true)
ON CONFLICT (hall, year) DO UPDATE SET version = calendar_years.version + 1, told = true
RETURNING version;

-- name: lock_years_to_tell
-- Hold the years that were published before every service kept them, of any hall; not those another copy holds.
SELECT hall, year, version FROM calendar_years WHERE NOT told ORDER BY hall, year FOR UPDATE SKIP LOCKED;

-- name: mark_year_told
-- A year is told.
UPDATE calendar_years SET told = true WHERE hall = %(hall)s AND year = %(year)s;

-- name: clear_year
-- Take the days of a year away, to write them anew.
DELETE FROM calendar_days WHERE hall = %(hall)s AND year = %(year)s;

-- name: add_calendar_day
-- A day that differs from the plain rule.
INSERT INTO calendar_days (hall, day, year, working, name)
VALUES (%(hall)s, %(day)s, %(year)s, %(working)s, %(name)s);
