-- name: add_workbook
-- Note a workbook that is about to be sent.
INSERT INTO workbooks (hall, id, file_name, digest, size, dry_run, state, requested_by, requested_at)
VALUES (%(hall)s, %(id)s, %(file_name)s, %(digest)s, %(size)s, %(dry_run)s, 'uploading', %(requested_by)s,
        %(requested_at)s);

-- name: workbook
-- A workbook with all that is told of it.
SELECT hall, id::text, file_name, size, dry_run, state, faults, changes, effects, hall_changed, steps, failure,
       requested_by, requested_at, applied_by, finished_at
FROM workbooks WHERE hall = %(hall)s AND id = %(id)s;

-- name: lock_workbook
-- A workbook, held for a change.
SELECT id::text, state, size, parts, dry_run FROM workbooks WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: add_workbook_part
-- Keep a part of a workbook.
INSERT INTO workbook_parts (hall, workbook, part, content) VALUES (%(hall)s, %(id)s, %(part)s, %(content)s)
ON CONFLICT (hall, workbook, part) DO UPDATE SET content = excluded.content;

-- name: count_workbook_parts
-- How many parts are here, and how many bytes.
SELECT count(*) AS parts, coalesce(sum(octet_length(content)), 0) AS size
FROM workbook_parts WHERE hall = %(hall)s AND workbook = %(id)s;

-- name: workbook_content
-- A workbook as it was sent.
SELECT string_agg(content, ''::bytea ORDER BY part) AS content
FROM workbook_parts WHERE hall = %(hall)s AND workbook = %(id)s;

-- name: drop_workbook_parts
-- Forget a workbook as it was sent.
DELETE FROM workbook_parts WHERE hall = %(hall)s AND workbook = %(id)s;

-- name: check_workbook
-- All of a workbook is here; it is to be checked.
UPDATE workbooks SET state = 'checking', parts = %(parts)s WHERE hall = %(hall)s AND id = %(id)s AND state = 'uploading';

-- name: workbooks_to_do
-- The workbooks that are to be checked or applied, the oldest first.
SELECT hall, id::text, state, dry_run, requested_by, applied_by FROM workbooks WHERE state IN ('checking', 'applying')
ORDER BY requested_at;

-- name: hold_workbook
-- Hold a workbook as long as this session lasts; false when another does.
SELECT pg_try_advisory_lock(hashtextextended('hallflow.workbook ' || %(id)s::uuid, 0)) AS held;

-- name: begin_workbook
-- Note that a workbook is worked on; returns how often that was.
UPDATE workbooks SET attempts = attempts + 1
WHERE hall = %(hall)s AND id = %(id)s AND state IN ('checking', 'applying')
RETURNING attempts;

-- name: workbook_is_sound
-- Nothing is wrong with a workbook: what it says, what it changes and whom that touches.
UPDATE workbooks
SET state = 'checked', attempts = 0, tables = %(tables)s::json, faults = '[]', changes = %(changes)s::json,
    effects = %(effects)s::json
WHERE hall = %(hall)s AND id = %(id)s AND state = 'checking';

-- name: workbook_is_faulty
-- What is wrong with a workbook.
UPDATE workbooks SET state = 'faulty', faults = %(faults)s::json, finished_at = %(at)s
WHERE hall = %(hall)s AND id = %(id)s AND state = 'checking';

-- name: apply_workbook
-- Have a workbook applied that was found sound; no row when it is not, or another is being applied.
UPDATE workbooks SET state = 'applying', applied_by = %(by)s, hall_changed = false
WHERE hall = %(hall)s AND id = %(id)s AND state = 'checked'
    AND NOT EXISTS (SELECT FROM workbooks AS other WHERE other.hall = %(hall)s AND other.state = 'applying')
RETURNING id;

-- name: workbook_to_apply
-- What a workbook says, what it changed when it was looked at, and which steps are done.
SELECT tables, changes, steps FROM workbooks WHERE hall = %(hall)s AND id = %(id)s AND state = 'applying';

-- name: show_workbook_again
-- The hall has changed since somebody looked at what a workbook changes, of which nothing was sent yet.
UPDATE workbooks
SET state = 'checked', attempts = 0, changes = %(changes)s::json, effects = %(effects)s::json, hall_changed = true
WHERE hall = %(hall)s AND id = %(id)s AND state = 'applying';

-- name: workbook_step
-- A step of applying a workbook is done.
UPDATE workbooks SET steps = steps || %(step)s::text
WHERE hall = %(hall)s AND id = %(id)s AND state = 'applying' AND NOT %(step)s = ANY(steps);

-- name: end_workbook
-- A workbook was applied, failed, or was called off; what it says is forgotten.
UPDATE workbooks SET state = %(state)s, failure = %(failure)s, finished_at = %(at)s, tables = NULL
WHERE hall = %(hall)s AND id = %(id)s AND state = ANY(%(of)s)
RETURNING id;

-- name: lapse_workbooks
-- Call off what was sent or checked long ago and never applied.
UPDATE workbooks SET state = 'cancelled', finished_at = %(at)s, tables = NULL
WHERE state IN ('uploading', 'checked') AND requested_at < %(before)s;

-- name: drop_ended_parts
-- Forget the files of workbooks that have ended.
DELETE FROM workbook_parts USING workbooks
WHERE workbooks.hall = workbook_parts.hall AND workbooks.id = workbook AND finished_at IS NOT NULL;
