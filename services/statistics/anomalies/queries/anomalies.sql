-- name: try_job
-- Let one copy at a time do a job, as long as its session lasts.
SELECT pg_try_advisory_lock(hashtextextended('job:' || %(job)s, 0)) AS got;

-- name: wait_for_job
-- Wait until nobody else does a job.
SELECT pg_advisory_lock(hashtextextended('job:' || %(job)s, 0));

-- name: add_anomaly
-- Store a finding with its first state; none when it was found before.
WITH added AS (
    INSERT INTO anomalies (hall, id, subject_kind, subject, department, direction, business_date, since, window_days,
        since_hour, observed, expected, lower, upper, chance, score, method, last_year, series, detected_at, seen_on,
        state, version)
    VALUES (%(hall)s, %(id)s, %(subject_kind)s, %(subject)s, %(department)s, %(direction)s, %(business_date)s,
        %(since)s, %(window_days)s, %(since_hour)s, %(observed)s, %(expected)s, %(lower)s, %(upper)s, %(chance)s,
        %(score)s, %(method)s, %(last_year)s, %(series)s::jsonb, %(detected_at)s, %(seen_on)s, %(state)s, %(version)s)
    ON CONFLICT DO NOTHING
    RETURNING hall, id, version, state, detected_at
)
INSERT INTO anomaly_states (hall, anomaly, version, state, entered_at)
SELECT hall, id, version, state, detected_at FROM added;

-- name: anomaly_goes_on
-- Note that the newest finding of something goes on.
UPDATE anomalies SET seen_on = greatest(seen_on, %(day)s)
WHERE (hall, id) = (
    SELECT hall, id FROM anomalies
    WHERE hall = %(hall)s AND subject_kind = %(kind)s AND subject = %(subject)s AND direction = %(direction)s
        AND business_date <= %(day)s
    ORDER BY business_date DESC LIMIT 1);

-- name: lock_anomaly
-- One anomaly, locked.
SELECT * FROM anomalies WHERE hall = %(hall)s AND id = %(id)s FOR UPDATE;

-- name: change_anomaly
-- Store an anomaly in its next state.
WITH ended AS (
    UPDATE anomaly_states SET left_at = greatest(entered_at, %(at)s)
    WHERE hall = %(hall)s AND anomaly = %(id)s AND left_at IS NULL RETURNING hall, anomaly, left_at
), entered AS (
    INSERT INTO anomaly_states (hall, anomaly, version, state, by, entered_at)
    SELECT hall, anomaly, %(version)s, %(state)s, %(by)s, left_at FROM ended
)
UPDATE anomalies SET state = %(state)s, owner = %(owner)s, due_on = %(due_on)s, explanation = %(explanation)s,
    dismissal = %(dismissal)s, outcome = %(outcome)s, version = %(version)s
WHERE hall = %(hall)s AND id = %(id)s;

-- name: list_anomalies
-- Anomalies of some dates after a row, the newest first, with the names of what they are about.
SELECT found.*, item.name AS subject_name, item.name_en AS subject_name_en, owner.name AS department_name,
    owner.name_en AS department_name_en, answers.name AS owner_name, answers.name_en AS owner_name_en
FROM anomalies AS found
LEFT JOIN names AS item ON item.hall = found.hall AND item.kind = found.subject_kind AND item.code = found.subject
LEFT JOIN names AS owner ON owner.hall = found.hall AND owner.kind = 'department' AND owner.code = found.department
LEFT JOIN names AS answers ON answers.hall = found.hall AND answers.kind = 'department' AND answers.code = found.owner
WHERE found.hall = %(hall)s
    AND (%(id)s::uuid IS NULL OR found.id = %(id)s)
    AND (%(since)s::date IS NULL OR business_date >= %(since)s)
    AND (%(until)s::date IS NULL OR business_date <= %(until)s)
    AND (%(state)s::text IS NULL OR state = %(state)s OR %(state)s = 'open' AND state <> 'fed_back')
    AND (%(own)s::text IS NULL OR department = %(own)s OR found.owner = %(own)s OR found.owner = %(account)s)
    AND (%(department)s::text IS NULL OR department = %(department)s)
    AND (%(overdue_on)s::date IS NULL OR (state IN ('detected', 'assigned') AND due_on < %(overdue_on)s))
    AND (%(after_date)s::date IS NULL OR (business_date, id) < (%(after_date)s, %(after_id)s::uuid))
ORDER BY business_date DESC, id DESC
LIMIT %(limit)s;

-- name: anomalies_to_explain
-- What an account, or its department, was given to explain, what is due first.
SELECT found.*, item.name AS subject_name, item.name_en AS subject_name_en, owner.name AS department_name,
    owner.name_en AS department_name_en
FROM anomalies AS found
LEFT JOIN names AS item ON item.hall = found.hall AND item.kind = found.subject_kind AND item.code = found.subject
LEFT JOIN names AS owner ON owner.hall = found.hall AND owner.kind = 'department' AND owner.code = found.department
WHERE found.hall = %(hall)s AND found.state = 'assigned' AND found.owner = ANY(%(owners)s::text[])
ORDER BY found.due_on, found.business_date, found.id LIMIT %(limit)s;

-- name: is_owner
-- Whether an account of the staff that is open, or a department, has this name.
SELECT EXISTS (SELECT FROM staff WHERE hall = %(hall)s AND username = %(owner)s AND active)
    OR EXISTS (SELECT FROM names WHERE hall = %(hall)s AND kind = 'department' AND code = %(owner)s) AS known;

-- name: owners
-- Who may be given a task: all departments, then the accounts of one, and those that belong to none.
SELECT 'department' AS kind, code, name, name_en, code AS department
FROM names WHERE hall = %(hall)s AND kind = 'department'
UNION ALL
SELECT 'account', username, username, username, department
FROM staff
WHERE hall = %(hall)s AND active AND (department IS NULL AND role <> 'kiosk' OR department = %(department)s)
ORDER BY kind DESC, code;

-- name: anomaly_history
-- The states of an anomaly in their order.
SELECT state, by, entered_at, left_at FROM anomaly_states
WHERE hall = %(hall)s AND anomaly = %(id)s ORDER BY version;
