-- name: keep_departments
-- Keep the newest names of departments, whatever the order.
INSERT INTO departments AS kept (hall, code, name, name_en, sequence)
SELECT DISTINCT ON (hall, code) hall, code, name, name_en, sequence
FROM jsonb_to_recordset(%(rows)s::jsonb) AS heard (hall text, code text, name text, name_en text, sequence bigint)
ORDER BY hall, code, sequence DESC
ON CONFLICT (hall, code) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, sequence = excluded.sequence
WHERE excluded.sequence > kept.sequence;

-- name: departments
-- The departments, by code.
SELECT code, name, name_en FROM departments WHERE hall = %(hall)s ORDER BY code;

-- name: is_department
-- Whether there is a department of this code.
SELECT true FROM departments WHERE hall = %(hall)s AND code = %(department)s;

-- name: copies
-- How many records there are of what others tell.
SELECT count(*) AS departments FROM departments WHERE hall = %(hall)s;

-- name: take_imported
-- Take over rows of a file, unless something newer was heard of them.
WITH heard AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb)
        AS heard (id uuid, department text, kind text, received_on date, note text)
), newest AS (
    INSERT INTO imported_commendations AS known (hall, commendation, sequence)
    SELECT %(hall)s, id, %(sequence)s FROM heard
    ON CONFLICT (hall, commendation) DO UPDATE SET sequence = excluded.sequence
    WHERE excluded.sequence > known.sequence
    RETURNING commendation
)
INSERT INTO commendations (hall, id, department, kind, received_on, note, recorded_by, recorded_at)
SELECT %(hall)s, id, department, kind, received_on, note, %(by)s, %(at)s
FROM heard JOIN newest ON commendation = id
ON CONFLICT (hall, id) DO NOTHING;

-- name: take_imported_back
-- Give up rows of a file, unless something newer was heard of them; what was changed here stays.
WITH newest AS (
    INSERT INTO imported_commendations AS known (hall, commendation, sequence)
    SELECT %(hall)s, id, %(sequence)s FROM unnest(%(ids)s::uuid[]) AS id
    ON CONFLICT (hall, commendation) DO UPDATE SET sequence = excluded.sequence
    WHERE excluded.sequence > known.sequence
    RETURNING commendation
)
DELETE FROM commendations USING newest WHERE hall = %(hall)s AND id = commendation AND version = 1;

-- name: take_over_commendations
-- Take over commendations.
INSERT INTO commendations SELECT * FROM jsonb_populate_recordset(NULL::commendations, %(rows)s::jsonb)
ON CONFLICT (hall, id) DO NOTHING;

-- name: take_over_commendation_changes
-- Take over what commendations were before.
INSERT INTO commendation_changes SELECT * FROM jsonb_populate_recordset(NULL::commendation_changes, %(rows)s::jsonb)
ON CONFLICT (hall, commendation, version) DO NOTHING;

-- name: take_over_assessment_rules
-- Take over rules of the assessment.
INSERT INTO assessment_rules SELECT * FROM jsonb_populate_recordset(NULL::assessment_rules, %(rows)s::jsonb)
ON CONFLICT (hall, code, valid_from) DO NOTHING;

-- name: take_over_awards
-- Take over awards.
INSERT INTO awards SELECT * FROM jsonb_populate_recordset(NULL::awards, %(rows)s::jsonb)
ON CONFLICT (hall, id) DO NOTHING;

-- name: take_over_assessments
-- Take over rankings that are fixed, as they stand.
INSERT INTO assessments SELECT * FROM json_populate_recordset(NULL::assessments, %(rows)s::json)
ON CONFLICT (hall, period) DO NOTHING;

-- name: take_over_meetings
-- Take over meetings, as they stand.
INSERT INTO meetings SELECT * FROM json_populate_recordset(NULL::meetings, %(rows)s::json)
ON CONFLICT (hall, id) DO NOTHING;

-- name: take_over_meeting_actions
-- Take over what was agreed.
INSERT INTO meeting_actions SELECT * FROM jsonb_populate_recordset(NULL::meeting_actions, %(rows)s::jsonb)
ON CONFLICT (hall, id) DO NOTHING;
